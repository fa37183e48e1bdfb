package syntax

import (
	"fmt"
	"strings"
)

// show writes a tree as an S-expression on one line.
func show(t *Tree) string {
	var p printer
	if t.Expr != nil {
		return p.expr(t.Expr)
	}
	return p.stmt(t.Block)
}

// printer writes nodes as S-expressions. Types have no spaces, so that they stand
// as one word.
type printer struct{}

// list is ( words ), the empty ones left out.
func list(words ...string) string {
	kept := words[:0]
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return "(" + strings.Join(kept, " ") + ")"
}

func each[T any](items []T, f func(T) string) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = f(item)
	}
	return strings.Join(words, " ")
}

func (p printer) typ(t TypeRef) string {
	switch t := t.(type) {
	case nil:
		return "var"
	case *NamedType:
		var parts []string
		for _, part := range t.Parts {
			parts = append(parts, part.Name+p.typeArgs(part.Args, part.Open))
		}
		return alias(t.Alias) + strings.Join(parts, ".")
	case *ArrayType:
		var elem TypeRef = t
		brackets := ""
		for {
			a, ok := elem.(*ArrayType)
			if !ok {
				return p.typ(elem) + brackets
			}
			brackets += rank(a.Rank)
			elem = a.Elem
		}
	case *NullableType:
		return p.typ(t.Elem) + "?"
	case *TupleType:
		var elems []string
		for _, e := range t.Elems {
			if e.Name == "" {
				elems = append(elems, p.typ(e.Type))
			} else {
				elems = append(elems, p.typ(e.Type)+":"+e.Name)
			}
		}
		return "(" + strings.Join(elems, ",") + ")"
	}
	return fmt.Sprintf("!%T", t)
}

func (p printer) typeArgs(args []TypeRef, open int) string {
	if open > 0 {
		return "<" + strings.Repeat(",", open-1) + ">"
	}
	if args == nil {
		return ""
	}
	return "<" + strings.ReplaceAll(each(args, p.typ), " ", ",") + ">"
}

func alias(a string) string {
	if a == "" {
		return ""
	}
	return a + "::"
}

func rank(n int) string { return "[" + strings.Repeat(",", n-1) + "]" }

func (p printer) arg(a Arg) string {
	s := p.expr(a.Expr)
	if a.Mode != ByValue {
		s = list([...]string{"", "ref", "out", "in"}[a.Mode], s)
	}
	if a.Name != "" {
		s = a.Name + ":" + s
	}
	return s
}

func (p printer) args(args []Arg) string { return each(args, p.arg) }

func (p printer) expr(x Expr) string {
	switch x := x.(type) {
	case nil:
		return ""
	case *Literal:
		return p.literal(x)
	case *Interpolated:
		return list("interp", each(x.Parts, p.part))
	case *Name:
		return alias(x.Alias) + x.Ident + p.typeArgs(x.Args, 0)
	case *TypeExpr:
		return list("type", p.typ(x.Type))
	case *Member:
		return list(".", p.expr(x.Target), x.Name+p.typeArgs(x.Args, 0))
	case *Call:
		return list("call", p.expr(x.Target), p.args(x.Args))
	case *Index:
		return list("index", p.expr(x.Target), p.args(x.Args))
	case *ConditionalAccess:
		return list("?.", p.expr(x.Target), p.expr(x.Access))
	case *MemberBinding:
		return "." + x.Name + p.typeArgs(x.Args, 0)
	case *ElementBinding:
		return "[" + p.args(x.Args) + "]"
	case *Unary:
		if x.Op == "++" || x.Op == "--" {
			return list("pre"+x.Op, p.expr(x.X))
		}
		return list(x.Op, p.expr(x.X))
	case *Postfix:
		return list("post"+x.Op, p.expr(x.X))
	case *Binary:
		return list(x.Op, p.expr(x.X), p.expr(x.Y))
	case *Assign:
		return list(x.Op, p.expr(x.X), p.expr(x.Y))
	case *Conditional:
		return list("?", p.expr(x.Cond), p.expr(x.Then), p.expr(x.Else))
	case *Is:
		return list("is", p.expr(x.X), p.pattern(x.Pattern))
	case *As:
		return list("as", p.expr(x.X), p.typ(x.Type))
	case *Cast:
		return list("cast", p.typ(x.Type), p.expr(x.X))
	case *Paren:
		return list("paren", p.expr(x.X))
	case *TupleExpr:
		return list("tuple", p.args(x.Elems))
	case *TypeOf:
		return list("typeof", p.typ(x.Type))
	case *NameOf:
		return list("nameof", p.expr(x.X))
	case *Default:
		if x.Type == nil {
			return "default"
		}
		return list("default", p.typ(x.Type))
	case *Checked:
		return list(checked(x.Unchecked), p.expr(x.X))
	case *New:
		return list("new", p.typ(x.Type), p.args(x.Args), p.init(x.Init))
	case *NewArray:
		return p.newArray(x)
	case *NewAnonymous:
		return list("anonymous", each(x.Members, p.anonymousMember))
	case *Lambda:
		return p.lambda(x)
	case *Query:
		return list("query", p.from(x.From), p.queryBody(x))
	case *Declaration:
		return list("decl", p.typ(x.Type), p.designation(*x))
	case *ThrowExpr:
		return list("throw", p.expr(x.X))
	}
	return fmt.Sprintf("!%T", x)
}

func checked(unchecked bool) string {
	if unchecked {
		return "unchecked"
	}
	return "checked"
}

func (p printer) part(part InterpolatedPart) string {
	if part.Expr == nil {
		return quoteText(part.Text)
	}
	align, format := "", ""
	if part.Alignment != nil {
		align = list("align", p.expr(part.Alignment))
	}
	if part.HasFormat {
		format = list("format", quoteText(part.Format))
	}
	return list("hole", p.expr(part.Expr), align, format)
}

func (p printer) newArray(x *NewArray) string {
	if x.Bare {
		return list("newarray bare", p.init(x.Init))
	}
	brackets := rank(x.Rank)
	if len(x.Sizes) > 0 {
		brackets = "[" + each(x.Sizes, p.expr) + "]"
	}
	for _, r := range x.Ranks {
		brackets += rank(r)
	}
	elem := ""
	if x.Elem != nil {
		elem = p.typ(x.Elem)
	}
	return list("newarray", elem, brackets, p.init(x.Init))
}

func (p printer) anonymousMember(m AnonymousMember) string {
	if m.Name == "" || m.Name == lastName(m.Expr) && m.Span == m.Expr.Span() {
		return p.expr(m.Expr)
	}
	return list("=", m.Name, p.expr(m.Expr))
}

func (p printer) init(i *Init) string {
	if i == nil {
		return ""
	}
	return list("init", each(i.Elems, p.element))
}

func (p printer) element(e InitElem) string {
	value := p.expr(e.Value) + p.init(e.Nested)
	switch {
	case e.Name != "":
		return list("=", e.Name, value)
	case e.Index != nil:
		return list("=", "["+p.args(e.Index)+"]", value)
	case e.Args != nil:
		return list("add", each(e.Args, p.expr))
	}
	return value
}

func (p printer) param(a Param) string {
	if a.Type == nil {
		return a.Name
	}
	s := p.typ(a.Type) + " " + a.Name
	if a.Mode != ByValue {
		s = [...]string{"", "ref", "out", "in"}[a.Mode] + " " + s
	}
	if a.Params {
		s = "params " + s
	}
	if a.Default != nil {
		s += " = " + p.expr(a.Default)
	}
	return "(" + s + ")"
}

func (p printer) lambda(x *Lambda) string {
	body := p.expr(x.Expr)
	if x.Block != nil {
		body = p.stmt(x.Block)
	}
	if x.AnyParams {
		return list("delegate any", body)
	}
	return list("lambda", "("+each(x.Params, p.param)+")", body)
}

func (p printer) from(f FromClause) string {
	return list("from", p.optional(f.Type), f.Name, p.expr(f.In))
}

func (p printer) optional(t TypeRef) string {
	if t == nil {
		return ""
	}
	return p.typ(t)
}

func (p printer) queryBody(q *Query) string {
	words := []string{}
	for _, c := range q.Clauses {
		switch {
		case c.From != nil:
			words = append(words, p.from(*c.From))
		case c.Let != nil:
			words = append(words, list("let", c.Let.Name, p.expr(c.Let.Expr)))
		case c.Where != nil:
			words = append(words, list("where", p.expr(c.Where)))
		case c.Join != nil:
			into := ""
			if c.Join.Into != "" {
				into = list("into", c.Join.Into)
			}
			words = append(words, list("join", p.optional(c.Join.Type), c.Join.Name, p.expr(c.Join.In), p.expr(c.Join.Left), p.expr(c.Join.Right), into))
		default:
			words = append(words, list("orderby", each(c.OrderBy, func(o Ordering) string {
				if o.Descending {
					return list("descending", p.expr(o.Expr))
				}
				return p.expr(o.Expr)
			})))
		}
	}
	if q.Select != nil {
		words = append(words, list("select", p.expr(q.Select)))
	} else {
		words = append(words, list("group", p.expr(q.Group), p.expr(q.GroupBy)))
	}
	if q.Continuation != nil {
		words = append(words, list("into", q.Into, p.queryBody(q.Continuation)))
	}
	return strings.Join(words, " ")
}

func (p printer) designation(d Declaration) string {
	if d.Nested == nil {
		return d.Name
	}
	return "(" + each(d.Nested, p.designation) + ")"
}

func (p printer) pattern(pat Pattern) string {
	switch pat := pat.(type) {
	case *ConstantPattern:
		return list("const", p.expr(pat.X))
	case *TypePattern:
		return list("istype", p.typ(pat.Type))
	case *DeclarationPattern:
		return list("decl", p.typ(pat.Type), pat.Name)
	}
	return fmt.Sprintf("!%T", pat)
}
