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
func (s *Server) newChatID() string { return s.newID("chatcmpl-", 29) }

// newCallIDs are the ids of a number of tool calls for each of the choices: "call_" and
// 24 letters and digits.
func (s *Server) newCallIDs(choices, calls int) [][]string {
	if calls == 0 {
		return nil
	}
	ids := make([][]string, choices)
	for i := range ids {
		for range calls {
			ids[i] = append(ids[i], s.newID("call_", 24))
		}
	}
	return ids
}

func (s *Server) newID(prefix string, length int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	id := []byte(prefix)
	for range length {
		id = append(id, alphabet[s.uint64()%uint64(len(alphabet))])
	}
	return string(id)
}
