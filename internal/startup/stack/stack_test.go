package stack

import "testing"

// TestOnStack: the frame is on the stack, which it is there to make grow.
func TestOnStack(t *testing.T) {
	if n := testing.AllocsPerRun(10, func() { grow(true) }); n != 0 {
		t.Errorf("the frame is allocated: %v times", n)
	}
}
