package console

import "sync"

// Reloads tells the page when the service has been read again. The zero value is ready.
type Reloads struct {
	mu         sync.Mutex
	generation int
	fault      string
	changed    chan struct{}
}

// Done says that the service has been read again; fault is why the one before stays.
func (l *Reloads) Done(fault error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.generation++
	l.fault = ""
	if fault != nil {
		l.fault = fault.Error()
	}
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// State is how often the service has been read again, why the last try failed if it did,
// and what is closed when there is news.
func (l *Reloads) State() (generation int, fault string, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.generation, l.fault, l.changed
}
