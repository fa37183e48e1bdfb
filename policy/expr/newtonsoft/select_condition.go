package newtonsoft

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/dlclark/regexp2"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// regexTimeout bounds one match of =~.
const regexTimeout = time.Second

// condition is what a [?(...)] asks of a token.
type condition interface {
	holds(s *selection, t Token) (bool, error)
}

// combined is conditions joined by && or, where any is set, by ||.
type combined struct {
	any   bool
	parts []condition
}

func (c *combined) holds(s *selection, t Token) (bool, error) {
	for _, part := range c.parts {
		if ok, err := part.holds(s, t); err != nil || ok == c.any {
			return ok, err
		}
	}
	return !c.any, nil
}

// operand is a path, or a constant.
type operand struct {
	filters []pathFilter // of a path
	value   *Value       // of a constant
}

func (o operand) tokens(s *selection, t Token) ([]Token, error) {
	if o.value != nil {
		return []Token{o.value}, nil
	}
	lenient := *s
	lenient.strict = false
	return lenient.all([]Token{t}, o.filters)
}

// comparison holds if any pair of what its operands find compares so; without an
// operator, if there is anything at all.
type comparison struct {
	operator    string
	left, right operand
}

func (c *comparison) holds(s *selection, t Token) (bool, error) {
	lefts, err := c.left.tokens(s, t)
	if err != nil || c.operator == "" || len(lefts) == 0 {
		return len(lefts) > 0, err
	}
	rights, err := c.right.tokens(s, t)
	if err != nil {
		return false, err
	}
	for _, l := range lefts {
		for _, r := range rights {
			if err := s.spend(1); err != nil {
				return false, err
			}
			if ok, err := c.matches(valueOf(l), valueOf(r)); ok || err != nil {
				return ok, err
			}
		}
	}
	return false, nil
}

// matches compares two values; nil is a container, which compares with nothing.
func (c *comparison) matches(a, b *Value) (bool, error) {
	if a == nil || b == nil {
		return c.operator == "!=", nil
	}
	switch c.operator {
	case "=~":
		return matchesRegex(a, b)
	case "==":
		return looselyEqual(a, b), nil
	case "!=":
		return !looselyEqual(a, b), nil
	case "===":
		return strictlyEqual(a, b), nil
	case "!==":
		return !strictlyEqual(a, b), nil
	}
	n, err := a.CompareTo(b)
	switch c.operator {
	case "<":
		return n < 0, err
	case "<=":
		return n <= 0 && err == nil, err
	case ">":
		return n > 0, err
	}
	return n >= 0 && err == nil, err
}

// looselyEqual compares numbers by value, and a date or the like with a text by
// its text.
func looselyEqual(a, b *Value) bool {
	if a.Equal(b) {
		return true
	}
	if bothNumbers(a, b) {
		n, err := compareAs(a.kind, a.value, b.value)
		return err == nil && n == 0
	}
	text, ok := b.value.(string)
	if b.kind != StringType || !ok {
		return false
	}
	switch v := a.value.(type) {
	case dotnet.DateTime:
		return dateText(v) == text
	case dotnet.DateTimeOffset:
		return offsetText(v) == text
	case []byte:
		return base64.StdEncoding.EncodeToString(v) == text
	case dotnet.Guid:
		return v.String() == text
	case dotnet.TimeSpan:
		return v.String() == text
	case Address:
		return v.OriginalString() == text
	}
	return false
}

// bothNumbers reports whether one is an integer and the other a float.
func bothNumbers(a, b *Value) bool {
	return a.kind == IntegerType && b.kind == FloatType || a.kind == FloatType && b.kind == IntegerType
}

func strictlyEqual(a, b *Value) bool {
	if bothNumbers(a, b) {
		n, err := compareAs(a.kind, a.value, b.value)
		return err == nil && n == 0
	}
	return a.Equal(b)
}

// matchesRegex matches a text with /pattern/options.
func matchesRegex(a, b *Value) (bool, error) {
	text, isText := a.value.(string)
	pattern, isPattern := b.value.(string)
	if !isText || !isPattern || a.kind != StringType {
		return false, nil
	}
	end := strings.LastIndexByte(pattern, '/')
	if end < 1 {
		return false, dotnet.ArgumentOutOfRange("length", "Length cannot be less than zero.")
	}
	var options regexp2.RegexOptions
	for _, c := range pattern[end+1:] {
		options |= regexOptions[c]
	}
	compiled, err := regexp2.Compile(pattern[1:end], options)
	if err != nil {
		return false, dotnet.NewException("System.Text.RegularExpressions.RegexParseException", "Invalid pattern '"+pattern[1:end]+"': "+err.Error())
	}
	compiled.MatchTimeout = regexTimeout
	matched, err := compiled.MatchString(text)
	if err != nil {
		return false, dotnet.NewException("System.Text.RegularExpressions.RegexMatchTimeoutException",
			"The Regex engine has timed out while trying to match a pattern to an input string.")
	}
	return matched, nil
}

var regexOptions = map[rune]regexp2.RegexOptions{
	'i': regexp2.IgnoreCase, 'm': regexp2.Multiline, 's': regexp2.Singleline, 'x': regexp2.ExplicitCapture,
}
