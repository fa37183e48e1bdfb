package azureopenai

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/apimulator/apimulator/internal/tokencount"
)

// maxAnswer bounds the text of an answer, all choices together, in bytes.
const maxAnswer = 16 << 20

const (
	finishStop      = "stop"
	finishLength    = "length"
	finishToolCalls = "tool_calls"
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
	return r
}

// matches reports whether the rule answers q. One that calls tools does so where the
// request lets all of them be called, and only until their results are there: a client
// would otherwise call them for ever.
func (r rule) matches(deployment string, q *chatRequest) bool {
	return (r.Match.Deployment == "" || r.Match.Deployment == deployment) &&
		strings.Contains(q.lastUser, r.Match.Contains) &&
		(r.regex == nil || r.regex.MatchString(q.lastUser)) &&
		(len(r.ToolCalls) == 0 || q.toolResults == nil && q.mayCall(r.ToolCalls))
}

// answerTo is what the first of the rules that matches says; without one, the tool that
// the request wants called, or an echo.
func (s *Server) answerTo(deployment string, q *chatRequest) Answer {
	for _, r := range s.rules {
		if !r.matches(deployment, q) {
			continue
		}
		a := r.Answer
		if a.Reply == "" && len(a.ToolCalls) == 0 && a.Fault != nil && a.Fault.Status == 0 {
			a.Reply = echo(q) // the fault is in how it comes
		}
		return a
	}
	if forced := q.forcedTool(); forced != "" {
		return Answer{ToolCalls: []ToolCall{{Name: forced}}}
	}
	return Answer{Reply: echo(q)}
}

// echo is the answer that follows from the request alone.
func echo(q *chatRequest) string {
	switch {
	case q.toolResults != nil:
		return "The tools said: " + strings.Join(q.toolResults, "\n")
	case q.lastUser == "":
		return "You said nothing."
	}
	return "You said: " + q.lastUser
}

// reply is one choice: a text and calls, in the pieces that a stream sends.
type reply struct {
	pieces []string
	calls  []functionCall
	tokens int
	finish string
}

// functionCall is a call of a tool; the pieces are those of its arguments.
type functionCall struct {
	name   string
	pieces []string
}

func (f functionCall) arguments() string { return strings.Join(f.pieces, "") }

func (r reply) text() string { return strings.Join(r.pieces, "") }

func (r reply) size() int {
	n := len(r.text())
	for _, f := range r.calls {
		n += len(f.name) + len(f.arguments())
	}
	return n
}

// compose makes a reply of an answer: its text in the format that is asked for, ended by
// a stop sequence, and its calls; all of it at most limit tokens long.
func (q *chatRequest) compose(encoding *tokencount.Encoding, a Answer, limit int) (reply, *refusal) {
	text, refused := a.Reply, (*refusal)(nil)
	if text != "" || len(a.ToolCalls) == 0 {
		if text, refused = q.format.apply(text); refused != nil {
			return reply{}, refused
		}
	}
	finish := finishStop
	if a.FinishReason != "" {
		finish = a.FinishReason
	}
	r := compose(encoding, text, finish, q.stop, limit)
	if len(a.ToolCalls) > 0 && r.finish != finishLength {
		if refused := q.composeCalls(&r, encoding, a.ToolCalls, limit); refused != nil {
			return reply{}, refused
		}
	}
	return r, nil
}

// composeCalls adds calls. What a call counts is not published; here it is the tokens of
// its name and of its arguments (chosen). A call whose arguments the limit cuts is the last.
func (q *chatRequest) composeCalls(r *reply, encoding *tokencount.Encoding, calls []ToolCall, limit int) *refusal {
	if !q.parallelCalls {
		calls = calls[:1]
	}
	r.finish = finishToolCalls
	if q.choice.function != "" {
		r.finish = finishStop // so OpenAI ends a call that was demanded by its name
	}
	for _, c := range calls {
		arguments, refused := q.arguments(c)
		if refused != nil {
			return refused
		}
		name := encoding.Count(c.Name)
		if r.tokens+name > limit {
			r.finish = finishLength
			return nil
		}
		composed := compose(encoding, arguments, r.finish, nil, limit-r.tokens-name)
		r.tokens += name + composed.tokens
		r.calls = append(r.calls, functionCall{c.Name, composed.pieces})
		if composed.finish == finishLength {
			r.finish = finishLength
			return nil
		}
	}
	return nil
}

// arguments are those of a configured call: as they are written, or made to fit the
// function's parameters.
func (q *chatRequest) arguments(c ToolCall) (string, *refusal) {
	switch a := c.Arguments.(type) {
	case nil:
		i := slices.IndexFunc(q.tools, func(t tool) bool { return t.name == c.Name })
		return q.tools[i].sample()
	case string:
		return a, nil
	default:
		return string(encode(a)), nil // Validate has tried
	}
}

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
