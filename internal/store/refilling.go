package store

import (
	"time"

	"github.com/apimulator/apimulator/policy"
)

// refilling counts in windows that follow each other from the first that was counted. The
// end of each takes the limit off what was counted; so what was too much in one is a debt
// of the next (observed.md 3.9).
type refilling struct {
	start  time.Time
	used   int64
	limit  int64
	length time.Duration
}

func (f *refilling) at(now time.Time, c *policy.Counter) int64 {
	f.limit, f.length = max(c.Limit, 1), max(c.Length, 1)
	passed := int64(now.Sub(f.start) / f.length)
	switch {
	case f.used == 0:
		f.start = now
	case passed <= 0:
	case passed >= f.windows():
		f.start, f.used = now, 0
	default:
		f.used -= passed * f.limit
		f.start = f.start.Add(time.Duration(passed) * f.length)
	}
	return f.used
}

// windows is how many have to end until all is forgotten.
func (f *refilling) windows() int64 { return (f.used + f.limit - 1) / f.limit }

func (f *refilling) add(_ time.Time, _ *policy.Counter, n int64) int64 {
	f.used = max(f.used+n, 0)
	return f.used
}

func (f *refilling) wait(now time.Time, _ *policy.Counter, n int64) time.Duration {
	windows := (f.used + n - 1) / f.limit // so many ends leave at most limit-n
	return f.start.Add(time.Duration(windows) * f.length).Sub(now)
}

func (f *refilling) set(now time.Time, n int64) { f.start, f.used = now, n }

func (f *refilling) ends() time.Time {
	if f.used == 0 || f.limit == 0 {
		return f.start.Add(1)
	}
	return f.start.Add(time.Duration(f.windows()) * f.length)
}
