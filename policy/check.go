package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Check tells what is wrong with a bound document, all findings at once. It
// fills in the nodes' definitions; Compile needs that.
func Check(root *Node, c *Catalogue) Diagnostics {
	k := checker{catalogue: c}
	if root.Name != policiesRoot {
		k.report(root.Fault(Error, nil, "a policy document's root element is <policies>, not <%s>", root.Name))
		return k.found
	}
	k.noAttributes(root)
	k.noText(root)
	seen := make(map[string]bool)
	for _, n := range root.Children {
		switch {
		case !slices.Contains(sectionNames, n.Name):
			k.report(n.Fault(Error, nil, "<policies> has no section <%s>%s; its sections are inbound, backend, outbound and on-error", n.Name, didYouMean(n.Name, sectionNames)))
			continue
		case seen[n.Name]:
			k.report(n.Fault(Error, nil, "section <%s> stands here for the second time", n.Name))
		}
		seen[n.Name] = true
		k.noAttributes(n)
		k.noText(n)
		k.section = exchange.Section(n.Name)
		k.statements(n.Children)
	}
	k.found.Sort()
	return slices.Compact(k.found)
}

var sectionNames = []string{"inbound", "backend", "outbound", "on-error"}

type checker struct {
	catalogue *Catalogue
	section   exchange.Section
	found     Diagnostics
}

func (k *checker) report(d Diagnostic) { k.found = append(k.found, d) }

func (k *checker) noAttributes(n *Node) {
	for _, v := range n.Attrs {
		k.attributeFault(n, v, "The '%s' attribute is not declared: <%s> takes no attributes", v.Name, n.Name)
	}
}

func (k *checker) noText(n *Node) {
	if n.Text != nil {
		k.report(n.Fault(Error, n.Text, "The element '%s' cannot contain text.", n.Name))
	}
}

func (k *checker) statements(nodes []*Node) {
	for _, n := range nodes {
		d := k.catalogue.Lookup(n.Name)
		if d == nil {
			k.report(n.Fault(Error, nil, "There is no policy matching element name: <%s>%s", n.Name, didYouMean(n.Name, k.catalogue.Names())))
			continue
		}
		if d.Runs() && !slices.Contains(d.Sections, k.section) {
			k.report(n.Fault(Error, nil, "Policy is not allowed in this section: <%s> may stand in %s, not in %s", n.Name, sectionList(d.Sections), k.section))
		}
		if !d.Runs() {
			k.report(n.Fault(Unsupported, nil, "<%s> is an APIM policy that does not run in this version of the emulator", n.Name))
			continue
		}
		if n.Name == includeFragment {
			k.attributes(n, &d.Element, true)
			k.statements(n.Children)
			continue
		}
		k.element(n, &d.Element, true)
	}
}

func sectionList(sections []exchange.Section) string {
	names := make([]string, len(sections))
	for i, s := range sections {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// element checks n against its definition; statement says that it is a statement
// of its own, which may carry an id.
func (k *checker) element(n *Node, e *Element, statement bool) {
	k.attributes(n, e, statement)
	k.text(n, e)
	k.children(n, e)
}

func (k *checker) attributes(n *Node, e *Element, statement bool) {
	n.def = e
	for _, v := range n.Attrs {
		a := e.attribute(v.Name)
		switch {
		case a != nil:
			k.value(n, v, a)
		case statement && v.Name == "id":
			if v.Expression {
				k.report(n.Fault(Error, v, "the id of a policy takes no expression"))
			}
		default:
			k.attributeFault(n, v, "The '%s' attribute is not declared on <%s>%s", v.Name, n.Name, didYouMean(v.Name, attributeNames(e)))
		}
	}
	for _, a := range e.Attributes {
		if a.Required && !n.Has(a.Name) {
			k.report(n.Fault(Error, nil, "The required attribute '%s' is missing on <%s>.", a.Name, n.Name))
		}
	}
	for _, group := range e.OneOf {
		if present := n.present(group); len(present) == 0 {
			k.report(n.Fault(Error, nil, "<%s> needs one of the attributes %s", n.Name, strings.Join(group, ", ")))
		} else if len(present) > 1 {
			k.attributeFault(n, n.Attr(present[1]), "<%s> takes only one of the attributes %s", n.Name, strings.Join(group, ", "))
		}
	}
	for _, group := range e.AtMostOne {
		if present := n.present(group); len(present) > 1 {
			k.attributeFault(n, n.Attr(present[1]), "<%s> takes only one of the attributes %s", n.Name, strings.Join(group, ", "))
		}
	}
}

func (k *checker) attributeFault(n *Node, v *Value, format string, args ...any) {
	k.report(v.doc.diagnostic(Error, v.nameAt, fmt.Sprintf(format, args...)))
}

func attributeNames(e *Element) []string {
	names := make([]string, len(e.Attributes))
	for i, a := range e.Attributes {
		names[i] = a.Name
	}
	return names
}

func (n *Node) present(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !n.Has(name) })
}

func (k *checker) value(n *Node, v *Value, a *Attribute) {
	switch {
	case a.Unsupported != "":
		n.unsupported = true
		k.report(n.Fault(Unsupported, v, "%s of <%s> does not run in this version of the emulator: %s", a.Name, n.Name, a.Unsupported))
		return
	case v.Expression && !a.Expression:
		k.report(n.Fault(Error, v, "%s of <%s> takes no expression", a.Name, n.Name))
		return
	case v.Expression:
		k.expression(n, v)
		return
	case strings.HasPrefix(strings.TrimSpace(v.Text), "@("):
		k.report(n.Fault(Error, v, "an expression has to be the whole value; this one is followed by something else"))
		return
	}
	if n.bindings.NamedValue == nil && namedValue.MatchString(v.Text) {
		return // nobody knows the values of a document that is looked at alone
	}
	problem := a.problem(v.Text)
	if problem != "" && v.bound() {
		problem = "its named values don't make a " + a.Type.String() // without their text: they may be secret
	}
	if problem != "" {
		k.report(n.Fault(Error, v, "The '%s' attribute is invalid - The value '%s' is invalid: %s.", a.Name, v.Written(), problem))
	}
}

// expression refuses what the expression language will run.
func (k *checker) expression(n *Node, v *Value) {
	n.unsupported = true
	k.report(n.Fault(Unsupported, v, "policy expressions do not run in this version of the emulator"))
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
			return "it is a whole number"
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
	if text == "" && a.Required {
		return "it must not be empty"
	}
	return ""
}

func (k *checker) text(n *Node, e *Element) {
	switch e.Text {
	case NoText:
		k.noText(n)
	case TrimmedText:
		if n.Text == nil {
			return
		}
		if n.Text.Expression {
			k.expression(n, n.Text)
			return
		}
		trimmed := strings.TrimLeft(n.Text.Text, " \t\r\n")
		lead := len(n.Text.Text) - len(trimmed)
		if strings.HasPrefix(trimmed, "@(") || strings.HasPrefix(trimmed, "@{") {
			k.report(n.Fault(Error, n.Text, "an expression has to be the whole text; this one is followed by something else"))
			return
		}
		value := *n.Text
		value.cut(lead, lead+len(strings.TrimRight(trimmed, " \t\r\n")))
		n.Text = &value
	case MarkupText:
		if n.Text != nil && n.Text.Expression {
			k.expression(n, n.Text)
		}
	}
}

func (k *checker) children(n *Node, e *Element) {
	count := make(map[string]int)
	furthest := 0
	for _, c := range n.Children {
		i := slices.IndexFunc(e.Children, func(d Child) bool { return d.Name == c.Name })
		if i < 0 {
			k.report(c.Fault(Error, nil, "The element '%s' has invalid child element '%s'.%s%s", n.Name, c.Name, childList(e), didYouMean(c.Name, childNames(e))))
			continue
		}
		def := &e.Children[i]
		if e.Ordered && i < furthest {
			k.report(c.Fault(Error, nil, "The element '%s' has invalid child element '%s' here: it has to stand before <%s>. The order is %s.",
				n.Name, c.Name, e.Children[furthest].Name, strings.Join(childNames(e), ", ")))
		}
		furthest = max(furthest, i)
		if count[c.Name]++; def.Max > 0 && count[c.Name] == def.Max+1 {
			k.report(c.Fault(Error, nil, "<%s> may stand in <%s> only %s", c.Name, n.Name, times(def.Max)))
		}
		k.element(c, &def.Element, false)
	}
	for _, def := range e.Children {
		if count[def.Name] < def.Min {
			k.report(n.Fault(Error, nil, "The element '%s' has incomplete content: it needs <%s>.", n.Name, def.Name))
		}
	}
}

func childNames(e *Element) []string {
	names := make([]string, len(e.Children))
	for i, c := range e.Children {
		names[i] = c.Name
	}
	return names
}

func childList(e *Element) string {
	if len(e.Children) == 0 {
		return fmt.Sprintf(" <%s> has no child elements.", e.Name)
	}
	return " List of possible elements expected: '" + strings.Join(childNames(e), ", ") + "'."
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
