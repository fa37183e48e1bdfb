package part

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

func someStored() *Stored {
	return &Stored{
		Status: 203, Reason: "Fine", At: time.Unix(0, 1767268800123456789), Life: 90 * time.Second,
		Fields: []exchange.Field{{Name: "A", Value: "b"}, {Name: "Empty"}, {Name: "A", Value: "c"}}, Body: []byte("body\x00"),
	}
}

func TestStored(t *testing.T) {
	want := someStored()
	got, ok := ReadStored(want.Bytes())
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, ok, want)
	}
	for i := range len(want.Bytes()) - len(want.Body) {
		if _, ok := ReadStored(want.Bytes()[:i]); ok {
			t.Errorf("the first %d bytes are taken for a response", i)
		}
	}
}

func FuzzReadStored(f *testing.F) {
	f.Add(someStored().Bytes())
	f.Add([]byte{storedFormat})
	f.Fuzz(func(t *testing.T, data []byte) {
		s, ok := ReadStored(data)
		if !ok {
			return
		}
		again, ok := ReadStored(s.Bytes())
		if !ok || !bytes.Equal(again.Bytes(), s.Bytes()) {
			t.Errorf("%x is %+v, and that is %+v", data, s, again)
		}
	})
}
