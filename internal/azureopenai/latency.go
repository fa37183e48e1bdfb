package azureopenai

import (
	"math"
	"time"
)

// Latency is how long a model takes, on the emulator's clock. The zero value is no time
// at all.
type Latency struct {
	// FirstToken is how long an answer's first token takes; that of embeddings, which
	// have no tokens, is the whole answer.
	FirstToken time.Duration `yaml:"firstToken"`
	// TokensPerSecond is how fast the others follow; 0 is at once. A stream sends them
	// as they come, another answer comes with the last one.
	TokensPerSecond float64 `yaml:"tokensPerSecond"`
}

const maxLatency = time.Hour

func (l Latency) validate(f *findings, place string) {
	if l.FirstToken < 0 || l.FirstToken > maxLatency {
		f.add(place+".firstToken", "%v is not between 0 and %v", l.FirstToken, maxLatency)
	}
	if l.TokensPerSecond != 0 && (l.TokensPerSecond < 0.01 || l.TokensPerSecond > 1_000_000) || math.IsNaN(l.TokensPerSecond) {
		f.add(place+".tokensPerSecond", "%v is not between 0.01 and 1,000,000", l.TokensPerSecond)
	}
}

// at is when token n, counted from 1, is there.
func (l Latency) at(n int) time.Duration {
	if l.TokensPerSecond == 0 || n < 2 {
		return l.FirstToken
	}
	return l.FirstToken + time.Duration(float64(n-1)/l.TokensPerSecond*float64(time.Second))
}

// first is how long an answer of so many tokens takes until it begins: until its first
// token if it is streamed, or else until its last one.
func (l Latency) first(streamed bool, tokens int) time.Duration {
	if streamed {
		return l.FirstToken
	}
	return l.at(tokens)
}
