package store

import "sync"

// Places counts how many are inside of what has room for a bounded number. The
// zero value is ready.
type Places struct {
	mu     sync.Mutex
	inside map[string]int
}

// Enter takes a place under key if fewer than most are taken. Leave gives it
// back; it must be called once.
func (p *Places) Enter(key string, most int) (leave func(), ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.inside[key] >= most {
		return nil, false
	}
	if p.inside == nil {
		p.inside = make(map[string]int)
	}
	p.inside[key]++
	return func() { p.leave(key) }, true
}

func (p *Places) leave(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.inside[key]--; p.inside[key] == 0 {
		delete(p.inside, key)
	}
}
