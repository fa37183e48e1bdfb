package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// change makes a value of one type one of another.
type change func(f *frame, v any) (any, error)

// convert compiles a conversion; one that leaves the value as it is costs
// nothing.
func (c *compiler) convert(x *boundConvert) eval {
	value := c.expr(x.x)
	convert := c.change(x.conv, x.x.typ(), x.t, x.checked)
	if convert == nil {
		return value
	}
	return func(f *frame) (any, error) {
		v, err := value(f)
		if err != nil {
			return nil, err
		}
		return convert(f, v)
	}
}

// change compiles what a conversion does; nil if that is nothing.
func (c *compiler) change(conv conversion, from, to *Type, checked bool) change {
	switch conv.kind {
	case numericConversion:
		convert := toNumeric(to.numeric(), checked)
		return func(f *frame, v any) (any, error) { return convert(f.m, v) }
	case enumConversion:
		return func(_ *frame, v any) (any, error) { return convertNumber(v, to, checked) }
	case castConversion:
		return c.castTo(to)
	case nullableConversion:
		return c.nullableChange(conv, from, to, checked)
	case tupleConversion:
		return c.tupleChange(conv, from, to, checked)
	case userConversion:
		return c.userChange(conv, from, to, checked)
	}
	return nil
}

func (c *compiler) nullableChange(conv conversion, from, to *Type, checked bool) change {
	inner := c.change(conv.inner[0], from.underlying(), to.underlying(), checked)
	if to.kind != Nullable {
		return func(f *frame, v any) (any, error) {
			switch {
			case v == nil:
				return nil, dotnet.InvalidOperation("Nullable object must have a value.")
			case inner == nil:
				return v, nil
			}
			return inner(f, v)
		}
	}
	if inner == nil {
		return nil
	}
	return func(f *frame, v any) (any, error) {
		if v == nil {
			return nil, nil
		}
		return inner(f, v)
	}
}

func (c *compiler) tupleChange(conv conversion, from, to *Type, checked bool) change {
	from, target := from.underlying(), to.underlying()
	inner := make([]change, len(conv.inner))
	for i := range inner {
		inner[i] = c.change(conv.inner[i], from.args[i], target.args[i], checked)
	}
	return func(f *frame, v any) (any, error) {
		record, ok := v.(*RecordObject)
		if !ok {
			return nil, nil
		}
		elems := make([]any, len(record.elems))
		for i, e := range record.elems {
			if inner[i] != nil {
				var err error
				if e, err = inner[i](f, e); err != nil {
					return nil, err
				}
			}
			elems[i] = e
		}
		return newRecord(f.typ(target), elems), f.m.Allocate(16 * len(elems))
	}
}

func (c *compiler) userChange(conv conversion, from, to *Type, checked bool) change {
	before := c.change(conv.inner[0], from, conv.from, checked)
	after := c.change(conv.inner[1], conv.to, to, checked)
	call := callUnary(conv.user)
	return func(f *frame, v any) (any, error) {
		var err error
		if before != nil {
			if v, err = before(f, v); err != nil {
				return nil, err
			}
		}
		if v == nil && conv.lifted {
			return nil, nil
		}
		if err = f.m.tick(); err != nil {
			return nil, err
		}
		if v, err = call(f.m, v); err != nil || after == nil {
			return v, err
		}
		return after(f, v)
	}
}

// castTo compiles an unboxing or a downcast.
func (c *compiler) castTo(to *Type) change {
	if to.generic() {
		return func(f *frame, v any) (any, error) { return cast(v, f.typ(to)) }
	}
	switch to {
	case basic.string:
		return func(_ *frame, v any) (any, error) {
			if _, ok := v.(string); ok {
				return v, nil
			}
			return cast(v, to)
		}
	case basic.int:
		return func(_ *frame, v any) (any, error) {
			if _, ok := v.(int32); ok {
				return v, nil
			}
			return cast(v, to)
		}
	}
	return func(_ *frame, v any) (any, error) { return cast(v, to) }
}

// cast is (T)v of an object.
func cast(v any, to *Type) (any, error) {
	if v == nil {
		if to.IsValue() && to.kind != Nullable {
			return nil, dotnet.NullReference()
		}
		return nil, nil
	}
	target := to.underlying()
	if isInstance(v, target) {
		return v, nil
	}
	// An enum and its number are unboxed as each other.
	switch e, isEnum := v.(EnumObject); {
	case isEnum && target == basic.int:
		return int32(e.Value), nil
	case target.kind == Enum:
		if n, ok := v.(int32); ok {
			return EnumObject{target, int64(n)}, nil
		}
	}
	return nil, dotnet.InvalidCast("Unable to cast object of type '" + reflectionName(DynamicType(v), true) + "' to type '" + reflectionName(to, true) + "'.")
}
