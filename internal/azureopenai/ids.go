package azureopenai

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/google/uuid"
)

func (s *Server) uint64() uint64 {
	if s.random == nil {
		return rand.Uint64()
	}
	s.randomMu.Lock()
	defer s.randomMu.Unlock()
	return s.random.Uint64()
}

func (s *Server) newUUID() string {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], s.uint64())
	binary.BigEndian.PutUint64(id[8:], s.uint64())
	id[6] = id[6]&0x0f | 0x40 // version 4
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// newChatID is "chatcmpl-" and 29 letters and digits.
func (s *Server) newChatID() string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	id := []byte("chatcmpl-")
	for range 29 {
		id = append(id, alphabet[s.uint64()%uint64(len(alphabet))])
	}
	return string(id)
}
