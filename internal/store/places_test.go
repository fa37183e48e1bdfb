package store

import "testing"

func TestPlaces(t *testing.T) {
	var p Places
	first, ok := p.Enter("a", 2)
	if !ok {
		t.Fatal("the first found no place")
	}
	second, ok := p.Enter("a", 2)
	if !ok {
		t.Fatal("the second found no place")
	}
	if _, ok := p.Enter("a", 2); ok {
		t.Fatal("a third found a place")
	}
	if _, ok := p.Enter("b", 1); !ok {
		t.Fatal("another key has no places of its own")
	}
	first()
	third, ok := p.Enter("a", 2)
	if !ok {
		t.Fatal("the place that was given back is not free")
	}
	second()
	third()
	if n := len(p.inside); n != 1 {
		t.Fatalf("%d keys are kept, want that of b alone", n)
	}
}
