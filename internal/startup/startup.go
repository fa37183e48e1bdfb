// Package startup keeps the garbage collector out of a program's start, and gives the start
// a stack of the size it comes to. What packages initialise and what a start reads stays, so
// collecting in between finds next to nothing, and cost a start a fifth of its time; and a
// stack that grows is copied each time that it doubles, which took a twentieth.
//
// A program imports it for its effect. It imports next to nothing itself, so that Go
// initialises it before the packages that allocate. It does nothing where the user has
// set GOGC to another value than Go's own; GOMEMLIMIT holds in any case.
package startup

import (
	"runtime"
	"runtime/debug"
)

const (
	// usual is Go's own GOGC.
	usual = 100
	// first is GOGC until the first collection, which begins at 4 MB times GOGC / 100: a
	// start of a usual service ends before, and one that doesn't, or a command with more
	// to do, goes on from there as any Go program.
	first = 1000
)

// A sentinel is reachable for nobody: the first collection finds it. The pointer gives it
// memory of its own.
type sentinel struct{ _ *byte }

func init() {
	grow(false)
	if before := debug.SetGCPercent(first); before != usual {
		debug.SetGCPercent(before)
		return
	}
	runtime.AddCleanup(new(sentinel), func(percent int) { debug.SetGCPercent(percent) }, usual)
}

// grow makes the stack of the goroutine that initialises packages and runs main large enough
// for a frame that it has only if used is set: so its memory is not touched.
//
//go:noinline
func grow(used bool) {
	if used {
		var frame [64 << 10]byte
		touch(&frame)
	}
}

//go:noinline
func touch(*[64 << 10]byte) {}

// Done gives memory that only the start needed back to the system. It takes some
// milliseconds of one core, so it is for a moment when nobody waits.
func Done() { debug.FreeOSMemory() }
