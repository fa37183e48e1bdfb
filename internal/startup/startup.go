// Package startup lays the heap out for a quick start and for few collections. What packages
// initialise and what a start reads stays, so collecting in between finds next to nothing,
// and cost a start a fifth of its time; it lies in huge pages where there are any. See package
// stack, too.
//
// A program imports it for its effect. It imports next to nothing itself, so that Go
// initialises it before the packages that allocate. It leaves the collector alone where the
// user has set GOGC to another value than Go's own; GOMEMLIMIT holds in any case.
package startup

import (
	"runtime"
	"runtime/debug"

	_ "github.com/apimulator/apimulator/internal/startup/stack" // for its effect
)

const (
	// usual is Go's own GOGC.
	usual = 100
	// first is GOGC until the first collection, which begins at 4 MB times GOGC / 100: a
	// start of a usual service ends before, and one that doesn't, or a command with more
	// to do, goes on from there as any Go program.
	first = 1000
	// reserved counts as memory in use, and is none, as nobody touches it. A gateway's own
	// comes to 2 MB, and would be collected each time as much again has been used: a tenth of
	// the work under load.
	reserved = 4 << 20
)

var reserve []byte // nil where the user has set GOGC

// A sentinel is reachable for nobody: the first collection finds it. The pointer gives it
// memory of its own.
type sentinel struct{ _ *byte }

func init() {
	if before := debug.SetGCPercent(first); before == usual {
		runtime.AddCleanup(new(sentinel), func(percent int) { debug.SetGCPercent(percent) }, usual)
		reserve = make([]byte, reserved)
	} else {
		debug.SetGCPercent(before)
	}
	useHugePages() // last: the heap goes on in them
}

// Done gives memory that only the start needed back to the system. It takes some
// milliseconds of one core, so it is for a moment when nobody waits.
func Done() { debug.FreeOSMemory() }
