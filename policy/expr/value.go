package expr

import (
	"hash/maphash"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// plainObject is new object().
type plainObject struct{ _ byte }

// DotnetType is part of Object.
func (*plainObject) DotnetType() *Type { return typeOf("System.Object") }

// typeObject is a System.Type.
type typeObject struct{ t *Type }

// DotnetType is part of Object.
func (*typeObject) DotnetType() *Type { return typeOf("System.Type") }

// ToString is part of Texter.
func (o *typeObject) ToString(*Machine) (string, error) { return reflectionName(o.t, true), nil }

// EqualTo is part of Equaler.
func (o *typeObject) EqualTo(_ *Machine, other any) (bool, error) {
	t, ok := other.(*typeObject)
	return ok && t.t == o.t, nil
}

// EnumObject is a value of an enum.
type EnumObject struct {
	Type  *Type
	Value int64
}

// DotnetType is part of Object.
func (e EnumObject) DotnetType() *Type { return e.Type }

// DynamicType is the type of a value as .NET's GetType tells it; nil for null.
func DynamicType(v any) *Type {
	table() // a value may be asked of before anything was compiled
	switch v := v.(type) {
	case nil:
		return nil
	case Object:
		return v.DotnetType()
	case Named:
		return typeOf(v.TypeName())
	case *dotnet.Exception:
		if d := table().lookup(v.Type, 0); d != nil {
			return d.of()
		}
		return typeOf("System.Exception")
	case *Closure:
		return v.Type
	case string:
		return basic.string
	case bool:
		return basic.bool
	case int32:
		return basic.int
	case int64:
		return basic.long
	case float64:
		return basic.double
	case dotnet.Char:
		return basic.char
	case dotnet.Decimal:
		return basic.decimal
	case int8:
		return basic.sbyte
	case uint8:
		return basic.byte
	case int16:
		return basic.short
	case uint16:
		return basic.ushort
	case uint32:
		return basic.uint
	case uint64:
		return basic.ulong
	case float32:
		return basic.float
	case dotnet.DateTime:
		return typeOf("System.DateTime")
	case dotnet.DateTimeOffset:
		return typeOf("System.DateTimeOffset")
	case dotnet.TimeSpan:
		return typeOf("System.TimeSpan")
	case dotnet.Guid:
		return typeOf("System.Guid")
	}
	return basic.object
}

// Text is v.ToString(), "" for null.
func (m *Machine) Text(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case Texter:
		return v.ToString(m)
	case EnumObject:
		return enumText(v), nil
	case *dotnet.Exception:
		return exceptionText(v), nil
	case newtonsoft.Token:
		s := newtonsoft.Text(v)
		return s, m.Allocate(len(s))
	case xlinq.Node:
		return xlinq.Write(v, 0, m.Allocate)
	case xlinq.Texter:
		return v.Text()
	case Named:
		if s, ok := v.(interface{ String() string }); ok {
			return s.String(), nil
		}
		return reflectionName(DynamicType(v), true), nil
	case Object, *Closure:
		return reflectionName(DynamicType(v), true), nil
	}
	return dotnet.ToString(v), nil
}

// Format is v.ToString(format), as a hole of a composite format does it.
func (m *Machine) Format(v any, format string) (string, error) {
	switch v := v.(type) {
	case EnumObject:
		return enumFormat(v, format)
	case *newtonsoft.Value:
		return m.formatToken(v, format)
	case *newtonsoft.Raw:
		return m.formatToken(newtonsoft.ValueOf(v), format)
	case nil, string, Texter, *dotnet.Exception, Object, Named, *Closure:
		return m.Text(v)
	default:
		if format == "" {
			return dotnet.ToString(v), nil
		}
		return dotnet.FormatValue(v, format)
	}
}

// Equal is a.Equals(b), null equal to null.
func (m *Machine) Equal(a, b any) (bool, error) {
	if a == nil || b == nil {
		return a == nil && b == nil, nil
	}
	if e, ok := a.(Equaler); ok {
		return e.EqualTo(m, b)
	}
	if t, ok := a.(newtonsoft.Token); ok {
		return equalTokens(t, b), nil
	}
	if equal, own := equalNamed(a, b); own {
		return equal, nil
	}
	if isObject(a) || isObject(b) {
		return sameReference(a, b), nil
	}
	return dotnet.Equals(a, b), nil
}

func isObject(v any) bool {
	switch v.(type) {
	case EnumObject:
		return false
	case Object, Named, *Closure, *dotnet.Exception:
		return true
	}
	return false
}

// sameReference is object.ReferenceEquals for what are references here.
func sameReference(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	switch a.(type) {
	case string, Object, Named, *Closure, *dotnet.Exception:
		return a == b
	}
	return false // two boxes are never the same
}

// Compare is IComparable's comparison; null comes first.
func (m *Machine) Compare(a, b any) (int, error) {
	switch {
	case a == nil && b == nil:
		return 0, nil
	case a == nil:
		return -1, nil
	case b == nil:
		return 1, nil
	case sameReference(a, b):
		return 0, nil
	}
	if c, ok := a.(Comparer); ok {
		return c.CompareWith(m, b)
	}
	if x, ok := a.(newtonsoft.Token); ok {
		n, err := compareTokens(x, b)
		if err != nil {
			return 0, err
		}
		return int(n.(int32)), nil
	}
	if x, ok := a.(EnumObject); ok {
		if y, ok := b.(EnumObject); ok {
			return compareInts(x.Value, y.Value), nil
		}
	}
	n, err := dotnet.Compare(a, b, compareTexts)
	return int(n), err
}

// compareTexts is how strings compare where nothing else is said.
func compareTexts(a, b string) int {
	n, _ := dotnet.CompareText(a, b, dotnet.CurrentCulture)
	return n
}

// Comparer is an Object that can be compared.
type Comparer interface {
	CompareWith(m *Machine, other any) (int, error)
}

func compareInts(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

var hashSeed = maphash.MakeSeed()

// Hash is a hash code: equal values have equal ones. .NET's own values differ
// from run to run for most types, so none is promised.
func (m *Machine) Hash(v any) (int32, error) {
	if v == nil {
		return 0, nil
	}
	if code, ok := dotnet.HashCode(v); ok {
		return code, nil
	}
	s, err := m.Text(v)
	return int32(maphash.String(hashSeed, s)), err
}

// enumText is the name of an enum's value: of flags the names that make it up.
func enumText(e EnumObject) string {
	for _, v := range e.Type.def.Values {
		if v.Value == e.Value {
			return v.Name
		}
	}
	if !e.Type.def.Flags {
		return dotnet.ToString(e.Value)
	}
	return enumFlagsText(e)
}

// enumFlagsText is the names that make up an enum's value, or its number.
func enumFlagsText(e EnumObject) string {
	if e.Value != 0 {
		rest, names := e.Value, []string(nil)
		for i := len(e.Type.def.Values) - 1; i >= 0; i-- {
			if v := e.Type.def.Values[i]; v.Value != 0 && rest&v.Value == v.Value {
				rest &^= v.Value
				names = append([]string{v.Name}, names...)
			}
		}
		if rest == 0 {
			return strings.Join(names, ", ")
		}
	}
	return dotnet.ToString(e.Value)
}

// reflectionName is a type's name as reflection spells it:
// System.Collections.Generic.List`1[System.String].
func reflectionName(t *Type, full bool) string {
	name := t.full
	if t.def != nil {
		name = t.def.Name
	}
	switch t.kind {
	case Array:
		return reflectionName(t.elem, full) + "[" + strings.Repeat(",", t.rank-1) + "]"
	case Tuple:
		name = "System.ValueTuple"
	case Nullable:
		name = "System.Nullable"
	case Anonymous:
		name = "<>f__AnonymousType0"
	}
	if !full {
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	if len(t.args) == 0 {
		if dot := strings.LastIndexByte(name, '.'); dot > 0 && table().declared(defName{name[:dot], 0}) != nil {
			name = name[:dot] + "+" + name[dot+1:] // a nested type
		}
		return name
	}
	name = defName{name, len(t.args)}.String()
	if !full {
		return name
	}
	args := make([]string, len(t.args))
	for i, a := range t.args {
		args[i] = reflectionName(a, true)
	}
	return name + "[" + strings.Join(args, ",") + "]"
}

func namespaceOf(t *Type) string {
	name := reflectionName(t, true)
	name, _, _ = strings.Cut(name, "`")
	return name[:max(strings.LastIndexByte(name, '.'), 0)]
}
