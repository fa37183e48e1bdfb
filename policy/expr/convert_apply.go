package expr

import (
	"fmt"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// convert converts x implicitly; at is the expression that a mistake is told of.
func (b *binder) convert(x bound, to *Type, at syntax.Node) bound {
	c := b.implicit(x, to)
	if !c.exists() {
		return b.cannotConvert(x, to, at)
	}
	return b.apply(x, c, to, nil)
}

// cast is (T)x.
func (b *binder) cast(e *syntax.Cast) bound {
	to := b.typeRef(e.Type)
	x := b.value(e.X)
	if isBad(x) || to == basic.bad {
		return bad(e)
	}
	if to.def != nil && to.def.Static {
		return b.fail(e, "CS0716", "Cannot convert to static type '%s'", to.display())
	}
	c := b.explicit(x, to)
	switch {
	case c.exists():
		return b.apply(x, c, to, e)
	case x.typ() == nil:
		return b.cannotConvert(x, to, e)
	case x.typ().kind == Null:
		return b.fail(e, "CS0037", "Cannot convert null to '%s' because it is a non-nullable value type", to.display())
	}
	return b.fail(e, "CS0030", "Cannot convert type '%s' to '%s'", x.typ().display(), to.display())
}

// apply makes the node of a conversion that exists. Src is the cast, nil of an
// implicit one.
func (b *binder) apply(x bound, c conversion, to *Type, src syntax.Node) bound {
	switch c.kind {
	case identityConversion:
		return b.retyped(x, to, src)
	case lambdaConversion:
		return b.finishLambda(x.(*unboundLambda), to)
	case groupConversion:
		return b.delegateOf(x.(*boundGroup), to)
	case defaultConversion:
		return defaultOf(to, x.source())
	case throwConversion:
		return &boundThrow{node{to, x.source()}, x.(*boundThrow).x}
	case outConversion:
		return b.outVariable(x.(*boundOut), to)
	case tupleConversion:
		if record, ok := x.(*boundRecord); ok {
			elems := make([]bound, len(record.elems))
			for i, e := range record.elems {
				elems[i] = b.apply(e, c.inner[i], to.underlying().args[i], nil)
			}
			return &boundRecord{node{to, record.src}, elems}
		}
	}
	if k, ok := x.(*boundConst); ok {
		if folded := b.foldConversion(k, c, to, src); folded != nil {
			return folded
		}
	}
	return &boundConvert{node{to, src}, x, c, b.overflow == overflowChecked}
}

// retyped is x as a value of to, which it is as it stands.
func (b *binder) retyped(x bound, to *Type, src syntax.Node) bound {
	if x.typ() == to && src == nil {
		return x
	}
	if isBad(x) {
		return x
	}
	k, constant := x.(*boundConst)
	if constant && (identical(k.t, to) || k.value == nil && to.isReference()) {
		if src == nil {
			src = k.src
		}
		return &boundConst{node{to, src}, k.value}
	}
	return &boundConvert{node{to, src}, x, asItIs, false}
}

// foldConversion converts a constant; nil if the result is no constant.
func (b *binder) foldConversion(x *boundConst, c conversion, to *Type, src syntax.Node) bound {
	if src == nil {
		src = x.src
	}
	if c.kind == nullableConversion && x.value != nil && to.kind != Nullable {
		return nil
	}
	switch c.kind {
	case numericConversion, enumConversion:
	default:
		return nil
	}
	checked := b.overflow != overflowUnchecked
	v, err := convertNumber(x.value, to, checked)
	if err != nil {
		return b.fail(src, "CS0221", "Constant value '%s' cannot be converted to a '%s' (use 'unchecked' syntax to override)", constantText(x.value), to.display())
	}
	return &boundConst{node{to, src}, v}
}

// convertNumber converts between numbers and enums.
func convertNumber(v any, to *Type, checked bool) (any, error) {
	if e, ok := v.(EnumObject); ok {
		v = e.Value
	}
	if to.kind == Enum {
		n, err := toNumeric(numLong, checked)(nil, v)
		if err != nil {
			return nil, err
		}
		return EnumObject{to, n.(int64)}, nil
	}
	return toNumeric(to.numeric(), checked)(nil, v)
}

func constantText(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	case EnumObject:
		return enumText(v)
	case float64:
		return fmt.Sprintf("%v", v)
	}
	return dotnet.ToString(v)
}

// cannotConvert tells why there is no implicit conversion.
func (b *binder) cannotConvert(x bound, to *Type, at syntax.Node) bound {
	if isBad(x) || to == basic.bad {
		return bad(at)
	}
	switch x := x.(type) {
	case *unboundLambda:
		return b.lambdaMismatch(x, to, at)
	case *boundGroup:
		if to.kind != Delegate {
			return b.fail(at, "CS0428", "Cannot convert method group '%s' to non-delegate type '%s'. Did you intend to invoke the method?", x.name, to.display())
		}
		invoke, _ := delegateInvoke(to)
		if a := b.groupTarget(x, invokeParams(invoke), invoke); a != nil && !a.expanded && !a.defaults {
			return b.fail(at, "CS0407", "'%s' has the wrong return type: '%s' returns '%s'", a.m.display(), to.display(), invoke.result().display())
		}
		return b.fail(at, "CS0123", "No overload for '%s' matches delegate '%s'", x.name, to.display())
	case *boundRecord:
		if x.t == nil {
			return b.recordMismatch(x, to, at)
		}
	case *boundConst:
		if message := constantMismatch(b, x, to); message != nil {
			return b.fail(at, message[0], "%s", message[1])
		}
	}
	from := x.typ()
	if from == nil {
		return b.fail(at, "CS0029", "Cannot convert this to type '%s'", to.display())
	}
	if from != basic.void && b.explicit(x, to).exists() {
		return b.fail(at, "CS0266", "Cannot implicitly convert type '%s' to '%s'. An explicit conversion exists (are you missing a cast?)", from.display(), to.display())
	}
	return b.fail(at, "CS0029", "Cannot implicitly convert type '%s' to '%s'", from.display(), to.display())
}

// constantMismatch is the code and text of a constant that does not fit; nil if
// it is not the constant's value that is wrong.
func constantMismatch(b *binder, x *boundConst, to *Type) []string {
	target := to.underlying()
	switch {
	case x.t.kind == Null && to.IsValue():
		return []string{"CS0037", fmt.Sprintf("Cannot convert null to '%s' because it is a non-nullable value type", to.display())}
	case x.t == basic.double && target == basic.float:
		return []string{"CS0664", "Literal of type double cannot be implicitly converted to type 'float'; use an 'F' suffix to create a literal of this type"}
	case x.t == basic.double && target == basic.decimal:
		return []string{"CS0664", "Literal of type double cannot be implicitly converted to type 'decimal'; use an 'M' suffix to create a literal of this type"}
	case x.t == basic.int && target.numeric().integral() || x.t == basic.long && target == basic.ulong:
		return []string{"CS0031", fmt.Sprintf("Constant value '%s' cannot be converted to a '%s'", constantText(x.value), to.display())}
	}
	return nil
}

// recordMismatch tells which member of a tuple does not convert.
func (b *binder) recordMismatch(x *boundRecord, to *Type, at syntax.Node) bound {
	target := to.underlying()
	if target.kind != Tuple || len(target.args) != len(x.elems) {
		return b.fail(at, "CS8135", "A tuple of %d members cannot be converted to '%s'", len(x.elems), to.display())
	}
	for i, e := range x.elems {
		if !b.implicit(e, target.args[i]).exists() {
			return b.cannotConvert(e, target.args[i], at)
		}
	}
	return bad(at)
}
