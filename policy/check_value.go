package policy

import (
	"cmp"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/policy/exchange"
)

func (k *checker) value(n *Node, v *Value, a *Attribute) {
	if v.Expression && !a.Expression && !a.ExpressionOpen {
		k.report(RuleExpressionPlace, n.Fault(Error, v, "%s of <%s> takes no expression", a.Name, n.Name))
		return
	}
	if !v.Expression && !k.literal(n, v, a) {
		return
	}
	if a.Unsupported != "" && !k.idle && (v.Expression || !a.isDefault(v.Text)) {
		n.idle = true
		k.report(RuleNotEmulated, n.Fault(Unsupported, v, "%s of <%s> does not run in this version of the emulator: %s", a.Name, n.Name, a.Unsupported))
	}
	if v.Expression {
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
	k.report(RuleAttributeValue, n.Fault(Error, v, "The '%s' attribute is invalid - The value '%s' is invalid: %s.", a.Name, v.Written(), v.knownProblem(a, problem)))
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
	k.report(RuleExpressionPartial, v.doc.diagnostic(Error, v.offset(f.at), f.message))
	return true
}

// open reports whether v, a value of n, has named values that nobody knows, as in
// a document that is looked at alone.
func (n *Node) open(v *Value) bool {
	open := n.isOpen(v)
	n.idle = n.idle || open
	return open
}

func (n *Node) isOpen(v *Value) bool {
	b := n.bindings
	return (b.NamedValue == nil || b.Unknown != nil) && NamedValue().MatchString(v.Text) || b.Placeholder != nil && b.Placeholder.MatchString(v.Text)
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
		return a.wholeProblem(text, 32)
	case Long:
		return a.wholeProblem(text, 64)
	case Number:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !numberForm().MatchString(text) {
			return "it has to be a number"
		}
		if a.Max != 0 && (n < float64(a.Min) || n > float64(a.Max)) {
			return fmt.Sprintf("it has to be a number from %d to %d", a.Min, a.Max)
		}
	case DateTime:
		if _, err := time.Parse(dateTimeForm, text); err != nil {
			return "it has to be a date and time in UTC, such as 2024-01-31T00:00:00Z"
		}
	case IPAddress:
		if address, err := netip.ParseAddr(text); err != nil || address.Zone() != "" {
			return "it has to be an IP address"
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

// numberForm is what a number looks like; dateTimeForm a date, as quota-by-key has
// it (policies-1.yaml).
var numberForm = pattern.Lazy(`^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$`)

const dateTimeForm = "2006-01-02T15:04:05Z"

// wholeProblem says why text is no whole number of so many bits, or none within
// the attribute's bounds.
func (a *Attribute) wholeProblem(text string, bits int) string {
	n, err := strconv.ParseInt(text, 10, bits)
	switch {
	case err != nil:
		return fmt.Sprintf("it is a whole number, at most %d", uint64(math.MaxUint64)>>(65-bits))
	case n < int64(a.Min):
		return fmt.Sprintf("the smallest allowed is %d", a.Min)
	case a.Max != 0 && n > int64(a.Max):
		return fmt.Sprintf("the greatest allowed is %d", a.Max)
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
	case n.isTemplate():
		// Its braces are its own; the statement reads it.
	case v.Expression && e.Text == LiteralText:
		k.report(RuleExpressionPlace, n.Fault(Error, v, "the text of <%s> takes no expression", n.Name))
	case v.Expression:
		k.expression(n, v)
	case k.misplacedExpression(v) || n.open(v):
	case e.Text == TrimmedText || e.Text == LiteralText:
		trimmed := *v
		trimmed.trim()
		n.Text = &trimmed
		k.textType(n, e)
	}
}

// isTemplate reports whether n's content is a Liquid template.
func (n *Node) isTemplate() bool {
	v := n.Attr(templateAttribute)
	return v != nil && v.Text == liquidTemplate
}

// textType checks a text that is no expression.
func (k *checker) textType(n *Node, e *Element) {
	a := &Attribute{Type: e.TextType}
	if problem := a.problem(n.Text.Text); problem != "" {
		k.report(RuleAttributeValue, n.Fault(Error, n.Text, "The '%s' element is invalid - The value '%s' is invalid: %s.", n.Name, n.Text.Written(), n.Text.knownProblem(a, problem)))
	}
}

// knownProblem is problem as it may be told: of what is written, if named values
// were put in, which may be secret.
func (v *Value) knownProblem(a *Attribute, problem string) string {
	if !v.bound() {
		return problem
	}
	return cmp.Or(a.problem(v.Written()), "its named values don't make a valid value")
}
