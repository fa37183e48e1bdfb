package syntax

import "fmt"

// Walk calls f with n and with every node under it, each before its children and
// these in the order of the source. Where f returns false the children are left
// out; else f is called with nil after them.
func Walk(n Node, f func(Node) bool) {
	w := walker{f}
	w.node(n)
}

// number gives the nodes of the tree their ids, or returns what is wrong if it is
// too deep.
func (t *Tree) number() *Error {
	var root Node = t.Block
	if t.Expr != nil {
		root = t.Expr
	}
	depth, deepest := 0, Span{}
	Walk(root, func(n Node) bool {
		if n == nil {
			depth--
			return false
		}
		n.place().id = t.Nodes
		t.Nodes++
		if depth++; depth > MaxDepth {
			deepest = n.Span()
			depth--
			return false
		}
		return true
	})
	if deepest != (Span{}) {
		return &Error{Span: deepest, Message: depthMessage}
	}
	return nil
}

type walker struct {
	f func(Node) bool
}

func (w walker) node(n Node) {
	if !w.f(n) {
		return
	}
	switch n := n.(type) {
	case Expr:
		w.exprChildren(n)
	case Stmt:
		w.stmtChildren(n)
	case TypeRef:
		w.typeChildren(n)
	case Pattern:
		w.patternChildren(n)
	case *Init:
		w.initChildren(n)
	default:
		panic(fmt.Sprintf("syntax: Walk does not know %T", n))
	}
	w.f(nil)
}

// The functions that follow leave out what is not set.

func (w walker) expr(x Expr) {
	if x != nil {
		w.node(x)
	}
}

func (w walker) exprs(list []Expr) {
	for _, x := range list {
		w.expr(x)
	}
}

func (w walker) stmt(s Stmt) {
	if s != nil {
		w.node(s)
	}
}

func (w walker) stmts(list []Stmt) {
	for _, s := range list {
		w.stmt(s)
	}
}

func (w walker) block(b *Block) {
	if b != nil {
		w.node(b)
	}
}

func (w walker) typ(t TypeRef) {
	if t != nil {
		w.node(t)
	}
}

func (w walker) types(list []TypeRef) {
	for _, t := range list {
		w.typ(t)
	}
}

func (w walker) init(i *Init) {
	if i != nil {
		w.node(i)
	}
}

func (w walker) args(list []Arg) {
	for _, a := range list {
		w.expr(a.Expr)
	}
}

func (w walker) params(list []Param) {
	for _, p := range list {
		w.typ(p.Type)
		w.expr(p.Default)
	}
}

func (w walker) exprChildren(x Expr) {
	switch x := x.(type) {
	case *Literal:
	case *Interpolated:
		for _, part := range x.Parts {
			w.expr(part.Expr)
			w.expr(part.Alignment)
		}
	case *Name:
		w.types(x.Args)
	case *TypeExpr:
		w.typ(x.Type)
	case *Member:
		w.expr(x.Target)
		w.types(x.Args)
	case *Call:
		w.expr(x.Target)
		w.args(x.Args)
	case *Index:
		w.expr(x.Target)
		w.args(x.Args)
	case *ConditionalAccess:
		w.expr(x.Target)
		w.expr(x.Access)
	case *MemberBinding:
		w.types(x.Args)
	case *ElementBinding:
		w.args(x.Args)
	case *Unary:
		w.expr(x.X)
	case *Postfix:
		w.expr(x.X)
	case *Binary:
		w.expr(x.X)
		w.expr(x.Y)
	case *Assign:
		w.expr(x.X)
		w.expr(x.Y)
	case *Conditional:
		w.expr(x.Cond)
		w.expr(x.Then)
		w.expr(x.Else)
	case *Is:
		w.expr(x.X)
		w.node(x.Pattern)
	case *As:
		w.expr(x.X)
		w.typ(x.Type)
	case *Cast:
		w.typ(x.Type)
		w.expr(x.X)
	case *Paren:
		w.expr(x.X)
	case *TupleExpr:
		w.args(x.Elems)
	case *TypeOf:
		w.typ(x.Type)
	case *NameOf:
		w.expr(x.X)
	case *Default:
		w.typ(x.Type)
	case *Checked:
		w.expr(x.X)
	case *New:
		w.typ(x.Type)
		w.args(x.Args)
		w.init(x.Init)
	case *NewArray:
		w.typ(x.Elem)
		w.exprs(x.Sizes)
		w.init(x.Init)
	case *NewAnonymous:
		for _, m := range x.Members {
			w.expr(m.Expr)
		}
	case *Lambda:
		w.params(x.Params)
		w.expr(x.Expr)
		w.block(x.Block)
	case *Query:
		w.queryChildren(x)
	case *Declaration:
		w.typ(x.Type)
		for i := range x.Nested {
			w.node(&x.Nested[i])
		}
	case *ThrowExpr:
		w.expr(x.X)
	default:
		panic(fmt.Sprintf("syntax: Walk does not know %T", x))
	}
}

func (w walker) initChildren(i *Init) {
	for _, e := range i.Elems {
		w.args(e.Index)
		w.exprs(e.Args)
		w.expr(e.Value)
		w.init(e.Nested)
	}
}

func (w walker) queryChildren(q *Query) {
	w.from(&q.From)
	for _, c := range q.Clauses {
		switch {
		case c.From != nil:
			w.from(c.From)
		case c.Let != nil:
			w.expr(c.Let.Expr)
		case c.Join != nil:
			w.typ(c.Join.Type)
			w.expr(c.Join.In)
			w.expr(c.Join.Left)
			w.expr(c.Join.Right)
		}
		w.expr(c.Where)
		for _, key := range c.OrderBy {
			w.expr(key.Expr)
		}
	}
	w.expr(q.Select)
	w.expr(q.Group)
	w.expr(q.GroupBy)
	if q.Continuation != nil {
		w.node(q.Continuation)
	}
}

func (w walker) from(f *FromClause) {
	w.typ(f.Type)
	w.expr(f.In)
}

func (w walker) typeChildren(t TypeRef) {
	switch t := t.(type) {
	case *NamedType:
		for _, part := range t.Parts {
			w.types(part.Args)
		}
	case *ArrayType:
		w.typ(t.Elem)
	case *NullableType:
		w.typ(t.Elem)
	case *TupleType:
		for _, e := range t.Elems {
			w.typ(e.Type)
		}
	default:
		panic(fmt.Sprintf("syntax: Walk does not know %T", t))
	}
}

func (w walker) patternChildren(p Pattern) {
	switch p := p.(type) {
	case *ConstantPattern:
		w.expr(p.X)
	case *TypePattern:
		w.typ(p.Type)
		w.expr(p.Expr)
	case *DeclarationPattern:
		w.typ(p.Type)
	default:
		panic(fmt.Sprintf("syntax: Walk does not know %T", p))
	}
}

func (w walker) stmtChildren(s Stmt) {
	switch s := s.(type) {
	case *Block:
		w.stmts(s.Stmts)
	case *LocalDecl:
		w.localDecl(s)
	case *ExprStmt:
		w.expr(s.X)
	case *If:
		w.expr(s.Cond)
		w.stmt(s.Then)
		w.stmt(s.Else)
	case *For:
		if s.Decl != nil {
			w.node(s.Decl)
		}
		w.exprs(s.Init)
		w.expr(s.Cond)
		w.exprs(s.Post)
		w.stmt(s.Body)
	case *Foreach:
		w.typ(s.Type)
		w.expr(s.Deconstruct)
		w.expr(s.X)
		w.stmt(s.Body)
	case *While:
		w.expr(s.Cond)
		w.stmt(s.Body)
	case *Do:
		w.stmt(s.Body)
		w.expr(s.Cond)
	case *Switch:
		w.switchChildren(s)
	case *Goto:
		w.expr(s.Case)
	case *Labeled:
		w.stmt(s.Stmt)
	case *Return:
		w.expr(s.X)
	case *Throw:
		w.expr(s.X)
	case *Try:
		w.block(s.Block)
		for _, c := range s.Catches {
			w.typ(c.Type)
			w.expr(c.When)
			w.block(c.Block)
		}
		w.block(s.Finally)
	case *Using:
		if s.Decl != nil {
			w.node(s.Decl)
		}
		w.expr(s.X)
		w.stmt(s.Body)
	case *CheckedBlock:
		w.block(s.Block)
	case *Lock:
		w.expr(s.X)
		w.stmt(s.Body)
	case *Yield:
		w.expr(s.X)
	case *LocalFunc:
		w.localFunc(s)
	case *Break, *Continue, *Empty:
	default:
		panic(fmt.Sprintf("syntax: Walk does not know %T", s))
	}
}

func (w walker) localDecl(d *LocalDecl) {
	w.typ(d.Type)
	for _, v := range d.Vars {
		w.expr(v.Init)
	}
}

func (w walker) switchChildren(s *Switch) {
	w.expr(s.X)
	for _, section := range s.Sections {
		for _, l := range section.Labels {
			if l.Pattern != nil {
				w.node(l.Pattern)
			}
			w.expr(l.When)
		}
		w.stmts(section.Stmts)
	}
}

func (w walker) localFunc(f *LocalFunc) {
	w.typ(f.Result)
	w.params(f.Params)
	for _, c := range f.Constraints {
		w.types(c.Bounds)
	}
	w.expr(f.Expr)
	w.block(f.Block)
}
