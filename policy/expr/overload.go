package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// argument is an argument of a call, bound but not yet converted.
type argument struct {
	x    bound
	name string // of a named argument
	mode syntax.ArgMode
	at   syntax.Node
}

// application is a method that arguments fit.
type application struct {
	m        method
	types    []*Type         // the method's type arguments
	subst    map[*Type]*Type // of the method's type parameters
	slots    []int           // by argument: the parameter that takes it
	params   []*Type         // by argument: the type that it is converted to
	convs    []conversion    // by argument
	expanded bool            // the last arguments make up a params array
	defaults bool            // some parameters have their default values
}

// mismatchKind says why arguments don't fit a method. The order is that in which
// a mismatch is worth telling of.
type mismatchKind uint8

const (
	fits mismatchKind = iota
	badArgument
	badConstraint
	notInferred
	duplicateName
	unknownParam
	missingArgument
	badCount
)

// mismatch is a method that arguments don't fit.
type mismatch struct {
	m     method
	kind  mismatchKind
	arg   int   // of badArgument and the names
	param int   // of missingArgument
	to    *Type // of badArgument, nil if the mode is wrong
	types []*Type
	code  string // of badConstraint
}

// resolution is what came of choosing among methods: exactly one of best,
// ambiguous and mismatches is set.
type resolution struct {
	best       *application
	ambiguous  []*application
	mismatches []mismatch
}

// resolve chooses the method that arguments mean (C# 7.3 specification, 11.6.4).
func (b *binder) resolve(candidates []method, args []argument, types []*Type) resolution {
	var fitting []*application
	var r resolution
	for _, m := range candidates {
		if a, no := b.applicable(m, args, types); a != nil {
			fitting = append(fitting, a)
		} else {
			r.mismatches = append(r.mismatches, no)
		}
	}
	fitting = withoutHidden(fitting)
	if len(fitting) == 0 {
		return r
	}
	r.mismatches = nil
	for i, a := range fitting {
		if !slices.ContainsFunc(fitting, func(o *application) bool { return o != a && b.better(a, o, args) <= 0 }) {
			r.best = fitting[i]
			return r
		}
	}
	// The ones that nothing beats are what the mistake is about.
	for _, a := range fitting {
		if !slices.ContainsFunc(fitting, func(o *application) bool { return b.better(o, a, args) > 0 }) {
			r.ambiguous = append(r.ambiguous, a)
		}
	}
	if len(r.ambiguous) < 2 {
		r.ambiguous = fitting
	}
	return r
}

// withoutHidden leaves out methods of bases where a derived type has one that
// fits.
func withoutHidden(fitting []*application) []*application {
	return slices.DeleteFunc(slices.Clone(fitting), func(a *application) bool {
		return a.m.of != nil && slices.ContainsFunc(fitting, func(o *application) bool {
			return o.m.of != a.m.of && o.m.of != nil && !o.m.Extension && o.m.Kind != Operator && hides(o.m.of, a.m.of)
		})
	})
}

// hides reports whether members of derived come before those of base.
func hides(derived, base *Type) bool {
	if base == basic.object {
		return true
	}
	return derived != base && inherits(derived, base)
}

// applicable fits the arguments to a method, in its normal form or else expanded.
func (b *binder) applicable(m method, args []argument, types []*Type) (*application, mismatch) {
	a, no := b.applicableForm(m, args, types, false)
	if a != nil || len(m.Params) == 0 || !m.Params[len(m.Params)-1].Params {
		return a, no
	}
	expanded, alsoNo := b.applicableForm(m, args, types, true)
	if expanded == nil && no.kind > alsoNo.kind {
		no = alsoNo
	}
	return expanded, no
}

func (b *binder) applicableForm(m method, args []argument, types []*Type, expanded bool) (*application, mismatch) {
	a := &application{m: m, expanded: expanded}
	no := a.assignSlots(args)
	if no.kind != fits {
		return nil, no
	}
	if len(types) > 0 && len(types) != len(m.TypeParams) {
		return nil, mismatch{m: m, kind: badCount}
	}
	formals := a.formals()
	if len(m.TypeParams) > 0 {
		a.types = types
		if len(types) == 0 {
			if a.types = b.infer(m, formals, args); a.types == nil {
				return nil, mismatch{m: m, kind: notInferred}
			}
		}
		a.subst = make(map[*Type]*Type, len(a.types))
		for i, p := range m.TypeParams {
			a.subst[p] = a.types[i]
		}
		if broken := constraintBroken(m.TypeParams, a.types, a.subst); broken != "" {
			return nil, mismatch{m: m, kind: badConstraint, types: a.types, code: broken}
		}
	}
	a.params = make([]*Type, len(args))
	a.convs = make([]conversion, len(args))
	for i, arg := range args {
		a.params[i] = formals[i].substitute(a.subst)
		p := &m.Params[a.slots[i]]
		if !modesAgree(p, arg.mode) {
			return nil, mismatch{m: m, kind: badArgument, arg: i}
		}
		if a.convs[i] = b.argumentConversion(arg, p, a.params[i], m.Extension && i == 0); !a.convs[i].exists() {
			return nil, mismatch{m: m, kind: badArgument, arg: i, to: a.params[i], types: a.types}
		}
	}
	return a, mismatch{}
}

func modesAgree(p *Param, mode syntax.ArgMode) bool {
	switch {
	case p.Out:
		return mode == syntax.ByOut
	case p.ByRef:
		return mode == syntax.ByRef
	}
	return mode == syntax.ByValue || mode == syntax.ByIn
}

// argumentConversion converts an argument to its parameter's type: by reference
// only a variable of the same type, the receiver of an extension method only as
// it is.
func (b *binder) argumentConversion(arg argument, p *Param, to *Type, receiver bool) conversion {
	t := arg.x.typ()
	switch {
	case p.ByRef:
		if _, untyped := arg.x.(*boundOut); untyped && t == nil || t != nil && (identical(t, to) || t == basic.bad) {
			return asItIs
		}
		return none
	case receiver:
		if t != nil && (t == basic.bad || identical(t, to) || t.kind != Null && inherits(t, to)) {
			return asItIs
		}
		if t != nil && t.kind == Tuple {
			return standardImplicit(t, to)
		}
		return none
	}
	return b.implicit(arg.x, to)
}

// assignSlots finds the parameter of each argument.
func (a *application) assignSlots(args []argument) mismatch {
	params := a.m.Params
	taken := make([]bool, len(params))
	a.slots = make([]int, len(args))
	named := false
	for i, arg := range args {
		slot := i
		if arg.name != "" {
			slot = slices.IndexFunc(params, func(p Param) bool { return p.Name == arg.name })
			if slot < 0 {
				return mismatch{m: a.m, kind: unknownParam, arg: i}
			}
			named = named || slot != i
		} else if named {
			return mismatch{m: a.m, kind: badCount}
		}
		if a.expanded && slot >= len(params)-1 && arg.name == "" {
			slot = len(params) - 1
		} else if slot >= len(params) {
			return mismatch{m: a.m, kind: badCount}
		} else if taken[slot] {
			return mismatch{m: a.m, kind: duplicateName, arg: i}
		}
		taken[slot] = true
		a.slots[i] = slot
	}
	for i := range params {
		switch {
		case taken[i] || a.expanded && i == len(params)-1:
		case params[i].Optional:
			a.defaults = true
		default:
			return mismatch{m: a.m, kind: missingArgument, param: i}
		}
	}
	return mismatch{}
}

// formals are the types of the arguments' parameters, with the method's own type
// parameters in them.
func (a *application) formals() []*Type {
	formals := make([]*Type, len(a.slots))
	for i, slot := range a.slots {
		formals[i] = a.m.paramType(slot)
		if a.expanded && slot == len(a.m.Params)-1 {
			formals[i] = formals[i].elem
		}
	}
	return formals
}

// constraintBroken is the code of the first where clause that the type arguments
// break, "" if they keep all.
func constraintBroken(params, args []*Type, subst map[*Type]*Type) string {
	for i, p := range params {
		c := p.limits.Load()
		if c == nil {
			continue
		}
		t := args[i]
		switch {
		case c.class && !t.isReference():
			return "CS0452"
		case c.value && (!isValueType(t) || t.kind == Nullable):
			return "CS0453"
		case c.new && !t.hasNew():
			return "CS0310"
		}
		for _, bound := range c.bounds {
			switch {
			case inherits(t, bound.substitute(subst)):
			case t.kind == TypeParam:
				return "CS0314"
			case t.IsValue():
				return "CS0315"
			default:
				return "CS0311"
			}
		}
	}
	return ""
}

// isValueType is IsValue, also for a type parameter that must be a struct.
func isValueType(t *Type) bool {
	if c := t.limits.Load(); c != nil {
		return c.value
	}
	return t.IsValue()
}

// hasNew reports whether new T() can be written.
func (t *Type) hasNew() bool {
	if c := t.limits.Load(); c != nil {
		return c.new || c.value
	}
	if t.IsValue() {
		return true
	}
	return t.def != nil && !t.def.Abstract && slices.ContainsFunc(t.def.MembersNamed("new"), func(m *Member) bool { return len(m.Params) == 0 })
}
