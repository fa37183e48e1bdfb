package expr

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// name binds a simple name: a variable, context, a type, a namespace.
func (b *binder) name(e *syntax.Name) bound {
	if e.Alias != "" {
		return b.globalName(e)
	}
	if len(e.Args) == 0 {
		if v, alias := b.scope.lookup(e.Ident); v != nil {
			return b.variable(v, e)
		} else if alias != nil {
			return alias()
		}
		if e.Ident == "context" {
			if d := b.library.lookup("IExpressionContext", 0); d != nil {
				return &boundRoot{node{d.of(), e}}
			}
		}
		if b.scope.declaredLater(e.Ident) {
			return b.fail(e, "CS0841", "Cannot use local variable '%s' before it is declared", e.Ident)
		}
	} else if v, _ := b.scope.lookup(e.Ident); v != nil && v.local != nil {
		types, ok := b.typeRefs(e.Args)
		if !ok {
			return bad(e)
		}
		return &boundGroup{node: node{nil, e}, name: e.Ident, local: v, methods: []method{{Member: v.local.member}}, types: types, nameSpan: e.Span()}
	}
	if t := b.scope.typeParam(e.Ident); t != nil || e.Ident == "ValueTuple" && len(e.Args) > 1 {
		return &boundType{node{nil, e}, b.simpleType(e, e.Ident, e.Args, 0, e.Span())}
	}
	if found := b.library.inScope(e.Ident, len(e.Args)); len(found) > 0 {
		return &boundType{node{nil, e}, b.simpleType(e, e.Ident, e.Args, 0, e.Span())}
	}
	if b.library.namespaces[e.Ident] && len(e.Args) == 0 {
		return &boundNamespace{node{nil, e}, e.Ident}
	}
	if slices.Contains(b.holes, e.Ident) {
		return bad(e)
	}
	return b.unknownName(e)
}

func (b *binder) variable(v *variable, e syntax.Node) bound {
	switch {
	case v.local != nil:
		return &boundGroup{node: node{nil, e}, name: v.name, local: v, methods: []method{{Member: v.local.member}}, nameSpan: e.Span()}
	case v.kind == constVariable && v.t != basic.bad:
		return &boundConst{node{v.t, e}, v.constant}
	case v.t == nil:
		return b.fail(e, "CS0841", "Cannot use local variable '%s' before it is declared: its type is not known yet", v.name)
	}
	return &boundVariable{node{v.t, e}, v}
}

func (b *binder) unknownName(e *syntax.Name) bound {
	if len(e.Args) > 0 {
		b.unknownType(e.Ident, len(e.Args), e.Span())
		return bad(e)
	}
	for n := 1; n < 9; n++ {
		if found := b.library.inScope(e.Ident, n); len(found) > 0 {
			return b.fail(e, "CS0305", "Using the generic type '%s' requires %d type arguments", found[0].self().display(), n)
		}
	}
	names := []string{"context"}
	for s := b.scope; s != nil; s = s.parent {
		for name := range s.names {
			names = append(names, name)
		}
	}
	suggestion := didYouMean(nearest(e.Ident, names))
	if suggestion == "" {
		suggestion = b.typeSuggestion(e.Ident)
	}
	return b.fail(e, "CS0103", "The name '%s' does not exist in the current context%s", e.Ident, suggestion)
}

// globalName is global::System.
func (b *binder) globalName(e *syntax.Name) bound {
	switch {
	case e.Alias != "global":
		return b.fail(e, "CS0432", "Alias '%s' not found", e.Alias)
	case b.library.namespaces[e.Ident]:
		return &boundNamespace{node{nil, e}, e.Ident}
	}
	return b.fail(e, "CS0400", "The type or namespace name '%s' could not be found in the global namespace", e.Ident)
}

// member binds target.name.
func (b *binder) member(e *syntax.Member) bound {
	target := b.expr(e.Target)
	if n, ok := target.(*boundNamespace); ok {
		return b.inNamespace(n, e)
	}
	return b.memberOf(target, e, e.Name, e.Args, e.NameSpan)
}

func (b *binder) inNamespace(n *boundNamespace, e *syntax.Member) bound {
	full := n.name + "." + e.Name
	if full == "System.ValueTuple" && len(e.Args) > 1 {
		return &boundType{node{nil, e}, b.construct(nil, e.Args, 0, e)}
	}
	if d := b.library.def(full, len(e.Args)); d != nil {
		return &boundType{node{nil, e}, b.construct(d, e.Args, 0, e)}
	}
	if b.library.namespaces[full] {
		return &boundNamespace{node{nil, e}, full}
	}
	b.report(e.NameSpan, "CS0234", "The type or namespace name '%s' does not exist in the namespace '%s'", e.Name, n.name)
	return bad(e)
}

// memberOf binds a member of a value or of a type.
func (b *binder) memberOf(target bound, at syntax.Node, name string, args []syntax.TypeRef, span syntax.Span) bound {
	if t, ok := target.(*boundType); ok {
		return b.staticMember(t, at, name, args, span)
	}
	if group, ok := target.(*boundGroup); ok {
		return b.fail(group.src, "CS0119", "'%s' is a method, which is not valid in the given context: call it with ( )", group.name)
	}
	target = b.asTyped(b.asValue(target), target.source())
	t := target.typ()
	switch {
	case t == basic.bad:
		return bad(at)
	case t.kind == Null:
		return b.fail(at, "CS0023", "Operator '.' cannot be applied to operand of type '<null>'")
	case t.kind == Tuple || t.kind == Anonymous:
		if i := t.memberIndex(name); i >= 0 {
			return &boundField{node{t.args[i], at}, target, i}
		}
	}
	types, ok := b.typeRefs(args)
	if !ok {
		return bad(at)
	}
	found := membersOf(t, name)
	if len(found) == 0 && len(b.extensions(name)) == 0 {
		b.report(span, "CS1061", "'%s' does not contain a definition for '%s' and no accessible extension method '%s' accepting a first argument of type '%s' could be found%s",
			t.display(), name, name, t.display(), didYouMean(nearest(name, memberNames(t))))
		return bad(at)
	}
	if len(found) > 0 && found[0].Kind != Method {
		return b.property(target, found[0], at)
	}
	return &boundGroup{node: node{nil, at}, name: name, recv: target, methods: found, types: types, nameSpan: span}
}

// memberIndex is the place of a member of a tuple or an anonymous type; -1 if it
// has none of that name.
func (t *Type) memberIndex(name string) int {
	for i := range t.args {
		if t.meta != nil && t.meta[i] == name || t.kind == Tuple && name == itemName(i) {
			return i
		}
	}
	return -1
}

// property binds a property of a value, or a constant named through one.
func (b *binder) property(target bound, p method, at syntax.Node) bound {
	if p.Static {
		// Color Color: a variable named as its type means the type, too.
		if v, ok := target.(*boundVariable); ok && v.v.name == simpleName(v.t) {
			return b.staticProperty(p, at)
		}
		return b.fail(at, "CS0176", "Member '%s' cannot be accessed with an instance reference; qualify it with a type name instead", p.display())
	}
	return &boundCall{node: node{p.result(), at}, method: p, recv: target}
}

func simpleName(t *Type) string {
	if t.def == nil {
		return ""
	}
	return t.def.Name[strings.LastIndexByte(t.def.Name, '.')+1:]
}

// staticMember binds Type.name.
func (b *binder) staticMember(t *boundType, at syntax.Node, name string, args []syntax.TypeRef, span syntax.Span) bound {
	if t.of == basic.bad {
		return bad(at)
	}
	if t.of.kind == Enum {
		if n, ok := t.of.def.enumValue(name); ok {
			return &boundConst{node{t.of, at}, EnumObject{t.of, n}}
		}
	}
	if t.of.def != nil {
		if d := b.library.def(t.of.def.Name+"."+name, len(t.of.args)+len(args)); d != nil {
			types, ok := b.typeRefs(args)
			if !ok {
				return bad(at)
			}
			return &boundType{node{nil, at}, d.of(append(t.of.args[:len(t.of.args):len(t.of.args)], types...)...)}
		}
	}
	found := membersOf(t.of, name)
	if len(found) == 0 {
		b.report(span, "CS0117", "'%s' does not contain a definition for '%s'%s", t.of.display(), name, didYouMean(nearest(name, memberNames(t.of))))
		return bad(at)
	}
	if found[0].Kind != Method {
		if !found[0].Static && !b.naming {
			return b.fail(at, "CS0120", "An object reference is required for the non-static property '%s'", found[0].display())
		}
		return b.staticProperty(found[0], at)
	}
	types, ok := b.typeRefs(args)
	if !ok {
		return bad(at)
	}
	return &boundGroup{node: node{nil, at}, name: name, static: true, methods: found, types: types, nameSpan: span}
}

func (b *binder) staticProperty(p method, at syntax.Node) bound {
	if p.Kind == Constant {
		return &boundConst{node{p.result(), at}, p.Const}
	}
	return &boundCall{node: node{p.result(), at}, method: p, types: staticTypes(p)}
}

// staticTypes are the type arguments that a static member or a constructor of a
// generic type gets.
func staticTypes(m method) []*Type {
	if m.of == nil {
		return nil
	}
	return m.of.args
}

// extensions are the extension methods of that name.
func (b *binder) extensions(name string) []method {
	var found []method
	for _, m := range b.library.extensionsNamed(name) {
		if imported[m.Of.namespace()] {
			found = append(found, method{m, m.Of.of()})
		}
	}
	return found
}

// typeOf is typeof(T).
func (b *binder) typeOf(e *syntax.TypeOf) bound {
	t := b.resultType(e.Type)
	if t == basic.bad {
		return bad(e)
	}
	return &boundTypeof{node{typeOf("System.Type"), e}, t}
}

// nameOf is nameof(x), or a call where something of that name is declared.
func (b *binder) nameOf(e *syntax.NameOf) bound {
	if v, _ := b.scope.lookup("nameof"); v != nil {
		return b.call(&syntax.Call{At: e.At, Target: &syntax.Name{At: e.At, Ident: "nameof"}, Args: []syntax.Arg{{Expr: e.X, Span: e.X.Span()}}})
	}
	name := ""
	switch target := e.X.(type) {
	case *syntax.Name:
		name = target.Ident
	case *syntax.Member:
		name = target.Name
	default:
		return b.fail(e.X, "CS8081", "Expression does not have a name")
	}
	if m, ok := e.X.(*syntax.Member); ok && !isNamePath(m.Target) {
		return b.fail(m.Target, "CS8082", "Sub-expression cannot be used in an argument to nameof")
	}
	mistakes := len(b.diags)
	b.naming = true
	b.expr(e.X)
	b.naming = false
	if len(b.diags) > mistakes {
		return bad(e)
	}
	return &boundConst{node{basic.string, e}, name}
}

// isNamePath says whether an expression is names and dots, as nameof wants it.
func isNamePath(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Name, *syntax.TypeExpr:
		return true
	case *syntax.Member:
		return isNamePath(e.Target)
	}
	return false
}

// defaultOf is default(T) or default.
func (b *binder) defaultOf(e *syntax.Default) bound {
	if e.Type == nil {
		return &boundDefaultLiteral{node{nil, e}}
	}
	t := b.typeRef(e.Type)
	if t == basic.bad {
		return bad(e)
	}
	return defaultOf(t, e)
}

// defaultOf is t's default value: a constant where t has constants.
func defaultOf(t *Type, at syntax.Node) bound {
	switch {
	case t == basic.bad:
		return bad(at)
	case t.isReference():
		return &boundConst{node{t, at}, nil}
	case t.kind == Enum || t.numeric() != notNumeric || t == basic.bool:
		return &boundConst{node{t, at}, zeroOf(t)}
	}
	return &boundDefault{node{t, at}}
}
