package policy

import "context"

// Background runs what a request does not wait for.
type Background interface {
	// Go has f run beside the request, which it outlives: what f needs of the exchange
	// it has copied before. Its context ends when the gateway does. False says that f
	// does not run, because too much does already.
	Go(f func(ctx context.Context)) bool
}
