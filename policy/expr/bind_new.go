package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// newObject binds new T(args) { init }.
func (b *binder) newObject(e *syntax.New) bound {
	t := b.typeRef(e.Type)
	if t == basic.bad {
		b.arguments(e.Args)
		return bad(e)
	}
	x := b.construction(e, t)
	if e.Init == nil || isBad(x) {
		return x
	}
	return b.initialise(x, e.Init, e)
}

func (b *binder) construction(e *syntax.New, t *Type) bound {
	args := b.arguments(e.Args)
	if slices.ContainsFunc(args, func(a argument) bool { return isBad(a.x) }) {
		return b.spoiled(args, e)
	}
	switch {
	case t.kind == Delegate:
		return b.newDelegate(e, t, args)
	case t.kind == TypeParam:
		if !t.hasNew() || len(args) > 0 {
			return b.fail(e, "CS0304", "Cannot create an instance of the variable type '%s' because it does not have the new() constraint", t.display())
		}
		return &boundNewParam{node{t, e}}
	case t.kind == Tuple && len(args) == len(t.args):
		x := &boundRecord{node: node{t, e}}
		for i, a := range args {
			x.elems = append(x.elems, b.convert(a.x, t.args[i], a.at))
		}
		return x
	case t.kind == Nullable && len(args) == 1:
		return b.convert(b.convert(args[0].x, t.elem, e), t, e)
	case t.IsValue() && len(args) == 0:
		if k, ok := defaultOf(t, e).(*boundConst); ok && t.kind == Enum {
			return k
		}
		return &boundDefault{node{t, e}}
	case t.kind == Interface || t.def != nil && t.def.Abstract:
		return b.fail(e, "CS0144", "Cannot create an instance of the abstract class or interface '%s'", t.display())
	case t.def == nil || t.def.Static:
		return b.fail(e, "CS0712", "Cannot create an instance of the static class '%s'", t.display())
	}
	var constructors []method
	for _, m := range t.def.MembersNamed("new") {
		constructors = append(constructors, method{m, t})
	}
	if len(constructors) == 0 {
		return b.fail(e, "CS1729", "'%s' does not contain a constructor that takes %d arguments", t.display(), len(args))
	}
	r := b.resolve(constructors, args, nil)
	if r.best == nil {
		return b.unresolved(r, invocation{name: t.display(), what: callConstructor, args: args, at: e, span: e.Span()})
	}
	params, order := b.finishArguments(r.best, args, e)
	return &boundCall{node: node{t, e}, method: r.best.m, types: t.args, args: params, order: order}
}

// newDelegate binds new Func<int>(f).
func (b *binder) newDelegate(e *syntax.New, t *Type, args []argument) bound {
	if len(args) != 1 {
		return b.fail(e, "CS0149", "Method name expected")
	}
	if x := args[0].x; x.typ() != nil && x.typ().kind != Delegate {
		return b.fail(args[0].at, "CS0149", "Method name expected")
	}
	return b.convert(args[0].x, t, args[0].at)
}

// initialise binds the { } after new.
func (b *binder) initialise(made bound, init *syntax.Init, at syntax.Node) bound {
	object := &boundPlaceholder{node{made.typ(), nil}}
	steps, ok := b.initSteps(object, init)
	if !ok {
		return bad(at)
	}
	return &boundInit{node{made.typ(), at}, made, object, steps}
}

// initSteps are what an initialiser does to an object.
func (b *binder) initSteps(object bound, init *syntax.Init) (steps []bound, ok bool) {
	ok = true
	for i := range init.Elems {
		elem := &init.Elems[i]
		var step bound
		switch {
		case elem.Name != "":
			step = b.initMember(b.memberOf(object, init, elem.Name, nil, elem.Span), elem, init)
		case elem.Index != nil:
			step = b.initMember(b.index(init, object, elem.Index), elem, init)
		default:
			step = b.initAdd(object, elem, init)
		}
		ok = ok && !isBad(step)
		steps = append(steps, step)
	}
	return steps, ok
}

// initMember binds A = x, [k] = x and A = { ... }.
func (b *binder) initMember(member bound, elem *syntax.InitElem, init *syntax.Init) bound {
	if isBad(member) {
		return member
	}
	if elem.Nested != nil {
		if member.typ() == nil {
			return b.asTyped(member, init)
		}
		object := &boundPlaceholder{node{member.typ(), nil}}
		steps, ok := b.initSteps(object, elem.Nested)
		if !ok {
			return bad(init)
		}
		return &boundInit{node{member.typ(), nil}, member, object, steps}
	}
	call, ok := member.(*boundCall)
	switch {
	case !ok:
		if element, isElement := member.(*boundElement); isElement {
			return &boundAssign{node{element.t, nil}, element, b.converted(elem.Value, element.t)}
		}
		b.report(elem.Span, "CS1913", "Member '%s' cannot be initialized. It is not a field or property.", elem.Name)
		return bad(init)
	case call.method.set == nil:
		b.report(elem.Span, "CS0200", "Property or indexer '%s' cannot be assigned to -- it is read only", call.method.display())
		return bad(init)
	}
	call.src = nil
	value := b.converted(elem.Value, call.t)
	if isBad(value) {
		return value
	}
	return &boundAssign{node{call.t, nil}, call, value}
}

// initAdd binds an element of a collection initialiser: a call of Add.
func (b *binder) initAdd(object bound, elem *syntax.InitElem, init *syntax.Init) bound {
	list := elem.Args
	if elem.Value != nil {
		list = []syntax.Expr{elem.Value}
	}
	args := make([]argument, len(list))
	failed := false
	for i, e := range list {
		args[i] = argument{x: b.value(e), at: e}
		failed = failed || isBad(args[i].x)
	}
	if failed {
		return bad(init)
	}
	t := object.typ()
	if !slices.ContainsFunc(t.allInterfaces(), func(i *Type) bool { return i.def.Name == "System.Collections.IEnumerable" }) {
		return b.fail(init, "CS1922", "Cannot initialize type '%s' with a collection initializer because it does not implement 'System.Collections.IEnumerable'", t.display())
	}
	g := &boundGroup{node: node{nil, nil}, name: "Add", recv: object, methods: membersOf(t, "Add"), nameSpan: elem.Span}
	if len(g.methods) == 0 && len(b.extensions("Add")) == 0 {
		return b.fail(init, "CS0117", "'%s' does not contain a definition for 'Add'", t.display())
	}
	a, args, r := b.choose(g, args)
	if a == nil {
		return b.unresolved(r, invocation{group: g, name: "Add", what: callMethod, args: args, at: init, span: elem.Span})
	}
	return b.callOf(a, g, args, nil)
}

// newArray binds new T[n] { ... }, new[] { ... } and, for a declaration of the
// type declared, { ... }.
func (b *binder) newArray(e *syntax.NewArray, declared *Type) bound {
	t := declared
	switch {
	case e.Bare && declared == nil:
		return b.fail(e, "CS0820", "Cannot initialize an implicitly-typed variable with an array initializer")
	case e.Bare:
		if t != basic.bad && t.kind != Array {
			return b.fail(e, "CS0622", "Can only use array initializer expressions to assign to array types. Try using a new expression instead.")
		}
	case e.Elem != nil:
		t = b.typeRef(e.Elem)
		for i := len(e.Ranks) - 1; i >= 0 && t != basic.bad; i-- {
			t = arrayOf(t, e.Ranks[i])
		}
		if t != basic.bad {
			t = arrayOf(t, e.Rank)
		}
	default:
		return b.implicitArray(e)
	}
	if t == basic.bad {
		return bad(e)
	}
	x := &boundNewArray{node: node{t, e}}
	for _, size := range e.Sizes {
		n := b.lengthOrIndex(b.value(size), size)
		if isBad(n) {
			return bad(e)
		}
		if k, ok := n.(*boundConst); ok && arrayIndex(k.value) < 0 {
			return b.fail(size, "CS0248", "Cannot create an array with a negative size")
		}
		x.lengths = append(x.lengths, n)
	}
	if e.Init == nil {
		return x
	}
	elems, dims, ok := b.arrayElems(e.Init, t.rank)
	if !ok || !b.lengthsAgree(x, dims, e) {
		return bad(e)
	}
	x.lengths = nil
	for _, elem := range elems {
		converted := b.converted(elem, t.elem)
		ok = ok && !isBad(converted)
		x.elems = append(x.elems, converted)
	}
	if !ok {
		return bad(e)
	}
	if x.dims = dims; t.rank == 1 {
		x.dims = nil
	}
	return x
}

// lengthsAgree checks that the lengths written are those of the initialiser.
func (b *binder) lengthsAgree(x *boundNewArray, dims []int, e *syntax.NewArray) bool {
	for i, n := range x.lengths {
		k, ok := n.(*boundConst)
		if !ok {
			b.report(e.Sizes[i].Span(), "CS0150", "A constant value is expected")
			return false
		}
		if length, err := convertNumber(k.value, basic.long, false); err == nil && length.(int64) != int64(dims[i]) {
			b.report(e.Init.Span(), "CS0847", "An array initializer of length '%v' is expected", length)
			return false
		}
	}
	return true
}

// arrayElems are the expressions of an initialiser, row by row, and the lengths
// of its dimensions.
func (b *binder) arrayElems(init *syntax.Init, rank int) (elems []syntax.Expr, dims []int, ok bool) {
	dims = []int{len(init.Elems)}
	if rank == 1 {
		for _, elem := range init.Elems {
			if elem.Nested != nil || elem.Value == nil {
				b.report(elem.Span, "CS0623", "Array initializers can only be used in a variable initializer. Try using a new expression instead.")
				return nil, nil, false
			}
			elems = append(elems, elem.Value)
		}
		return elems, dims, true
	}
	dims = append(dims, make([]int, rank-1)...)
	for i, elem := range init.Elems {
		if elem.Nested == nil {
			b.report(elem.Span, "CS0846", "A nested array initializer is expected")
			return nil, nil, false
		}
		row, inner, rowOK := b.arrayElems(elem.Nested, rank-1)
		if !rowOK {
			return nil, nil, false
		}
		if i > 0 && !slices.Equal(inner, dims[1:]) {
			b.report(elem.Span, "CS0847", "An array initializer of length '%d' is expected", dims[1])
			return nil, nil, false
		}
		copy(dims[1:], inner)
		elems = append(elems, row...)
	}
	return elems, dims, true
}

// implicitArray binds new[] { ... }, whose element type is the best common one.
func (b *binder) implicitArray(e *syntax.NewArray) bound {
	rank := max(e.Rank, 1)
	elems, dims, ok := b.arrayElems(e.Init, rank)
	if !ok {
		return bad(e)
	}
	values := make([]bound, len(elems))
	for i, elem := range elems {
		values[i] = b.value(elem)
	}
	t := bestCommonType(values)
	if t == nil {
		return b.fail(e, "CS0826", "No best type found for implicitly-typed array")
	}
	x := &boundNewArray{node: node{arrayOf(t, rank), e}}
	if rank > 1 {
		x.dims = dims
	}
	for i, v := range values {
		converted := b.convert(v, t, elems[i])
		if isBad(converted) {
			return bad(e)
		}
		x.elems = append(x.elems, converted)
	}
	return x
}
