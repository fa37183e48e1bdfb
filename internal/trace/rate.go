package trace

import (
	"sync"
	"time"
)

// rate counts the requests of a second. The zero value is ready.
type rate struct {
	mu     sync.Mutex
	second int64
	count  int
	missed int // since somebody took them
}

// admits reports whether no more than most requests came within now's second; it counts
// this one.
func (r *rate) admits(now time.Time, most int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if second := now.Unix(); second != r.second {
		r.second, r.count = second, 0
	}
	if r.count >= most {
		r.missed++
		return false
	}
	r.count++
	return true
}

// take is how many were not admitted since the last call.
func (r *rate) take() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	missed := r.missed
	r.missed = 0
	return missed
}
