package evaluate

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// IsExpression reports whether a variable's value is written as a policy expression.
func IsExpression(text string) bool {
	return strings.HasPrefix(text, "@(") || strings.HasPrefix(text, "@{")
}

// ParseValue is the value that a text stands for: a JSON scalar is that of .NET
// (3 an int, 3000000000 a long, 1.5 a double, true, false, null, "3" a string), a
// JSON object or array a JObject or JArray, and anything else the text itself.
func ParseValue(text string) any {
	if !json.Valid([]byte(text)) {
		return text
	}
	switch trimmed := strings.TrimSpace(text); trimmed[0] {
	case '{', '[':
		if t, err := newtonsoft.Parse(trimmed, newtonsoft.ParseOptions{}); err == nil {
			return t
		}
		return text
	case '"':
		var s string
		if json.Unmarshal([]byte(trimmed), &s) != nil {
			return text
		}
		return s
	case 't', 'f':
		return trimmed == "true"
	case 'n':
		return nil
	default:
		return number(trimmed)
	}
}

// number is an int, a long or a double.
func number(text string) any {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		f, _ := strconv.ParseFloat(text, 64) // of what is too large it is infinite, as .NET's
		return f
	}
	if n < math.MinInt32 || n > math.MaxInt32 {
		return n
	}
	return int32(n)
}

// SetVariable sets a variable to what an expression gives. The answer tells why it
// does not, where it does not.
func (s *Subject) SetVariable(ctx context.Context, name string, source *Source, o Options) *Answer {
	a, value := evaluate(ctx, source.Expression, s, o)
	if a.Type != "" {
		s.Variables.Set(name, value)
	}
	return a
}
