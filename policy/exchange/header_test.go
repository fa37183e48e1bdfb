package exchange

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func showHeader(h *Header) string {
	var lines []string
	for name, value := range h.All() {
		lines = append(lines, name+"="+value)
	}
	return strings.Join(lines, " ")
}

func sample() Header {
	return NewHeader(Field{"A", "1"}, Field{"b", "2"}, Field{"a", "3"}, Field{"C", "4"}, Field{"A", "5"})
}

func TestHeaderChanges(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(h *Header)
		want   string
	}{
		{"add", func(h *Header) { h.Add("a", "6") }, "A=1 b=2 a=3 C=4 A=5 a=6"},
		{"set one, at the first's place", func(h *Header) { h.Set("a", "x") }, "a=x b=2 C=4"},
		{"set several", func(h *Header) { h.Set("a", "x", "y", "z") }, "a=x a=y a=z b=2 C=4"},
		{"set none", func(h *Header) { h.Set("A") }, "b=2 C=4"},
		{"set what stands once", func(h *Header) { h.Set("B", "x") }, "A=1 B=x a=3 C=4 A=5"},
		{"set what is not there", func(h *Header) { h.Set("d", "x", "y") }, "A=1 b=2 a=3 C=4 A=5 d=x d=y"},
		{"set none of what is not there", func(h *Header) { h.Set("d") }, "A=1 b=2 a=3 C=4 A=5"},
		{"delete", func(h *Header) { h.Del("a") }, "b=2 C=4"},
		{"delete what is not there", func(h *Header) { h.Del("d") }, "A=1 b=2 a=3 C=4 A=5"},
		{"reset", (*Header).Reset, ""},
	} {
		h := sample()
		c.change(&h)
		if got := showHeader(&h); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if got := len(strings.Fields(c.want)); h.Len() != got {
			t.Errorf("%s: Len is %d, want %d", c.name, h.Len(), got)
		}
	}
}

func TestHeaderLookup(t *testing.T) {
	h := sample()
	if v, ok := h.Get("a"); v != "1" || !ok {
		t.Errorf("Get(a) = %q, %v", v, ok)
	}
	if v, ok := h.Get("d"); v != "" || ok {
		t.Errorf("Get(d) = %q, %v", v, ok)
	}
	if got := h.Values("A"); !slices.Equal(got, []string{"1", "3", "5"}) {
		t.Errorf("Values(A) = %q", got)
	}
	if got := h.Values("d"); got != nil {
		t.Errorf("Values(d) = %q", got)
	}
	if !h.Has("c") || h.Has("") || h.Has("AA") {
		t.Errorf("Has: c %v, empty %v, AA %v", h.Has("c"), h.Has(""), h.Has("AA"))
	}
	for range h.All() {
		break // an iterator may be left early
	}
}

func TestHeaderCloneSharesNothing(t *testing.T) {
	h := sample()
	clone := h.Clone()
	clone.Set("A", "x")
	clone.Add("d", "y")
	if got, want := showHeader(&h), "A=1 b=2 a=3 C=4 A=5"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The zero values are ready.
func TestZeroValues(t *testing.T) {
	var h Header
	h.Set("a", "1")
	var v Variables
	v.Set("x", 1)
	v.Set("y", nil)
	v.Set("x", 2)
	v.Set("X", 3)
	var all []string
	for name, value := range v.All() {
		all = append(all, fmt.Sprint(name, "=", value))
	}
	if got, want := strings.Join(all, " "), "x=2 y=<nil> X=3"; got != want || v.Len() != 3 {
		t.Errorf("variables: got %s, want %s", got, want)
	}
	if value, ok := v.Get("y"); value != nil || !ok {
		t.Errorf("y: got %v, %v", value, ok)
	}
	if _, ok := v.Get("z"); ok {
		t.Error("z was never set")
	}
	for range v.All() {
		break
	}
}
