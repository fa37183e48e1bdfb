package expr

import "slices"

// userOperator is a conversion operator that may serve, as it is or lifted to
// nullables.
type userOperator struct {
	m        method
	from, to *Type
	lifted   bool
}

// userDefined is the conversion of x by an operator that one of the types
// declares (C# 7.3 specification, 10.5.4 and 10.5.5); none if there is not
// exactly one that is the most specific.
func userDefined(x bound, to *Type, explicit bool) conversion {
	from := x.typ()
	var candidates []userOperator
	for _, op := range conversionOperators(from, to, explicit) {
		if userApplies(x, op, to, explicit) {
			candidates = append(candidates, op)
		}
	}
	if len(candidates) == 0 {
		return none
	}
	source := specificSource(x, candidates, explicit)
	target := specificTarget(to, candidates, explicit)
	var best []userOperator
	for _, op := range candidates {
		if op.from == source && op.to == target {
			best = append(best, op)
		}
	}
	if len(best) > 1 {
		best = slices.DeleteFunc(best, func(op userOperator) bool { return op.lifted })
	}
	if len(best) != 1 {
		return none
	}
	op := best[0]
	before, after := standardExplicit(from, op.from), standardExplicit(op.to, to)
	if c, ok := x.(*boundConst); ok && !before.exists() {
		before = constantConversion(c, op.from)
	}
	return conversion{kind: userConversion, user: op.m, from: op.from, to: op.to, lifted: op.lifted, inner: []conversion{before, after}}
}

// withConversions are the types with conversion operators: most have none, and would have to be
// made to be asked. TestDeclarations finds what is missing here or too much.
var withConversions = []string{
	"Newtonsoft.Json.Linq.JToken", "System.DateTimeOffset", "System.Xml.Linq.XAttribute", "System.Xml.Linq.XElement",
	"System.Xml.Linq.XName", "System.Xml.Linq.XNamespace",
}

// conversionOperators are those of the two types, their bases included.
func conversionOperators(from, to *Type, explicit bool) []userOperator {
	var ops []userOperator
	add := func(t *Type, name string) {
		for _, member := range t.def.MembersNamed(name) {
			m := method{member, t}
			op := userOperator{m: m, from: m.paramType(0), to: m.result()}
			if slices.ContainsFunc(ops, func(o userOperator) bool { return o.m.Member == member && o.m.of == t }) {
				continue
			}
			ops = append(ops, op)
			if from.kind == Nullable && op.from.IsValue() && op.from.kind != Nullable && op.to.IsValue() && (explicit || to.kind == Nullable) {
				ops = append(ops, userOperator{m, nullableOf(op.from), nullableOf(op.to), true})
			}
		}
	}
	for _, t := range []*Type{from.underlying(), to.underlying()} {
		for ; t != nil; t = t.baseType() {
			if t.def == nil || !slices.Contains(withConversions, t.def.Name) {
				continue
			}
			add(t, "implicit")
			if explicit {
				add(t, "explicit")
			}
		}
	}
	return ops
}

// userApplies reports whether the operator can stand between x and to.
func userApplies(x bound, op userOperator, to *Type, explicit bool) bool {
	if op.from.kind == Interface && op.from != x.typ() || op.to.kind == Interface && op.to != to {
		return false
	}
	source := encompassed(x, op.from)
	target := standardImplicit(op.to, to).exists()
	if explicit {
		source = source || standardImplicit(op.from, x.typ()).exists()
		target = target || standardImplicit(to, op.to).exists()
		// (string)token["n"] must not go by way of object or an interface.
		if x.typ().kind == Interface || to.kind == Interface || x.typ() == basic.object || to == basic.object {
			return false
		}
	}
	return source && target
}

// encompassed reports whether x converts to t by a standard implicit conversion.
func encompassed(x bound, t *Type) bool {
	if c, ok := x.(*boundConst); ok && constantConversion(c, t).exists() {
		return true
	}
	return standardImplicit(x.typ(), t).exists()
}

func specificSource(x bound, ops []userOperator, explicit bool) *Type {
	var all, around []*Type
	for _, op := range ops {
		if op.from == x.typ() {
			return op.from
		}
		all = append(all, op.from)
		if encompassed(x, op.from) {
			around = append(around, op.from)
		}
	}
	if !explicit || len(around) > 0 {
		return innermost(around)
	}
	return outermost(all)
}

func specificTarget(to *Type, ops []userOperator, explicit bool) *Type {
	var all, within []*Type
	for _, op := range ops {
		if op.to == to {
			return op.to
		}
		all = append(all, op.to)
		if standardImplicit(op.to, to).exists() {
			within = append(within, op.to)
		}
	}
	if !explicit || len(within) > 0 {
		return outermost(within)
	}
	return innermost(all)
}

// innermost is the type that converts to all the others, nil if none does.
func innermost(types []*Type) *Type {
	for _, t := range types {
		if !slices.ContainsFunc(types, func(o *Type) bool { return !standardImplicit(t, o).exists() }) {
			return t
		}
	}
	return nil
}

// outermost is the type that all the others convert to, nil if there is none.
func outermost(types []*Type) *Type {
	for _, t := range types {
		if !slices.ContainsFunc(types, func(o *Type) bool { return !standardImplicit(o, t).exists() }) {
			return t
		}
	}
	return nil
}
