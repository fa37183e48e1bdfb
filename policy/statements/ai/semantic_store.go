package ai

import (
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

type semanticStore struct {
	statement, lookup string
	duration          policy.Operand[time.Duration]
}

// Run has the answer kept at the place of the prompt that the lookup before it did not
// find. Chosen: only a 200 is an answer.
func (s *semanticStore) Run(r *policy.Run) error {
	life, err := s.duration.Get(r)
	if err != nil {
		return err
	}
	sought := *policy.Keep[sought](r)
	switch {
	case sought.lookup != s.lookup:
		r.Note(s.statement, "No <"+s.lookup+"> has looked for this answer, so it is not kept.")
	case r.Response.Status != 200:
		r.Note(s.statement, "The response is no 200, so it is not kept.")
	default:
		part.CollectResponse(r, s.statement, life, func(data []byte, left time.Duration) {
			now := r.Clock.Now()
			r.Env.Vectors.Add(sought.partition, sought.place, data, now, now.Add(left))
		})
	}
	return nil
}
