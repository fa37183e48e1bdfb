package lint

import (
	"strings"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
)

// expression is one of a statement's, with what it uses.
type expression struct {
	node  *policy.Node // the element that it stands in
	value *policy.Value
	uses  expr.Uses
}

// statement is one statement where it stands.
type statement struct {
	node    *policy.Node
	section exchange.Section
	parent  *statement // that it stands in; nil directly in a section
	always  bool       // nothing decides whether it runs but what stands before it
	looked  bool
	known   []expression
}

// expressions are those of the statement itself, without those of statements in it.
func (s *statement) expressions() []expression {
	if !s.looked {
		s.looked = true
		s.collect(s.node)
	}
	return s.known
}

func (s *statement) collect(n *policy.Node) {
	for _, v := range n.Attrs {
		s.add(n, v)
	}
	if v := n.Body(); v != nil {
		s.add(n, v)
	}
	if n != s.node && holdsStatements(n) {
		return
	}
	if !holdsStatements(n) {
		for _, c := range n.Children {
			if !holdsStatements(c) {
				s.collect(c)
			} else {
				for _, v := range c.Attrs { // the condition of a when is the choose's
					s.add(c, v)
				}
			}
		}
	}
}

func (s *statement) add(n *policy.Node, v *policy.Value) {
	if e := v.Compiled(); e != nil {
		s.known = append(s.known, expression{n, v, e.Uses()})
	} else if v.Expression {
		// One with mistakes, which have been told, may use anything.
		s.known = append(s.known, expression{n, v, expr.Uses{AllVariables: true}})
	}
}

func holdsStatements(n *policy.Node) bool { return n.Element() != nil && n.Element().Statements }

// literal is the attribute's text if it is known; ok is false of expressions and
// where named values are open.
func literal(n *policy.Node, name string) (text string, ok bool) {
	v := n.Attr(name)
	if v == nil || v.Expression || n.Open(v) {
		return "", false
	}
	return v.Text, true
}

// variableReads are the variables that texts of other languages in n read: Liquid,
// and names of attributes.
var liquidVariable = pattern.Lazy(`context\.Variables\s*(?:\[\s*["']([^"']+)["']\s*\]|\.\s*([A-Za-z_]\w*))`)

// readsByName are the variables that the statement reads without an expression.
func readsByName(n *policy.Node) (names []string) {
	if n.Name == "return-response" {
		if name, ok := literal(n, "response-variable-name"); ok {
			names = append(names, name)
		}
	}
	if v := n.Body(); v != nil && !v.Expression && strings.Contains(v.Text, "context.Variables") {
		for _, m := range liquidVariable().FindAllStringSubmatch(v.Text, -1) {
			names = append(names, m[1]+m[2])
		}
	}
	if !holdsStatements(n) {
		for _, c := range n.Children {
			names = append(names, readsByName(c)...)
		}
	}
	return names
}

// set is where a variable gets a value.
type set struct {
	name string
	node *policy.Node
	at   *policy.Value // the name
	typ  *expr.Type    // nil: not known
}

// sets are the variables that the statement sets. open says that it may set others:
// one whose name is not known.
func sets(n *policy.Node) (found []set, open bool) {
	for _, v := range n.Attrs {
		isName := strings.HasSuffix(v.Name, "variable-name") || n.Name == "set-variable" && v.Name == "name"
		if !isName || n.Name == "return-response" {
			continue
		}
		if v.Expression || n.Open(v) {
			open = true
			continue
		}
		found = append(found, set{v.Text, n, v, typeOfSet(n)})
	}
	return found, open
}

// typeOfSet is the type of the variable that n sets.
func typeOfSet(n *policy.Node) *expr.Type {
	if n.Name != "set-variable" {
		return nil
	}
	v := n.Attr("value")
	switch {
	case v == nil || n.Open(v):
		return nil
	case !v.Expression:
		return expr.Text()
	case v.Compiled() == nil:
		return nil
	}
	return v.Compiled().Type()
}

// constantText is the text of an expression that is always the same.
func constantText(v *policy.Value) (string, bool) {
	if v.Compiled() == nil {
		return "", false
	}
	uses := v.Compiled().Uses()
	text, ok := uses.Value.(string)
	return text, ok && uses.Constant
}
