package store

import (
	"time"

	"github.com/apimulator/apimulator/policy"
)

// sliding is a log of what was counted when. Up to exactEntries the times are exact. Above,
// what was counted within a small part of the window is taken together, at the time of the
// latest: it is forgotten a little late, never early, so that no window ever has more than
// its limit.
type sliding struct {
	base    time.Time // what times count from
	entries []entry   // in the order of time
	total   int64
	began   time.Duration // of the first that the last entry took together
	longest time.Duration // of the windows it was asked for
}

type entry struct {
	at time.Duration
	n  int64
}

const (
	exactEntries = 256
	// parts of the window are what is taken together above; so there are never more
	// than exactEntries+parts+1 entries.
	parts = 512
)

// when is now as the log has it: it never goes back.
func (s *sliding) when(now time.Time) time.Duration {
	at := now.Sub(s.base)
	if last := len(s.entries) - 1; last >= 0 && at < s.entries[last].at {
		at = s.entries[last].at
	}
	return at
}

func (s *sliding) at(now time.Time, c *policy.Counter) int64 {
	at := s.when(now)
	s.longest = max(s.longest, c.Length)
	old := 0
	for old < len(s.entries) && s.entries[old].at+s.longest <= at {
		s.total -= s.entries[old].n
		old++
	}
	if old > 0 {
		s.entries = s.entries[:copy(s.entries, s.entries[old:])]
	}
	used := s.total
	for i := 0; i < len(s.entries) && s.entries[i].at+c.Length <= at; i++ {
		used -= s.entries[i].n
	}
	return used
}

func (s *sliding) add(now time.Time, c *policy.Counter, n int64) int64 {
	at := s.when(now)
	switch last := len(s.entries) - 1; {
	case n < 0:
		s.remove(-n)
	case n == 0:
	case last >= 0 && (s.entries[last].at == at || last >= exactEntries && at-s.began < s.longest/parts):
		s.entries[last].at = at
		s.entries[last].n += n
		s.total += n
	default:
		s.entries = append(s.entries, entry{at, n})
		s.total += n
		s.began = at
	}
	return s.at(now, c)
}

// remove takes n back from the latest.
func (s *sliding) remove(n int64) {
	for last := len(s.entries) - 1; last >= 0 && n > 0; last-- {
		part := min(n, s.entries[last].n)
		s.entries[last].n -= part
		s.total -= part
		if n -= part; s.entries[last].n == 0 {
			s.entries = s.entries[:last]
			if last > 0 {
				s.began = s.entries[last-1].at
			}
		}
	}
}

func (s *sliding) wait(now time.Time, c *policy.Counter, n int64) time.Duration {
	at := s.when(now)
	used := s.at(now, c)
	for _, e := range s.entries {
		if e.at+c.Length <= at {
			continue // forgotten in this window
		}
		if used -= e.n; used+n <= c.Limit {
			return e.at + c.Length - at
		}
	}
	return 0
}

func (s *sliding) set(now time.Time, n int64) {
	s.entries, s.total = s.entries[:0], 0
	if n > 0 {
		at := s.when(now)
		s.entries, s.total, s.began = append(s.entries, entry{at, n}), n, at
	}
}

func (s *sliding) ends() time.Time {
	if len(s.entries) == 0 {
		return s.base.Add(1) // nothing is kept
	}
	return s.base.Add(s.entries[len(s.entries)-1].at + s.longest)
}
