package expr

import (
	"slices"
)

// inference finds the type arguments of a generic method from its arguments (C#
// 7.3 specification, 11.6.3). A type parameter gathers bounds and is then fixed.
type inference struct {
	b       *binder
	params  []*Type
	fixed   []*Type
	bounds  []bounds
	formals []*Type // the parameters' types, by argument
	args    []argument
}

type bounds struct{ exact, lower, upper []*Type }

func (b *bounds) empty() bool { return len(b.exact)+len(b.lower)+len(b.upper) == 0 }

// infer gives the type arguments of m, nil if they cannot be inferred.
func (b *binder) infer(m method, formals []*Type, args []argument) []*Type {
	inf := &inference{b: b, params: m.TypeParams, formals: formals, args: args}
	if slices.ContainsFunc(args, func(a argument) bool { return a.x.typ() != nil && mentionsAny(a.x.typ(), m.TypeParams) }) {
		inf.rename()
	}
	inf.fixed, inf.bounds = make([]*Type, len(inf.params)), make([]bounds, len(inf.params))
	for i := range args {
		inf.firstPhase(args[i], formals[i])
	}
	if !inf.secondPhase() {
		return nil
	}
	return inf.fixed
}

// rename gives the type parameters other names where a local function calls
// itself, so that those of the call are not taken for the caller's.
func (inf *inference) rename() {
	fresh := make([]*Type, len(inf.params))
	subst := make(map[*Type]*Type)
	for i, p := range inf.params {
		fresh[i] = newTypeParam("call of "+p.full, p.name)
		subst[p] = fresh[i]
	}
	inf.params = fresh
	for i, f := range inf.formals {
		inf.formals[i] = f.substitute(subst)
	}
}

func mentionsAny(t *Type, params []*Type) bool {
	return slices.ContainsFunc(params, func(p *Type) bool { return mentions(t, p) })
}

// mentions reports whether param occurs in t.
func mentions(t, param *Type) bool {
	if t == param {
		return true
	}
	if t.elem != nil && mentions(t.elem, param) {
		return true
	}
	return slices.ContainsFunc(t.args, func(a *Type) bool { return mentions(a, param) })
}

func (inf *inference) firstPhase(arg argument, formal *Type) {
	switch x := arg.x.(type) {
	case *unboundLambda:
		inf.explicitParams(x, formal)
		return
	case *boundRecord:
		if (x.t == nil || x.t.kind == Tuple) && formal.kind == Tuple && len(formal.args) == len(x.elems) {
			for i, e := range x.elems {
				inf.firstPhase(argument{x: e}, formal.args[i])
			}
			return
		}
	}
	t := arg.x.typ()
	if t == nil || t.kind == Null || t == basic.bad || t == basic.void {
		return
	}
	if arg.mode != 0 {
		inf.exactBound(t, formal)
		return
	}
	inf.lowerBound(t, formal)
}

// explicitParams infers from the parameter types that a lambda writes.
func (inf *inference) explicitParams(x *unboundLambda, formal *Type) {
	invoke, ok := delegateInvoke(formal)
	if !ok || x.types == nil || len(invoke.Params) != len(x.types) {
		return
	}
	for i, t := range x.types {
		inf.exactBound(t, invoke.paramType(i))
	}
}

// secondPhase infers from what lambdas return and fixes type parameters, until
// all are fixed.
func (inf *inference) secondPhase() bool {
	for range len(inf.params) + 1 {
		if !slices.Contains(inf.fixed, nil) {
			return true
		}
		for i, arg := range inf.args {
			inf.fromOutput(arg, inf.formals[i])
		}
		var ready []int
		for i := range inf.params {
			if inf.fixed[i] == nil && !inf.bounds[i].empty() && !inf.dependsOnAny(i) {
				ready = append(ready, i)
			}
		}
		if len(ready) == 0 {
			for i := range inf.params {
				if inf.fixed[i] == nil && !inf.bounds[i].empty() && inf.isDependedOn(i) {
					ready = append(ready, i)
				}
			}
		}
		if len(ready) == 0 {
			return false
		}
		for _, i := range ready {
			if !inf.fix(i) {
				return false
			}
		}
	}
	return !slices.Contains(inf.fixed, nil)
}

// fromOutput infers from what a lambda or method group returns, once the types
// that go into it are known.
func (inf *inference) fromOutput(arg argument, formal *Type) {
	invoke, ok := delegateInvoke(formal)
	if !ok || !inf.hasUnfixed(invoke.result()) {
		if record, isRecord := arg.x.(*boundRecord); isRecord && formal.kind == Tuple && len(formal.args) == len(record.elems) {
			for i, e := range record.elems {
				inf.fromOutput(argument{x: e}, formal.args[i])
			}
		}
		return
	}
	known := inf.known()
	switch x := arg.x.(type) {
	case *unboundLambda:
		for i := range invoke.Params {
			if x.types == nil && inf.hasUnfixed(invoke.paramType(i)) {
				return
			}
		}
		delegate, _ := delegateInvoke(formal.substitute(known))
		if t := inf.b.inferredResult(x, delegate); t != nil && t != basic.void {
			inf.lowerBound(t, invoke.result())
		}
	case *boundGroup:
		params := make([]*Type, len(invoke.Params))
		for i := range params {
			if params[i] = invoke.paramType(i).substitute(known); inf.hasUnfixed(params[i]) {
				return
			}
		}
		if a := inf.b.groupTarget(x, params, invoke); a != nil {
			if t := a.m.result().substitute(a.subst); t != basic.void {
				inf.lowerBound(t, invoke.result())
			}
		}
	}
}

// known are the fixed type parameters.
func (inf *inference) known() map[*Type]*Type {
	m := make(map[*Type]*Type)
	for i, t := range inf.fixed {
		if t != nil {
			m[inf.params[i]] = t
		}
	}
	return m
}

func (inf *inference) hasUnfixed(t *Type) bool {
	for i, p := range inf.params {
		if inf.fixed[i] == nil && mentions(t, p) {
			return true
		}
	}
	return false
}

// dependsOnAny reports whether parameter i comes out of a lambda that an unfixed
// parameter goes into.
func (inf *inference) dependsOnAny(i int) bool {
	return slices.ContainsFunc(inf.inputs(i), func(t *Type) bool { return inf.hasUnfixed(t) })
}

// isDependedOn reports whether another parameter depends on i.
func (inf *inference) isDependedOn(i int) bool {
	for j := range inf.params {
		if inf.fixed[j] == nil && slices.ContainsFunc(inf.inputs(j), func(t *Type) bool { return mentions(t, inf.params[i]) }) {
			return true
		}
	}
	return false
}

// inputs are the types that go into lambdas and method groups that parameter i
// comes out of.
func (inf *inference) inputs(i int) []*Type {
	var inputs []*Type
	for k, arg := range inf.args {
		invoke, ok := delegateInvoke(inf.formals[k])
		if !ok || !mentions(invoke.result(), inf.params[i]) {
			continue
		}
		switch x := arg.x.(type) {
		case *unboundLambda:
			if x.types != nil {
				continue
			}
		case *boundGroup:
		default:
			continue
		}
		for p := range invoke.Params {
			inputs = append(inputs, invoke.paramType(p))
		}
	}
	return inputs
}

// fix chooses the type among the bounds that all the others allow.
func (inf *inference) fix(i int) bool {
	t := fixedType(&inf.bounds[i])
	inf.fixed[i] = t
	return t != nil
}

func fixedType(b *bounds) *Type {
	var candidates []*Type
	for _, list := range [][]*Type{b.exact, b.lower, b.upper} {
		for _, t := range list {
			if !slices.ContainsFunc(candidates, func(c *Type) bool { return identical(c, t) }) {
				candidates = append(candidates, t)
			}
		}
	}
	remaining := slices.DeleteFunc(slices.Clone(candidates), func(c *Type) bool {
		return slices.ContainsFunc(b.exact, func(t *Type) bool { return !identical(t, c) }) ||
			slices.ContainsFunc(b.lower, func(t *Type) bool { return !standardImplicitOrUser(t, c) }) ||
			slices.ContainsFunc(b.upper, func(t *Type) bool { return !standardImplicitOrUser(c, t) })
	})
	var best *Type
	for _, c := range remaining {
		if slices.ContainsFunc(remaining, func(o *Type) bool { return !standardImplicitOrUser(o, c) }) {
			continue
		}
		if best != nil && !identical(best, c) {
			return nil
		}
		best = c
	}
	if best != nil && best.kind == Null {
		return nil
	}
	return best
}

// bestCommonType is the type that all of some expressions convert to, as new[] {
// } and the returns of a lambda want it; nil if there is none.
func bestCommonType(values []bound) *Type {
	var set bounds
	for _, v := range values {
		switch t := v.typ(); {
		case t == basic.bad:
			return t
		case t != nil && t.kind != Null && t != basic.void:
			set.lower = append(set.lower, t)
		}
	}
	return fixedType(&set)
}
