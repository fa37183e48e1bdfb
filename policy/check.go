package policy

import (
	"fmt"
	"slices"
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
	fragment  bool // inside an included fragment
	found     Diagnostics
}

func (k *checker) report(d Diagnostic) { k.found = append(k.found, d) }

func (k *checker) noAttributes(n *Node) {
	for _, v := range n.Attrs {
		k.attributeFault(v, "The '%s' attribute is not declared: <%s> takes no attributes", v.Name, n.Name)
	}
}

func (k *checker) noText(n *Node) {
	if v := n.Text; v != nil {
		first := len(v.Text) - len(strings.TrimLeft(v.Text, whiteSpace))
		k.report(v.doc.diagnostic(Error, v.offset(first), fmt.Sprintf("The element '%s' cannot contain text.", n.Name)))
	}
}

func (k *checker) statements(nodes []*Node) {
	for _, n := range nodes {
		d := k.catalogue.Lookup(n.Name)
		switch {
		case slices.Contains(sectionNames, n.Name):
			k.report(n.Fault(Error, nil, "Policy section is not allowed in the specified scope: <%s> stands inside <%s>", n.Name, k.section))
		case d == nil:
			k.report(n.Fault(Error, nil, "There is no policy matching element name: <%s>%s", n.Name, didYouMean(n.Name, k.catalogue.Names())))
		case !d.Runs():
			n.idle = true
			k.report(n.Fault(Unsupported, nil, "<%s> is an APIM policy that does not run in this version of the emulator", n.Name))
		case !slices.Contains(d.Sections, k.section):
			k.report(n.Fault(Error, nil, "Policy is not allowed in this section: <%s> may stand in %s, not in %s", n.Name, sectionList(d.Sections), k.section))
		case k.fragment && n.Name == baseName:
			k.report(n.Fault(Error, nil, "a fragment must not hold <base/>"))
		default:
			k.element(n, &d.Element, true)
			if n.fragment != nil {
				k.includedFragment(n.fragment)
			}
		}
	}
}

// includedFragment checks a fragment where it is put in.
func (k *checker) includedFragment(root *Node) {
	if root.Name != fragmentRoot {
		k.report(root.Fault(Error, nil, "a fragment's root element is <fragment>, not <%s>", root.Name))
		return
	}
	k.noAttributes(root)
	k.noText(root)
	k.fragment = true
	k.statements(root.Children)
	k.fragment = false
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
			names := attributeNames(e)
			if statement {
				names = append(names, "id")
			}
			k.attributeFault(v, "The '%s' attribute is not declared on <%s>%s", v.Name, n.Name, didYouMean(v.Name, names))
		}
	}
	for _, a := range e.Attributes {
		if a.Required && !n.Has(a.Name) {
			k.report(n.Fault(Error, nil, "The required attribute '%s' is missing on <%s>.", a.Name, n.Name))
		}
	}
	for _, group := range e.OneOf {
		if !slices.ContainsFunc(group, n.Has) {
			k.report(n.Fault(Error, nil, "<%s> needs one of the attributes %s", n.Name, strings.Join(group, ", ")))
		}
	}
	for _, group := range slices.Concat(e.OneOf, e.AtMostOne) {
		present := slices.DeleteFunc(slices.Clone(group), func(name string) bool { return !n.Has(name) })
		if len(present) > 1 {
			k.attributeFault(n.Attr(present[1]), "<%s> takes only one of the attributes %s", n.Name, strings.Join(group, ", "))
		}
	}
}

func (k *checker) attributeFault(v *Value, format string, args ...any) {
	k.report(v.doc.diagnostic(Error, v.nameAt, fmt.Sprintf(format, args...)))
}

func attributeNames(e *Element) []string {
	names := make([]string, len(e.Attributes))
	for i, a := range e.Attributes {
		names[i] = a.Name
	}
	return names
}

func (k *checker) children(n *Node, e *Element) {
	if e.Statements {
		k.statements(n.Children)
		return
	}
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
