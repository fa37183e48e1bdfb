package policy

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

func (k *checker) value(n *Node, v *Value, a *Attribute) {
	if v.Expression && !a.Expression {
		k.report(n.Fault(Error, v, "%s of <%s> takes no expression", a.Name, n.Name))
		return
	}
	if !v.Expression && !k.literal(n, v, a) {
		return
	}
	switch {
	case a.Unsupported != "" && (v.Expression || !a.isDefault(v.Text)):
		n.idle = true
		k.report(n.Fault(Unsupported, v, "%s of <%s> does not run in this version of the emulator: %s", a.Name, n.Name, a.Unsupported))
	case v.Expression:
		k.expression(n, v)
	}
}

// literal reports what is wrong with a value that is no expression.
func (k *checker) literal(n *Node, v *Value, a *Attribute) (ok bool) {
	if k.misplacedExpression(v) {
		return false
	}
	if n.open(v) {
		return true
	}
	problem := a.problem(v.Text)
	if problem == "" && v.Text == "" && n.def.needs(a) && !a.MayBeEmpty {
		problem = "it must not be empty"
	}
	if problem == "" {
		return true
	}
	if v.bound() {
		// Told of what is written: the named values may be secret.
		problem = cmp.Or(a.problem(v.Written()), "its named values don't make a valid value")
	}
	k.report(n.Fault(Error, v, "The '%s' attribute is invalid - The value '%s' is invalid: %s.", a.Name, v.Written(), problem))
	return false
}

// misplacedExpression reports a value that begins with an expression but is none.
func (k *checker) misplacedExpression(v *Value) bool {
	_, f := v.expressionFault()
	if f == nil {
		return false
	}
	if v.bound() {
		f.message += " (once the named values are put in)"
	}
	k.report(v.doc.diagnostic(Error, v.offset(f.at), f.message))
	return true
}

// open reports whether v, a value of n, has named values that nobody knows, as in
// a document that is looked at alone.
func (n *Node) open(v *Value) bool {
	open := n.bindings.NamedValue == nil && namedValue.MatchString(v.Text)
	n.idle = n.idle || open
	return open
}

// isDefault reports whether text says what holds without the attribute.
func (a *Attribute) isDefault(text string) bool {
	if a.Type == Bool {
		value, _ := parseBool(text)
		def, ok := parseBool(a.Default)
		return ok && value == def
	}
	return a.Default != "" && text == a.Default
}

// problem says why text is no value of the attribute's type, "" if it is one.
func (a *Attribute) problem(text string) string {
	switch a.Type {
	case Bool:
		if _, ok := parseBool(text); !ok {
			return "it is true or false"
		}
	case Int, Seconds, Milliseconds:
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return fmt.Sprintf("it is a whole number, at most %d", math.MaxInt32)
		}
		if n < int64(a.Min) {
			return fmt.Sprintf("the smallest allowed is %d", a.Min)
		}
	case Status:
		if n, err := strconv.Atoi(text); err != nil || n < 100 || n > 599 || len(text) != 3 {
			return "it is an HTTP status code, 100 to 599"
		}
	case Enum:
		if !slices.Contains(a.Values, text) {
			return "it is one of " + strings.Join(a.Values, ", ") + didYouMean(text, a.Values)
		}
	case URL:
		if _, err := exchange.ParseURL(text); err != nil {
			return err.Error()
		}
	}
	return ""
}

func (k *checker) text(n *Node, e *Element) {
	v := n.Text
	if n.markup != nil {
		v = n.markup
	}
	switch {
	case v == nil:
	case e.Text == NoText:
		k.noText(n)
	case v.Expression:
		k.expression(n, v)
	case k.misplacedExpression(v) || n.open(v):
	case e.Text == TrimmedText:
		trimmed := *v
		trimmed.trim()
		n.Text = &trimmed
	}
}
