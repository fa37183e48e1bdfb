package entra

import (
	"container/list"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// tickets keeps what was handed out against a random name: codes, refresh tokens,
// sign-in pages. It forgets the oldest when there are more than limit, and keeps an
// expired one as long again, so that its holder hears that it has expired.
type tickets[T any] struct {
	clock exchange.Clock
	life  time.Duration
	limit int

	mu     sync.Mutex
	byHash map[[sha256.Size]byte]*list.Element
	oldest *list.List // of *ticket[T], oldest first
}

type ticket[T any] struct {
	hash   [sha256.Size]byte
	issued time.Time
	value  T
}

// A ticketState is how a look-up in tickets ended.
type ticketState int

const (
	ticketUnknown ticketState = iota
	ticketExpired
	ticketValid
)

func newTickets[T any](clock exchange.Clock, life time.Duration, limit int) *tickets[T] {
	return &tickets[T]{
		clock: clock, life: life, limit: limit,
		byHash: map[[sha256.Size]byte]*list.Element{}, oldest: list.New(),
	}
}

// issue stores value and gives its name, a secret.
func (s *tickets[T]) issue(value T) string {
	name := randomName()
	s.put(name, value)
	return name
}

// put stores value under a name of the caller's; one that is there is replaced.
func (s *tickets[T]) put(name string, value T) {
	hash, now := sha256.Sum256([]byte(name)), s.clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.byHash[hash]; ok {
		s.remove(e)
	}
	for e := s.oldest.Front(); e != nil; e = s.oldest.Front() {
		if s.oldest.Len() < s.limit && now.Sub(e.Value.(*ticket[T]).issued) < 2*s.life {
			break
		}
		s.remove(e)
	}
	s.byHash[hash] = s.oldest.PushBack(&ticket[T]{hash: hash, issued: now, value: value})
}

// get finds the value of that name and when it was stored.
func (s *tickets[T]) get(name string) (T, time.Time, ticketState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, state := s.find(name)
	if t == nil {
		var none T
		return none, time.Time{}, state
	}
	return t.value, t.issued, state
}

// take is get for a name that works once.
func (s *tickets[T]) take(name string) (T, ticketState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, state := s.find(name)
	if t == nil {
		var none T
		return none, state
	}
	s.remove(s.byHash[t.hash])
	return t.value, state
}

func (s *tickets[T]) find(name string) (*ticket[T], ticketState) {
	e, ok := s.byHash[sha256.Sum256([]byte(name))]
	if !ok {
		return nil, ticketUnknown
	}
	t := e.Value.(*ticket[T])
	if s.clock.Now().Sub(t.issued) >= s.life {
		return t, ticketExpired
	}
	return t, ticketValid
}

func (s *tickets[T]) remove(e *list.Element) {
	delete(s.byHash, e.Value.(*ticket[T]).hash)
	s.oldest.Remove(e)
}

// randomName is 256 random bits for a URL.
func randomName() string { return base64.RawURLEncoding.EncodeToString(randomBytes(32)) }

// randomBytes can't fail: crypto/rand.Read ends the program rather than return an error.
func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
