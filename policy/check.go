package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Check tells what is wrong with a bound document of a scope, "" if that is not
// known, all findings at once. It fills in the nodes' definitions; Compile needs
// that.
func Check(root *Node, scope exchange.Scope, c *Catalogue) Diagnostics {
	k := checker{catalogue: c, scope: scope, once: make(map[string]bool)}
	resolver := c.Lookup(root.Name)
	switch {
	case root.Name == policiesRoot:
		k.sections(root)
	case resolver != nil && resolver.Root && (scope == ScopeResolver || scope == ""):
		k.resolver = true
		k.statement(root, resolver)
	default:
		k.report(RuleRootUnknown, root.Fault(Error, nil, "a policy document's root element is <policies>, not <%s>", root.Name))
	}
	k.found.Sort()
	return k.found.Unique()
}

// CheckFragment is Check for a fragment that is looked at alone, as if a section
// included it.
func CheckFragment(root *Node, section exchange.Section, c *Catalogue) Diagnostics {
	k := checker{catalogue: c, section: section, once: make(map[string]bool)}
	k.includedFragment(root)
	k.found.Sort()
	return k.found.Unique()
}

func (k *checker) sections(root *Node) {
	k.noAttributes(root)
	k.noText(root)
	seen := make(map[string]bool)
	for _, n := range root.Children {
		switch {
		case !slices.Contains(sectionNames, n.Name):
			k.report(RuleSectionUnknown, n.Fault(Error, nil, "<policies> has no section <%s>%s; its sections are inbound, backend, outbound and on-error", n.Name, didYouMean(n.Name, sectionNames)))
			continue
		case seen[n.Name]:
			k.report(RuleSectionDoubled, n.Fault(Error, nil, "section <%s> stands here for the second time", n.Name))
		}
		seen[n.Name] = true
		k.noAttributes(n)
		k.noText(n)
		k.section = exchange.Section(n.Name)
		clear(k.once)
		k.statements(n.Children)
	}
}

var sectionNames = []string{"inbound", "backend", "outbound", "on-error"}

type checker struct {
	catalogue *Catalogue
	scope     exchange.Scope
	section   exchange.Section
	once      map[string]bool // the statements that were here, of those that may be only once
	fragment  bool            // inside an included fragment
	idle      bool            // inside a statement that does not run, which is told as a whole
	resolver  bool            // in a resolver's document
	found     Diagnostics
}

func (k *checker) report(rule string, d Diagnostic) { k.found = append(k.found, d.Under(rule)) }

func (k *checker) noAttributes(n *Node) {
	for _, v := range n.Attrs {
		k.attributeFault(RuleAttributeUnknown, v, "The '%s' attribute is not declared: <%s> takes no attributes", v.Name, n.Name)
	}
}

func (k *checker) noText(n *Node) {
	if v := n.Text; v != nil {
		if p := n.bindings.Placeholder; p != nil && isSpace(p.ReplaceAllString(v.Text, "")) {
			return
		}
		first := len(v.Text) - len(strings.TrimLeft(v.Text, whiteSpace))
		k.report(RuleTextUnexpected, v.doc.diagnostic(Error, v.offset(first), fmt.Sprintf("The element '%s' cannot contain text.", n.Name)))
	}
}

func (k *checker) statements(nodes []*Node) {
	for _, n := range nodes {
		d := k.catalogue.Lookup(n.Name)
		switch {
		case slices.Contains(sectionNames, n.Name):
			k.report(RuleStatementSection, n.Fault(Error, nil, "Policy section is not allowed in the specified scope: <%s> stands inside <%s>", n.Name, k.section))
		case d == nil:
			k.report(RuleStatementUnknown, n.Fault(Error, nil, "There is no policy matching element name: <%s>%s", n.Name, didYouMean(n.Name, k.catalogue.Names())))
		case k.fragment && n.Name == baseName:
			k.report(RuleStatementSection, n.Fault(Error, nil, "a fragment must not hold <base/>"))
		case k.mayStandHere(n, d):
			k.statement(n, d)
		}
	}
}

// mayStandHere reports whether section and scope take the statement.
func (k *checker) mayStandHere(n *Node, d *Definition) bool {
	switch {
	case len(d.Sections) == 0:
		k.report(RuleStatementSection, n.Fault(Error, nil, "Policy is not allowed in this section: <%s> belongs to a GraphQL resolver, not into %s", n.Name, k.section))
		return false
	case !slices.Contains(d.Sections, k.section):
		k.report(RuleStatementSection, n.Fault(Error, nil, "Policy is not allowed in this section: <%s> may stand in %s, not in %s", n.Name, list(d.Sections), k.section))
		return false
	case k.scope != "" && d.Scopes != nil && !slices.Contains(d.Scopes, k.scope):
		k.report(RuleStatementScope, n.Fault(Error, nil, "Policy is not allowed in the specified scope: <%s> may stand in documents of the scope %s, this one is of %s", n.Name, list(d.Scopes), k.scope))
		return false
	case d.Once && k.once[n.Name]:
		k.report(RuleStatementDoubled, n.Fault(Error, nil, "<%s> may stand in %s only once", n.Name, k.section))
	}
	if d.Once {
		k.once[n.Name] = true
	}
	return true
}

// statement checks one that stands where it may. What does not run is checked all
// the same, and then told once, at its name.
func (k *checker) statement(n *Node, d *Definition) {
	outer := k.idle
	k.idle = !d.Runs()
	k.element(n, &d.Element, true)
	if n.fragment != nil {
		k.includedFragment(n.fragment)
	}
	k.idle = outer
	if !d.Runs() {
		n.idle = true
		k.report(RuleNotEmulated, n.Fault(Unsupported, nil, "<%s> is an APIM policy that does not run in this version of the emulator", n.Name))
	}
}

// includedFragment checks a fragment where it is put in.
func (k *checker) includedFragment(root *Node) {
	if root.Name != fragmentRoot {
		k.report(RuleRootUnknown, root.Fault(Error, nil, "a fragment's root element is <fragment>, not <%s>", root.Name))
		return
	}
	k.noAttributes(root)
	k.noText(root)
	k.fragment = true
	k.statements(root.Children)
	k.fragment = false
}

func list[T ~string](items []T) string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = string(item)
	}
	return strings.Join(names, ", ")
}

// element checks n against its definition; statement says that it is a statement
// of its own, which may carry an id.
func (k *checker) element(n *Node, e *Element, statement bool) {
	n.def = e
	if e.Foreign {
		return
	}
	before := len(k.found)
	k.attributes(n, e, statement)
	k.groups(n, e)
	k.text(n, e)
	k.children(n, e)
	if e.Check != nil && len(k.found[before:].Of(Error)) == 0 {
		for _, d := range e.Check(n) {
			rule := RuleStatementInvalid
			if d.Severity == Warning {
				rule = RuleStatementDoubtful
			}
			k.found = append(k.found, d.orUnder(rule))
		}
	}
}

func (k *checker) attributes(n *Node, e *Element, statement bool) {
	for _, v := range n.Attrs {
		a := e.attribute(v.Name)
		switch {
		case a != nil:
			k.value(n, v, a)
		case statement && v.Name == "id":
			if v.Expression {
				k.report(RuleExpressionPlace, n.Fault(Error, v, "the id of a policy takes no expression"))
			}
		default:
			names := attributeNames(e)
			if statement {
				names = append(names, "id")
			}
			k.attributeFault(RuleAttributeUnknown, v, "The '%s' attribute is not declared on <%s>%s", v.Name, n.Name, didYouMean(v.Name, names))
		}
	}
	for _, a := range e.Attributes {
		if a.Required && !n.Has(a.Name) {
			k.report(RuleAttributeMissing, n.Fault(Error, nil, "The required attribute '%s' is missing on <%s>.", a.Name, n.Name))
		}
	}
}

// groups checks attributes and children of which some need or exclude others.
func (k *checker) groups(n *Node, e *Element) {
	for _, group := range e.OneOf {
		if present(n, group) == nil {
			k.report(RuleAttributeMissing, n.Fault(Error, nil, "<%s> needs one of the %s", n.Name, groupNames(group)))
		}
	}
	for _, group := range e.AtLeastOne {
		if present(n, group) == nil {
			k.report(RuleAttributeMissing, n.Fault(Error, nil, "<%s> needs at least one of the %s", n.Name, groupNames(group)))
		}
	}
	for _, group := range slices.Concat(e.OneOf, e.AtMostOne) {
		if found := present(n, group); len(found) > 1 {
			k.memberFault(n, found[1], "<%s> takes only one of the %s", n.Name, groupNames(group))
		}
	}
	for _, group := range e.Together {
		if found := present(n, group); len(found) > 0 && len(found) < len(group) {
			k.memberFault(n, found[0], "<%s> takes the %s only together", n.Name, groupNames(group))
		}
	}
}

// childName is the name of a child that a group names in <brackets>.
func childName(member string) (name string, ok bool) {
	name, ok = strings.CutPrefix(member, "<")
	return strings.TrimSuffix(name, ">"), ok
}

// present are the members of a group that are there.
func present(n *Node, group []string) []string {
	var found []string
	for _, member := range group {
		if name, ok := childName(member); ok && n.Child(name) != nil || !ok && n.Has(member) {
			found = append(found, member)
		}
	}
	return found
}

func groupNames(group []string) string {
	if _, ok := childName(group[0]); ok {
		return "elements " + list(group)
	}
	return "attributes " + list(group)
}

// memberFault reports a fault where the member of a group stands.
func (k *checker) memberFault(n *Node, member, format string, args ...any) {
	if name, ok := childName(member); ok {
		k.report(RuleAttributeTogether, n.Child(name).Fault(Error, nil, format, args...))
		return
	}
	k.attributeFault(RuleAttributeTogether, n.Attr(member), format, args...)
}

func (k *checker) attributeFault(rule string, v *Value, format string, args ...any) {
	k.report(rule, v.doc.diagnostic(Error, v.nameAt, fmt.Sprintf(format, args...)))
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
		k.nested(n, e)
		return
	}
	count := make(map[string]int)
	furthest := 0
	once := k.once
	for _, c := range n.Children {
		i := slices.IndexFunc(e.Children, func(d Child) bool { return d.Name == c.Name })
		if i < 0 {
			k.invalidChild(n, c, childNames(e))
			continue
		}
		def := &e.Children[i]
		if e.Ordered && i < furthest {
			k.report(RuleElementOrder, c.Fault(Error, nil, "The element '%s' has invalid child element '%s' here: it has to stand before <%s>. The order is %s.",
				n.Name, c.Name, e.Children[furthest].Name, list(childNames(e))))
		}
		furthest = max(furthest, i)
		if count[c.Name]++; def.Max > 0 && count[c.Name] == def.Max+1 {
			k.report(RuleElementDoubled, c.Fault(Error, nil, "<%s> may stand in <%s> only %s", c.Name, n.Name, times(def.Max)))
		}
		if def.Element.Statements {
			once = k.branch(once, func() { k.child(c, def) })
		} else {
			k.child(c, def)
		}
	}
	k.once = once
	for _, def := range e.Children {
		if count[def.Name] < def.Min {
			k.report(RuleElementMissing, n.Fault(Error, nil, "The element '%s' has incomplete content: it needs <%s>.", n.Name, def.Name))
		}
	}
}

func (k *checker) child(n *Node, def *Child) {
	e := &def.Element
	if d := k.catalogue.Lookup(def.Name); def.Statement && d != nil {
		e = &d.Element
	}
	k.element(n, e, def.Statement)
}

// nested checks the statements that stand in n.
func (k *checker) nested(n *Node, e *Element) {
	allowed := make([]*Node, 0, len(n.Children))
	for _, c := range n.Children {
		if e.Only != nil && !slices.Contains(e.Only, c.Name) {
			k.invalidChild(n, c, e.Only)
			continue
		}
		allowed = append(allowed, c)
	}
	k.statements(allowed)
}

// branch checks one of several branches that exclude each other: none knows what
// the others used up of the statements that may be only once. It gives what all so
// far used.
func (k *checker) branch(used map[string]bool, check func()) map[string]bool {
	before := k.once
	k.once = maps.Clone(before)
	check()
	used = maps.Clone(used)
	maps.Copy(used, k.once)
	k.once = before
	return used
}

func (k *checker) invalidChild(n, c *Node, expected []string) {
	possible := fmt.Sprintf(" <%s> has no child elements.", n.Name)
	if len(expected) > 0 {
		possible = " List of possible elements expected: '" + list(expected) + "'."
	}
	k.report(RuleElementUnexpected, c.Fault(Error, nil, "The element '%s' has invalid child element '%s'.%s%s", n.Name, c.Name, possible, didYouMean(c.Name, expected)))
}

func childNames(e *Element) []string {
	names := make([]string, len(e.Children))
	for i, c := range e.Children {
		names[i] = c.Name
	}
	return names
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
