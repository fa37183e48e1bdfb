package testrun

import (
	"fmt"
	"strings"
)

// counters holds the counters of limits against expectations, once a step has been done.
func (j *judge) counters(want []counterExpect) {
	if len(want) == 0 {
		return
	}
	all := j.world.counters.Snapshot(j.world.clock.Now())
	for i := range want {
		e := &want[i]
		found := false
		var others []string
		for _, c := range all {
			if c.Statement != e.Statement.Value || e.Key.Value != c.Key || e.Unit.Value != "" && e.Unit.Value != c.Unit {
				others = append(others, fmt.Sprintf("%s, key %q: %d %s", c.Statement, c.Key, c.Used, c.Unit))
				continue
			}
			found = true
			if c.Used != int64(e.Value) {
				j.failf(e.Place, "counter of %s, key %q: expected %d %s, got %d", c.Statement, c.Key, e.Value, c.Unit, c.Used)
			}
		}
		if !found && e.Value != 0 {
			j.fail(e.Place, fmt.Sprintf("counter of %s, key %q: expected %d, there is none", e.Statement.Value, e.Key.Value, e.Value), shown("+ ", strings.Join(others, "\n"))...)
		}
	}
}

// setCounters makes counters stand at values.
func (w *World) setCounters(all []counterExpect) {
	for _, c := range all {
		w.counters.Set(w.clock.Now(), c.Statement.Value, c.Key.Value, c.Unit.Value, int64(c.Value))
	}
}
