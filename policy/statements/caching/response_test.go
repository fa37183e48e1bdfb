package caching

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

func someStored() *stored {
	return &stored{
		status: 203, reason: "Fine", at: time.Unix(0, 1767268800123456789), life: 90 * time.Second,
		fields: []exchange.Field{{Name: "A", Value: "b"}, {Name: "Empty"}, {Name: "A", Value: "c"}}, body: []byte("body\x00"),
	}
}

func TestStored(t *testing.T) {
	want := someStored()
	got, ok := readStored(want.bytes())
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, ok, want)
	}
	for i := range len(want.bytes()) - len(want.body) {
		if _, ok := readStored(want.bytes()[:i]); ok {
			t.Errorf("the first %d bytes are taken for a response", i)
		}
	}
}

func FuzzReadStored(f *testing.F) {
	f.Add(someStored().bytes())
	f.Add([]byte{storedFormat})
	f.Fuzz(func(t *testing.T, data []byte) {
		s, ok := readStored(data)
		if !ok {
			return
		}
		again, ok := readStored(s.bytes())
		if !ok || !bytes.Equal(again.bytes(), s.bytes()) {
			t.Errorf("%x is %+v, and that is %+v", data, s, again)
		}
	})
}
