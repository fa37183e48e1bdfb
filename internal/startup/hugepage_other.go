//go:build !linux

package startup

// useHugePages does nothing: the system decides.
func useHugePages() {}
