//go:build !linux

package startup

// useHugePage does nothing: the system decides.
func useHugePage() {}
