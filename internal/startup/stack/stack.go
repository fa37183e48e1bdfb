// Package stack gives the goroutine that initialises packages and then runs main a stack of
// the size that it comes to. A stack that grows is copied each time it doubles, which took a
// start a twentieth of its time.
//
// It imports nothing, so that Go initialises it before the packages that go deep.
package stack

func init() { grow(false) }

// grow needs a stack that is large enough for a frame of 256 kB, and touches its memory only if
// used is set.
//
//go:noinline
func grow(used bool) {
	if used {
		var frame [256 << 10]byte
		touch(&frame)
	}
}

//go:noinline
func touch(*[256 << 10]byte) {}
