package entra

import (
	"fmt"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

func TestTickets(t *testing.T) {
	clock := exchange.NewVirtualClock(start)
	s := newTickets[int](clock, time.Minute, 3)
	a := s.issue(1)
	check := func(what, name string, wantValue int, want ticketState) {
		t.Helper()
		if value, _, state := s.get(name); value != wantValue || state != want {
			t.Errorf("%s: got %d, state %d; want %d, state %d", what, value, state, wantValue, want)
		}
	}
	check("new", a, 1, ticketValid)
	check("unknown", "x", 0, ticketUnknown)
	clock.Advance(time.Minute)
	check("expired", a, 1, ticketExpired)
	clock.Advance(time.Minute)
	b := s.issue(2)
	check("long expired, swept", a, 0, ticketUnknown)
	if value, state := s.take(b); value != 2 || state != ticketValid {
		t.Errorf("take: %d, state %d", value, state)
	}
	check("taken", b, 0, ticketUnknown)

	for i := range 5 {
		s.put(fmt.Sprint("n", i), i)
	}
	check("oldest beyond the limit", "n1", 0, ticketUnknown)
	check("third newest", "n2", 2, ticketValid)
	s.put("n3", 30)
	check("replaced", "n3", 30, ticketValid)
	check("still there", "n2", 2, ticketValid)
	if s.oldest.Len() != len(s.byHash) || len(s.byHash) != 3 {
		t.Errorf("%d in the list, %d in the map, want 3", s.oldest.Len(), len(s.byHash))
	}
}
