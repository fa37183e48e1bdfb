package policy

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// expression checks v, an expression, and keeps it for the statement's operands.
func (k *checker) expression(n *Node, v *Value) {
	if k.resolver {
		n.idle = true
		return // context.GraphQL, which it may use, is not known yet
	}
	source, holes := v.Text, []string(nil)
	if n.open(v) {
		source, holes = withHoles(source, n.bindings.Placeholder)
	}
	compiled, mistakes := expr.Compile(source, expr.Options{Holes: holes})
	v.compiled = compiled
	for _, m := range mistakes {
		n.idle = true
		d := v.doc.diagnostic(Error, v.offset(m.Span.Start), v.mistake(m))
		if m.Span.End > m.Span.Start {
			d.EndLine, d.EndCol = v.doc.lineCol(v.offset(m.Span.End-1) + 1)
		}
		k.report(ruleOf(m), d)
	}
}

// ruleOf is the rule that an expression's mistake offends.
func ruleOf(m expr.Diagnostic) string {
	switch m.Code {
	case "":
		return RuleExpressionForbidden
	case "CS0103", "CS0117", "CS1061", "CS0246", "CS0234":
		return RuleExpressionMember
	case "CS8370", "CS8401":
		return RuleCSharp8
	case "CS0019", "CS0023", "CS0029", "CS0030", "CS0266", "CS1503", "CS0161", "CS0173":
		return RuleExpressionType
	}
	return RuleExpressionCompile
}

// withHoles puts names in the places of the {{name}} that stand in code; in a
// string they are text like any other, and so is what placeholder finds, if it is
// not nil. Each name is as long as what it stands for, so that places stay.
func withHoles(source string, placeholder *regexp.Regexp) (string, []string) {
	var holes []string
	literals := stringLiterals(source)
	text := []byte(source)
	places := NamedValue().FindAllStringIndex(source, -1)
	if placeholder != nil {
		for _, h := range placeholder.FindAllStringIndex(source, -1) {
			if standsAsOperand(source[:h[0]]) {
				places = append(places, h)
			}
		}
	}
	for _, h := range places {
		if slices.ContainsFunc(literals, func(s span) bool { return s.start <= h[0] && h[0] < s.end }) {
			continue
		}
		hole := strings.Repeat("_", h[1]-h[0])
		copy(text[h[0]:], hole)
		holes = append(holes, hole)
	}
	return string(text), holes
}

// standsAsOperand reports whether a placeholder after this code stands for a value:
// the {x} of new[]{x} does not.
func standsAsOperand(before string) bool {
	before = strings.TrimRight(before, whiteSpace)
	return before == "" || !strings.ContainsAny(before[len(before)-1:], "])};_") && !isWord(before[len(before)-1]) || strings.HasSuffix(before, "return")
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// mistake is what to say of m, an expression's mistake, without what the value's
// named values stand for.
func (v *Value) mistake(m expr.Diagnostic) string {
	for i, s := range v.segments {
		if s.named == "" {
			continue
		}
		if end := v.segmentEnd(i); m.Span.Start < end && s.at < max(m.Span.End, m.Span.Start+1) {
			return strings.TrimSpace(fmt.Sprintf("%s the expression is wrong where the value of {{%s}} stands in it", codePrefix(m), s.named))
		} else if text := v.Text[s.at:end]; text != "" {
			m.Message = strings.ReplaceAll(m.Message, text, "{{"+s.named+"}}")
		}
	}
	return m.String()
}

func codePrefix(m expr.Diagnostic) string {
	if m.Code == "" {
		return ""
	}
	return m.Code + ":"
}

// Machine is what evaluates the run's expressions, one at a time.
func (r *Run) Machine() *expr.Machine {
	m := &r.machine
	if m.Root == nil {
		m.Clock, m.Exchange, m.Root = r.Clock, r.Exchange, expr.NewContext(r.Exchange)
		m.BodyLimit = r.Env.BodyLimit
	}
	m.Context = r.Context
	return m
}

// Failed is an error of evaluating something with Machine as what the statement
// fails with.
func (r *Run) Failed(err error) error { return evaluationFailure(r, err) }

// evaluationFailure is err as what the statement fails with.
func evaluationFailure(r *Run, err error) error {
	var tooLarge *exchange.BodyTooLargeError
	var bound *expr.BoundError
	thrown, isThrown := expr.Thrown(err)
	switch {
	case isThrown:
	case errors.As(err, &bound):
	case r.Context.Err() != nil && errors.Is(err, context.Cause(r.Context)), errors.As(err, &tooLarge):
		return err
	}
	f := &exchange.Failure{Status: 500, Err: err}
	f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed(err.Error())
	if isThrown {
		f.Detail = thrown.Type
	}
	return f
}

// conversionFailure tells that an expression gave what its place does not take.
// It names the value's type, not the value, which may be secret.
func conversionFailure(value any, want string) error {
	given := "null"
	if value != nil {
		given = "a value of the type " + expr.DynamicType(value).String()
		if _, isNumber := numberOf(value); isNumber {
			given = "another number"
		} else if _, isText := value.(string); isText {
			given = "a text that is none"
		}
	}
	f := &exchange.Failure{Status: 500}
	f.Reason = exchange.ReasonExpressionEvaluation
	f.Message = exchange.MessageEvaluationFailed(fmt.Sprintf("This place takes %s, but the expression gave %s.", want, given))
	return f
}

// Tree is the syntax tree of an expression that was checked; nil of other values.
func (v *Value) Tree() *syntax.Tree {
	if v.compiled == nil {
		return nil
	}
	return v.compiled.Tree()
}
