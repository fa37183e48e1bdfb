package azureopenai

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/apimulator/apimulator/internal/tokencount"
)

// maxAnswer bounds the text of an answer, all choices together, in bytes.
const maxAnswer = 16 << 20

const (
	finishStop   = "stop"
	finishLength = "length"
)

// rule is an [Answer] ready for use.
type rule struct {
	Answer
	regex *regexp.Regexp // nil without Match.Regex
}

func newRule(a Answer) rule {
	r := rule{Answer: a}
	if a.Match.Regex != "" {
		r.regex = regexp.MustCompile(a.Match.Regex) // Validate compiled it
	}
	if r.FinishReason == "" {
		r.FinishReason = finishStop
	}
	return r
}

func (r rule) matches(deployment, lastUser string) bool {
	return (r.Match.Deployment == "" || r.Match.Deployment == deployment) &&
		strings.Contains(lastUser, r.Match.Contains) &&
		(r.regex == nil || r.regex.MatchString(lastUser))
}

// answerTo is the first of the rules that matches, or the echo.
func (s *Server) answerTo(deployment, lastUser string) Answer {
	for _, r := range s.rules {
		if r.matches(deployment, lastUser) {
			return r.Answer
		}
	}
	if lastUser == "" {
		return Answer{Reply: "You said nothing.", FinishReason: finishStop}
	}
	return Answer{Reply: "You said: " + lastUser, FinishReason: finishStop}
}

// reply is the text of one choice, in the pieces that a stream sends.
type reply struct {
	pieces []string
	tokens int
	finish string
}

func (r reply) text() string { return strings.Join(r.pieces, "") }

// compose ends text at the first stop sequence, which is not part of the answer,
// and after limit tokens. Of a character that the limit cuts nothing is left.
// The count is that of the text, cut or not.
func compose(encoding *tokencount.Encoding, text, finish string, stops []string, limit int) reply {
	r := reply{finish: finish}
	for _, stop := range stops {
		if before, _, found := strings.Cut(text, stop); found {
			text, r.finish = before, finishStop
		}
	}
	partial := "" // tokens that end within a character wait for its rest
	for token := range encoding.Tokens(text) {
		if r.tokens == limit {
			r.finish = finishLength
			break
		}
		r.tokens++
		partial += token
		if utf8.ValidString(partial) {
			r.pieces = append(r.pieces, partial)
			partial = ""
		}
	}
	return r
}
