package store

import (
	"context"
	"sync"
)

// Background runs what requests leave behind, so many at a time. Make one with
// [NewBackground].
type Background struct {
	context context.Context
	cancel  context.CancelFunc
	places  chan struct{}

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// NewBackground makes a place for most functions at a time.
func NewBackground(most int) *Background {
	ctx, cancel := context.WithCancel(context.Background())
	return &Background{context: ctx, cancel: cancel, places: make(chan struct{}, most)}
}

// Go is part of policy.Background. Nothing begins any more once Close was called.
func (b *Background) Go(f func(ctx context.Context)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	select {
	case b.places <- struct{}{}:
	default:
		return false
	}
	b.running.Go(func() {
		defer func() { <-b.places }()
		f(b.context)
	})
	return true
}

// Close waits for what runs until ctx ends, and breaks off the rest, which is the
// error. Nothing is left running.
func (b *Background) Close(ctx context.Context) error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		b.running.Wait()
		close(ended)
	}()
	var err error
	select {
	case <-ended:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	b.cancel()
	<-ended
	return err
}
