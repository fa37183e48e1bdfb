// Package stack gives the goroutine that initialises packages and then runs main a stack of
// the size that it comes to. A stack that grows is copied each time it doubles, which took a
// start a twentieth of its time.
//
// It imports nothing, so that Go initialises it before the packages that go deep.
package stack

// depth is how much a start comes to, nearly. The stack is the next power of two.
const depth = 96 << 10

func init() { grow(false) }

// grow needs a stack that is large enough for a frame of that size, and touches its memory
// only if used is set.
//
//go:noinline
func grow(used bool) {
	if used {
		var frame [depth]byte // one of more than 128 kB would be on the heap
		touch(&frame)
	}
}

//go:noinline
func touch(*[depth]byte) {}
