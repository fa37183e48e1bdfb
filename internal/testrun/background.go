package testrun

import "context"

// background keeps what a request leaves behind until the world settles, so that a test
// goes the same way each time.
type background struct{ world *World }

// Go is part of policy.Background.
func (b background) Go(f func(ctx context.Context)) bool {
	w := b.world
	w.mu.Lock()
	defer w.mu.Unlock()
	w.later = append(w.later, func() { f(w.context) })
	return true
}

// takeLater takes what is left in the background.
func (w *World) takeLater() []func() {
	w.mu.Lock()
	defer w.mu.Unlock()
	later := w.later
	w.later = nil
	return later
}
