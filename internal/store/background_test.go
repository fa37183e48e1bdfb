package store

import (
	"context"
	"errors"
	"testing"
)

func TestBackground(t *testing.T) {
	b := NewBackground(2)
	release := make(chan struct{})
	done := make(chan string, 2)
	for _, name := range []string{"first", "second"} {
		if !b.Go(func(context.Context) { <-release; done <- name }) {
			t.Fatalf("the %s finds no place", name)
		}
	}
	if b.Go(func(context.Context) {}) {
		t.Error("a third finds a place")
	}
	close(release)
	if err := b.Close(context.Background()); err != nil || len(done) != 2 {
		t.Errorf("%d ended, %v", len(done), err)
	}
	if b.Go(func(context.Context) {}) {
		t.Error("something begins after Close")
	}
}

// What does not end in time is broken off.
func TestBackgroundBrokenOff(t *testing.T) {
	b := NewBackground(1)
	var cause error
	b.Go(func(ctx context.Context) {
		<-ctx.Done()
		cause = ctx.Err()
	})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := b.Close(ctx); !errors.Is(err, context.Canceled) || cause == nil {
		t.Errorf("got %v, and the function %v", err, cause)
	}
}
