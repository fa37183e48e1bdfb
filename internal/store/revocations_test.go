package store

import (
	"crypto/x509"
	"fmt"
	"sync"
	"testing"
)

func TestRevocations(t *testing.T) {
	var r Revocations
	if r.List("a") != nil {
		t.Fatal("a list is there that nobody kept")
	}
	first, second := &x509.RevocationList{}, &x509.RevocationList{}
	r.Keep("a", first)
	r.Keep("a", second)
	if r.List("a") != second {
		t.Error("the later list does not replace the earlier")
	}
	var all sync.WaitGroup
	for i := range 4 * maxRevocationLists {
		all.Go(func() { r.Keep(fmt.Sprint(i), first) })
	}
	all.Wait()
	if n := len(r.lists); n != maxRevocationLists {
		t.Errorf("%d lists are kept, want %d", n, maxRevocationLists)
	}
	r.Keep("new", second)
	if r.List("new") != second {
		t.Error("a list finds no place when all are taken")
	}
}
