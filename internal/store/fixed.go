package store

import (
	"time"

	"github.com/apimulator/apimulator/policy"
)

// fixed counts in windows whose bounds the calendar says.
type fixed struct {
	start, end time.Time
	used       int64
}

// at begins a new window if c's is a later one. One who comes late with an earlier window
// counts in that which is now.
func (f *fixed) at(_ time.Time, c *policy.Counter) int64 {
	if c.Start.After(f.start) {
		f.used = 0
	}
	if !c.Start.Before(f.start) {
		f.start, f.end = c.Start, c.End
	}
	return f.used
}

func (f *fixed) add(_ time.Time, _ *policy.Counter, n int64) int64 {
	f.used = max(f.used+n, 0)
	return f.used
}

func (f *fixed) wait(now time.Time, _ *policy.Counter, _ int64) time.Duration {
	if f.end.IsZero() {
		return 0
	}
	return f.end.Sub(now)
}

func (f *fixed) set(_ time.Time, n int64) { f.used = n }

func (f *fixed) ends() time.Time { return f.end }
