package syntax

import (
	"fmt"
	"slices"
	"testing"
)

// literalTypes are the types of the values of literals.
var literalTypes = [...]string{
	NullLiteral: "<nil>", BoolLiteral: "bool", CharLiteral: "uint16", StringLiteral: "string", IntLiteral: "int32",
	UIntLiteral: "uint32", LongLiteral: "int64", ULongLiteral: "uint64", FloatLiteral: "float32",
	DoubleLiteral: "float64", DecimalLiteral: "string",
}

// checkTree asserts what holds of every tree: ids from 0 in the order of the
// source, children inside their parents and one after the other.
func checkTree(t *testing.T, tree *Tree) {
	t.Helper()
	var parents []Node
	last := map[Node]Node{} // the child of a node that was seen last
	id := 0
	var root Node = tree.Block
	if tree.Expr != nil {
		root = tree.Expr
	}
	start := 0
	Walk(root, func(n Node) bool {
		if n == nil {
			parents = parents[:len(parents)-1]
			return false
		}
		s := n.Span()
		if n.ID() != id || s.Start < start {
			t.Errorf("%q: node %T at %v has id %d after %d at %d", tree.Source, n, s, n.ID(), id-1, start)
		}
		id++
		start = s.Start
		if s.Start < 0 || s.End <= s.Start || s.End > len(tree.Source) {
			t.Errorf("%q: node %T has span %v", tree.Source, n, s)
		}
		if lit, ok := n.(*Literal); ok && fmt.Sprintf("%T", lit.Value) != literalTypes[lit.Kind] {
			t.Errorf("%q: a literal of kind %d has a value of type %T", tree.Source, lit.Kind, lit.Value)
		}
		if len(parents) > 0 {
			parent := parents[len(parents)-1]
			if outer := parent.Span(); s.Start < outer.Start || s.End > outer.End {
				t.Errorf("%q: %T %v is not inside %T %v", tree.Source, n, s, parent, outer)
			}
			_, twoReadings := parent.(*TypePattern)
			if sibling := last[parent]; sibling != nil && sibling.Span().End > s.Start && !twoReadings {
				t.Errorf("%q: in %T, %T %v overlaps %T %v", tree.Source, parent, n, s, sibling, sibling.Span())
			}
			last[parent] = n
		}
		parents = append(parents, n)
		return true
	})
	if id != tree.Nodes {
		t.Errorf("%q: %d nodes, want %d", tree.Source, tree.Nodes, id)
	}
}

// checkSpans asserts that the text of each expression is read as that expression.
func checkSpans(t *testing.T, tree *Tree) {
	t.Helper()
	var root Node = tree.Block
	if tree.Expr != nil {
		root = tree.Expr
	}
	Walk(root, func(n Node) bool {
		x, ok := n.(Expr)
		if !ok || !standsAlone(x, tree.Source) {
			return n != nil
		}
		text := tree.Source[x.Span().Start:x.Span().End]
		again, errs := Parse("@(" + text + ")")
		if len(errs) > 0 {
			t.Errorf("%q: the text %q of %T is refused: %v", tree.Source, text, x, errs[0])
		} else if got, want := show(again), (printer{}).expr(x); got != want {
			t.Errorf("%q: the text %q is\n%s\nand not\n%s", tree.Source, text, got, want)
		}
		return true
	})
}

// standsAlone reports whether x means the same outside its place.
func standsAlone(x Expr, source string) bool {
	switch x := x.(type) {
	case *TypeExpr, *ThrowExpr, *Declaration:
		return false
	case *NewArray:
		return !x.Bare
	case *Query:
		return x.From.Name != "" // else it continues another
	}
	text := source[x.Span().Start:x.Span().End]
	accesses := text[0] == '[' || text[0] == '.' && (len(text) == 1 || !isDigit(text[1]))
	return !accesses // ?.b and ?[b] without their target
}

// Walk goes to a node before its children, leaves out the children of what is
// refused, and tells when it comes back.
func TestWalk(t *testing.T) {
	tree, errs := Parse("@(f(a + b, x => x.c))")
	if errs != nil {
		t.Fatal(errs)
	}
	var got []string
	Walk(tree.Expr, func(n Node) bool {
		if n == nil {
			got = append(got, "back")
			return false
		}
		got = append(got, tree.Source[n.Span().Start:n.Span().End])
		_, isLambda := n.(*Lambda)
		return !isLambda
	})
	want := []string{"f(a + b, x => x.c)", "f", "back", "a + b", "a", "back", "b", "back", "back", "x => x.c", "back"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
