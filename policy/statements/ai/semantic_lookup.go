package ai

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

type semanticLookup struct {
	statement     string
	threshold     policy.Operand[string]
	backend       policy.Operand[string]
	auth          policy.Operand[string]
	withoutSystem policy.Operand[bool]
	most          policy.Operand[int]
	hasMost       bool
	cache         string
	varyBy        []policy.Operand[string]
}

func compileSemanticLookup(n *policy.Node) (policy.Step, error) {
	s := &semanticLookup{
		statement: n.Name, threshold: n.String("score-threshold"), backend: n.String("embeddings-backend-id"), auth: n.String("embeddings-backend-auth"),
		withoutSystem: n.Bool("ignore-system-messages"), most: n.Int("max-message-count"), hasMost: n.Has("max-message-count"), varyBy: n.Contents("vary-by"),
	}
	s.cache, _ = n.String("cache-id").Constant()
	return s, n.CheckBackend("embeddings-backend-id")
}

// sought is what a lookup did not find, and its store keeps: the answer to a prompt.
type sought struct {
	lookup    string // the statement; "": nothing was sought
	partition string
	place     []float32
}

// Run answers with what is kept for a prompt nearby, or keeps what its store needs. A
// cache that can't be used, or embeddings that can't be had, fail no request
// (policies-2.yaml, llm-semantic-cache-store).
func (s *semanticLookup) Run(r *policy.Run) error {
	threshold, err := s.distance(r)
	if err != nil {
		return err
	}
	partition, prompt, err := s.prompt(r)
	if err != nil || prompt == "" {
		return err
	}
	if r.Env.Vectors == nil || r.Env.ExternalCache == nil {
		// Azure keeps them in a Redis with RediSearch; here they stand in memory beside
		// whatever external cache there is.
		if r.Env.Strict || r.Env.Vectors == nil {
			r.Note(s.statement, "warning: the service has no external cache, so nothing is found and nothing kept")
			return nil
		}
		r.Note(s.statement, "warning: the service has no external cache, which this needs in Azure: a Redis with RediSearch")
	}
	place, err := s.embed(r, prompt)
	if err != nil {
		var f *exchange.Failure
		if errors.As(err, &f) && f.Reason == exchange.ReasonExpressionEvaluation {
			return err
		}
		r.Note(s.statement, "warning: no embedding is to be had, which counts as a miss: "+err.Error())
		return nil
	}
	value, distance, ok := r.Env.Vectors.Nearest(partition, place, threshold, r.Clock.Now())
	if ok {
		if answer, ok := part.ReadStored(value); ok {
			if r.Observed() {
				r.Note(s.statement, fmt.Sprintf("A prompt at the distance %.4f has an answer, which is used.", distance))
			}
			r.LookedUp(s.statement, true)
			return r.Found(answer.Response(), s.statement)
		}
	}
	r.LookedUp(s.statement, false)
	*policy.Keep[sought](r) = sought{s.statement, partition, place}
	if r.Observed() {
		r.Note(s.statement, fmt.Sprintf("No prompt within the distance %g has an answer.", threshold))
	}
	return nil
}

// distance is score-threshold. What one of the pages calls a score is a distance
// everywhere: the lower, the closer.
func (s *semanticLookup) distance(r *policy.Run) (float64, error) {
	text, err := s.threshold.Get(r)
	if err != nil {
		return 0, err
	}
	d, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(d) || d < 0 || d > 1 {
		f := &exchange.Failure{Status: 500}
		f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed("score-threshold is a number from 0.0 to 1.0.")
		return 0, f
	}
	return d, nil
}

// prompt is what the request asks, and what keeps it apart from others; "": the statement
// has nothing to do with the request. Chosen, since no page tells: only POST asks
// something; answers are kept apart by API, path and whether they come as a stream,
// which one client may read and another not.
func (s *semanticLookup) prompt(r *policy.Run) (partition, prompt string, err error) {
	if r.Request.Method != "POST" {
		return "", "", nil
	}
	withoutSystem, err := s.withoutSystem.Get(r)
	if err != nil {
		return "", "", err
	}
	most, err := s.most.Get(r)
	if err != nil {
		return "", "", err
	}
	values, err := policy.All(r, s.varyBy)
	if err != nil {
		return "", "", err
	}
	d, err := dialogueOf(r)
	switch {
	case err != nil:
		return "", "", err
	case d == nil:
		r.Note(s.statement, "The request holds no prompt that is known: it passes by.")
		return "", "", nil
	case s.hasMost && d.count(withoutSystem) > most:
		r.Note(s.statement, fmt.Sprintf("The dialogue has more than %d messages: it passes by.", most))
		return "", "", nil
	}
	api := ""
	if r.API != nil {
		api = r.API.ID + ";" + r.API.Revision
	}
	return fmt.Sprintf("%q", slices.Concat([]string{s.cache, api, r.Request.OriginalURL.Path, strconv.FormatBool(d.stream)}, values)), d.text(withoutSystem), nil
}

// embeddingsResource is whom the identity's token is for, and embeddingsVersion the
// api-version of the request. Chosen: no page has either.
const (
	embeddingsResource = "https://cognitiveservices.azure.com"
	embeddingsVersion  = "api-version=2024-10-21"
)

// embed asks the backend, whose address is that of the deployment's embeddings, for the
// place of a prompt.
func (s *semanticLookup) embed(r *policy.Run, prompt string) ([]float32, error) {
	if _, err := s.auth.Get(r); err != nil { // system-assigned, which is all that there is
		return nil, err
	}
	backend, err := s.backend.Get(r)
	if err != nil {
		return nil, err
	}
	token, err := r.Env.Identity.Token(r.Context, embeddingsResource, "")
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]string{"input": prompt})
	if err != nil {
		return nil, err
	}
	answer, err := ask(r, question{backend: backend, query: embeddingsVersion, body: body, authorization: token.Authorization})
	if err != nil {
		return nil, err
	}
	var embeddings struct {
		Data []struct {
			Embedding []float32 `json:"embedding"`
		} `json:"data"`
	}
	if json.Unmarshal(answer, &embeddings) != nil || len(embeddings.Data) != 1 || len(embeddings.Data[0].Embedding) == 0 {
		return nil, errors.New("the backend's answer holds no embedding")
	}
	return embeddings.Data[0].Embedding, nil
}
