package dotnet

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

func TestNewGuid(t *testing.T) {
	g, err := NewGuid(bytes.NewReader(bytes.Repeat([]byte{0xFF}, 16)))
	if want := "ffffffff-ffff-4fff-bfff-ffffffffffff"; err != nil || g.String() != want {
		t.Errorf("of ones: got %s, %v, want %s", g, err, want)
	}
	g, err = NewGuid(bytes.NewReader(make([]byte, 16)))
	if want := "00000000-0000-4000-8000-000000000000"; err != nil || g.String() != want {
		t.Errorf("of zeros: got %s, %v, want %s", g, err, want)
	}
}

func TestNewGuidNeedsRandomness(t *testing.T) {
	broken := errors.New("no entropy")
	if _, err := NewGuid(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	if _, err := NewGuid(bytes.NewReader(make([]byte, 15))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("of 15 bytes: got %v, want %v", err, io.ErrUnexpectedEOF)
	}
}
