//go:build race

package console

// raced says that the race detector watches, which makes everything slow.
const raced = true
