package expr

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// literal binds a literal.
func (b *binder) literal(e *syntax.Literal) bound {
	switch e.Kind {
	case syntax.NullLiteral:
		return &boundConst{node{basic.null, e}, nil}
	case syntax.CharLiteral:
		return &boundConst{node{basic.char, e}, dotnet.Char(e.Value.(uint16))}
	case syntax.DecimalLiteral:
		d, err := dotnet.ParseDecimal(e.Value.(string), dotnet.NumberStylesFloat)
		if err != nil {
			return b.fail(e, "CS0594", "Floating-point constant is outside the range of type 'decimal'")
		}
		return &boundConst{node{basic.decimal, e}, d}
	}
	types := map[syntax.LiteralKind]*Type{
		syntax.BoolLiteral: basic.bool, syntax.StringLiteral: basic.string, syntax.IntLiteral: basic.int, syntax.UIntLiteral: basic.uint,
		syntax.LongLiteral: basic.long, syntax.ULongLiteral: basic.ulong, syntax.FloatLiteral: basic.float, syntax.DoubleLiteral: basic.double,
	}
	return &boundConst{node{types[e.Kind], e}, e.Value}
}

func itemName(i int) string { return "Item" + strconv.Itoa(i+1) }

// tuple binds (a, b).
func (b *binder) tuple(e *syntax.TupleExpr) bound {
	x := &boundRecord{node: node{nil, e}}
	var types []*Type
	var names []string
	failed := false
	for i, elem := range e.Elems {
		v := b.value(elem.Expr)
		if v.typ() == basic.void {
			v = b.fail(elem.Expr, "CS8210", "A tuple may not contain a value of type 'void'")
		}
		failed = failed || isBad(v)
		x.elems = append(x.elems, v)
		if code, message := wrongTupleName(e, i); code != "" {
			v = b.fail(elem.Expr, code, "%s", message)
			failed = true
		}
		names = append(names, tupleName(elem, e))
		if t := v.typ(); t != nil && t.kind != Null {
			types = append(types, t)
		}
	}
	if failed {
		return bad(e)
	}
	if len(types) == len(x.elems) {
		x.t = tupleOf(types, names)
	}
	return x
}

// tupleName is the name of a tuple's member: the one written, or that of the
// variable or property it is made of, if no other member has it.
func tupleName(elem syntax.Arg, e *syntax.TupleExpr) string {
	if elem.Name != "" {
		return elem.Name
	}
	name := impliedName(elem.Expr)
	for i, other := range e.Elems {
		if name == itemName(i) || other.Expr != elem.Expr && (other.Name == name || other.Name == "" && impliedName(other.Expr) == name) {
			return ""
		}
	}
	switch name {
	case "Rest", "ToString", "Equals", "GetHashCode", "CompareTo", "Deconstruct":
		return ""
	}
	return name
}

// wrongTupleName tells of a written name that the member at i may not have.
func wrongTupleName(e *syntax.TupleExpr, i int) (code, message string) {
	name := e.Elems[i].Name
	if name == "" {
		return "", ""
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(name, "Item")); err == nil && n > 0 && name == itemName(n-1) && n != i+1 {
		return "CS8125", fmt.Sprintf("Tuple element name '%s' is only allowed at position %d", name, n)
	}
	switch name {
	case "Rest", "ToString", "Equals", "GetHashCode", "CompareTo", "Deconstruct":
		return "CS8126", fmt.Sprintf("Tuple element name '%s' is disallowed at any position", name)
	}
	for _, other := range e.Elems[:i] {
		if other.Name == name {
			return "CS8127", "Tuple element names must be unique"
		}
	}
	return "", ""
}

// impliedName is the name that a member of a tuple or an anonymous type takes
// from its expression.
func impliedName(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Name:
		return e.Ident
	case *syntax.Member:
		return e.Name
	case *syntax.MemberBinding:
		return e.Name
	case *syntax.ConditionalAccess:
		return impliedName(e.Access)
	}
	return ""
}

// newAnonymous binds new { a = x, y.B }.
func (b *binder) newAnonymous(e *syntax.NewAnonymous) bound {
	x := &boundRecord{node: node{nil, e}}
	var types []*Type
	var names []string
	taken := make(map[string]bool)
	failed := false
	for _, m := range e.Members {
		v := b.value(m.Expr)
		switch t := v.typ(); {
		case isBad(v):
			failed = true
		case m.Name == "":
			b.report(m.Span, "CS0746", "Invalid anonymous type member declarator. Anonymous type members must be declared with a member assignment, simple name or member access.")
			failed = true
		case taken[m.Name]:
			b.report(m.Span, "CS0833", "An anonymous type cannot have multiple properties with the same name")
			failed = true
		case t == nil || t.kind == Null || t == basic.void:
			b.report(m.Span, "CS0828", "Cannot assign %s to anonymous type property '%s': cast it to a type", displayOf(v), m.Name)
			failed = true
		}
		taken[m.Name] = true
		x.elems, types, names = append(x.elems, v), append(types, v.typ()), append(names, m.Name)
	}
	if failed {
		return bad(e)
	}
	x.t = anonymousOf(types, names)
	return x
}
