package expr

import (
	"fmt"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// binder turns a syntax tree into bound nodes: it resolves names, overloads and
// conversions, and folds constants.
type binder struct {
	library *library
	scope   *scope
	fn      *function
	diags   []Diagnostic
	// overflow is what checked( ) and unchecked( ) around the place say.
	overflow overflowMode
	// jumps are what break, continue and goto of the current function lead to.
	jumps *jumps
	// access is the value that the .x of a ?. is a member of.
	access *boundPlaceholder
	// query holds, for the lambdas that queries are translated to, where the range
	// variables are in their parameter.
	query map[*syntax.Lambda][]rangeVariables
	// made are the nodes that queries are translated to, which are not written.
	made map[syntax.Node]bool
	// work counts what was bound, so that no text can keep the binder busy for
	// long: overloads bind a lambda's body several times.
	work int
	// source is the whole text.
	source string
	// written are the types that the text names.
	written []writtenType
	// naming says that the place is within nameof.
	naming bool
	// holes are names of values that nobody knows yet.
	holes []string
}

type overflowMode uint8

const (
	overflowDefault overflowMode = iota // unchecked, but constants are checked
	overflowChecked
	overflowUnchecked
)

// maxWork is far beyond what a real expression needs.
const maxWork = 500_000

// tooComplex stops the binder; Compile recovers from it.
type tooComplex struct{ at syntax.Span }

// report notes a mistake.
func (b *binder) report(at syntax.Span, code, format string, args ...any) {
	b.diags = append(b.diags, Diagnostic{Span: at, Code: code, Message: fmt.Sprintf(format, args...)})
}

// fail notes a mistake and stands for what it spoils.
func (b *binder) fail(at syntax.Node, code, format string, args ...any) bound {
	b.report(at.Span(), code, format, args...)
	return bad(at)
}

func bad(at syntax.Node) bound { return &boundBad{node{basic.bad, at}} }

func isBad(x bound) bool { return x.typ() == basic.bad }

// expr binds an expression of any kind: a value, a type, a namespace, a method
// group.
func (b *binder) expr(e syntax.Expr) bound {
	if b.work++; b.work > maxWork {
		panic(tooComplex{e.Span()})
	}
	switch e := e.(type) {
	case *syntax.Literal:
		return b.literal(e)
	case *syntax.Paren:
		return b.expr(e.X)
	case *syntax.Name:
		return b.name(e)
	case *syntax.TypeExpr:
		return &boundType{node{nil, e}, b.typeRef(e.Type)}
	case *syntax.Member:
		return b.member(e)
	case *syntax.MemberBinding:
		return b.memberOf(b.access, e, e.Name, e.Args, e.NameSpan)
	case *syntax.Call:
		return b.call(e)
	case *syntax.Index:
		return b.index(e, b.value(e.Target), e.Args)
	case *syntax.ElementBinding:
		return b.index(e, b.access, e.Args)
	case *syntax.ConditionalAccess:
		return b.conditionalAccess(e)
	case *syntax.Unary:
		return b.unary(e)
	case *syntax.Postfix:
		return b.increment(e, e.X, e.Op, true)
	case *syntax.Binary:
		return b.binary(e)
	case *syntax.Assign:
		return b.assign(e)
	case *syntax.Conditional:
		return b.conditional(e)
	case *syntax.Cast:
		return b.cast(e)
	case *syntax.Lambda:
		return b.lambda(e)
	case *syntax.Query:
		return b.bindQuery(e)
	}
	return b.otherExpr(e)
}

// otherExpr is the rest of expr.
func (b *binder) otherExpr(e syntax.Expr) bound {
	switch e := e.(type) {
	case *syntax.Interpolated:
		return b.interpolated(e)
	case *syntax.Is:
		return b.is(e)
	case *syntax.As:
		return b.as(e)
	case *syntax.TupleExpr:
		return b.tuple(e)
	case *syntax.TypeOf:
		return b.typeOf(e)
	case *syntax.NameOf:
		return b.nameOf(e)
	case *syntax.Default:
		return b.defaultOf(e)
	case *syntax.Checked:
		return b.withOverflow(e.Unchecked, func() bound { return b.value(e.X) })
	case *syntax.New:
		return b.newObject(e)
	case *syntax.NewArray:
		return b.newArray(e, nil)
	case *syntax.NewAnonymous:
		return b.newAnonymous(e)
	case *syntax.Declaration:
		return b.fail(e, "CS8185", "a declaration is not allowed here; declare %s in a statement of its own", e.Name)
	case *syntax.ThrowExpr:
		return &boundThrow{node{nil, e}, b.exceptionOf(e.X)}
	}
	return b.fail(e, "CS1525", "this expression is not part of policy expressions")
}

// withOverflow binds what stands in checked or unchecked.
func (b *binder) withOverflow(unchecked bool, bind func() bound) bound {
	saved := b.overflow
	defer func() { b.overflow = saved }()
	b.overflow = overflowChecked
	if unchecked {
		b.overflow = overflowUnchecked
	}
	return bind()
}

// value binds an expression that must be a value. It may still be without a
// type: null, default, a lambda, a method group.
func (b *binder) value(e syntax.Expr) bound { return b.asValue(b.expr(e)) }

func (b *binder) asValue(x bound) bound {
	switch x := x.(type) {
	case *boundType:
		if x.of == basic.bad {
			return bad(x.src)
		}
		return b.fail(x.src, "CS0119", "'%s' is a type, which is not valid in the given context: a value is needed here", x.of.display())
	case *boundNamespace:
		return b.fail(x.src, "CS0118", "'%s' is a namespace but is used like a variable", x.name)
	}
	return x
}

// typed binds an expression that must be a value with a type of its own.
func (b *binder) typed(e syntax.Expr) bound { return b.asTyped(b.value(e), e) }

func (b *binder) asTyped(x bound, e syntax.Node) bound {
	if x.typ() != nil && x.typ() != basic.void {
		return x
	}
	switch x := x.(type) {
	case *boundGroup:
		return b.fail(e, "CS0119", "'%s' is a method, which is not valid in the given context: call it with ( )", x.name)
	case *unboundLambda:
		return b.fail(e, "CS1660", "Cannot use a lambda expression here because it has no type by itself")
	case *boundRecord:
		return b.fail(e, "CS8210", "A tuple with a member that has no type cannot be used here")
	case *boundThrow:
		return b.fail(e, "CS8115", "A throw expression is not allowed in this context")
	case *boundDefaultLiteral:
		return b.fail(e, "CS8310", "default has no type here: write default(T)")
	}
	return b.fail(e, "CS0023", "this call returns nothing (void), so there is no value to use")
}

// converted binds an expression and converts it to a type.
func (b *binder) converted(e syntax.Expr, to *Type) bound { return b.convert(b.value(e), to, e) }

// condition binds what decides: if (e).
func (b *binder) condition(e syntax.Expr) bound { return b.converted(e, basic.bool) }
