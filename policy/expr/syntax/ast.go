package syntax

// Span is a piece of the source text: byte offsets, End exclusive.
type Span struct{ Start, End int }

// Node is a node of the syntax tree.
type Node interface {
	// Span is the piece of source that the node was read from.
	Span() Span
	// ID numbers the nodes of one tree from 0, in source order of their start;
	// what observes an evaluation names nodes by it.
	ID() int

	place() *At
}

// At is a node's place; every node embeds it.
type At struct {
	span Span
	id   int
}

// Span is part of Node.
func (a *At) Span() Span { return a.span }

// ID is part of Node.
func (a *At) ID() int { return a.id }

func (a *At) place() *At { return a }

// Expr is an expression.
type Expr interface {
	Node
	expr()
}

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// TypeRef is a type as it is written.
type TypeRef interface {
	Node
	typeRef()
}

// Pattern is what may follow `is` or `case`.
type Pattern interface {
	Node
	pattern()
}

// Tree is a policy expression: exactly one of Expr and Block is set.
type Tree struct {
	Source string // the whole text, with its @( ) or @{ }
	Expr   Expr   // of @(...)
	Block  *Block // of @{...}
	Nodes  int    // how many ids were given
}
