package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// deserialize is ToObject<T> and DeserializeObject<T>: a value of type to made of
// a token. Raw says that texts were read as they are, so that those which are to
// be anything or a token still may become dates.
func (m *Machine) deserialize(t newtonsoft.Token, to *Type, raw bool) (any, error) {
	return (&deserializer{m, raw}).value(t, to)
}

// toObject is JToken.ToObject: of a plain type it is the explicit conversion.
func (m *Machine) toObject(t newtonsoft.Token, to *Type) (any, error) {
	plain := to.underlying()
	if plain.kind == Enum {
		if v := newtonsoft.ValueOf(t); v != nil && v.Type() == newtonsoft.StringType {
			e, err := enumOf(v.Value(), plain)
			if err != nil {
				err = dotnet.Argument("Could not convert '"+text(v.Value())+"' to "+reflectionName(plain, false)+".", "")
			}
			return e, err
		}
	}
	for _, c := range jsonConversions {
		if c.keyword != "byte[]" && typeNamed(c.keyword) == plain {
			return c.apply(m, t, c.class || to.kind == Nullable)
		}
	}
	return m.deserialize(t, to, false)
}

type deserializer struct {
	m   *Machine
	raw bool
}

func (d *deserializer) value(t newtonsoft.Token, to *Type) (any, error) {
	if err := d.m.Spend(1); err != nil {
		return nil, err
	}
	if err := d.m.Allocate(32); err != nil {
		return nil, err
	}
	jtoken := typeOf("Newtonsoft.Json.Linq.JToken")
	if inherits(to, jtoken) {
		return d.token(t, to, to == jtoken)
	}
	if to.def != nil && xmlOfJSON[to.def.Name] {
		return d.m.xmlOf(t, to, d.raw)
	}
	v := newtonsoft.ValueOf(t)
	if to == basic.object {
		if v == nil {
			return d.token(t, jtoken, true)
		}
		return fromHeld(d.held(v)), nil
	}
	if v != nil && (v.Value() == nil || v.Value() == "" && readsAs(to.underlying()) != "") {
		if to.IsValue() && to.kind != Nullable {
			return nil, converting(t, "{null}", to)
		}
		return nil, nil
	}
	if to.kind == Nullable {
		to = to.elem
	}
	if v != nil && !isCollection(to) {
		return d.simple(v, to)
	}
	return d.collection(t, to)
}

// token is a token of the wanted class.
func (d *deserializer) token(t newtonsoft.Token, to *Type, nullToo bool) (any, error) {
	if d.raw {
		t = withDates(t)
	}
	if v := newtonsoft.ValueOf(t); v != nil && v.Type() == newtonsoft.NullType && !nullToo && to.def.Name != "Newtonsoft.Json.Linq.JValue" {
		return nil, nil
	}
	if !isInstance(t, to) {
		return nil, dotnet.InvalidCast("Unable to cast object of type '" + t.TypeName() + "' to type '" + to.String() + "'.")
	}
	return newtonsoft.DeepClone(t), d.m.Spend(sizeOf(t))
}

// withDates makes dates of the texts that spell them.
func withDates(t newtonsoft.Token) newtonsoft.Token {
	if v, err := newtonsoft.Parse(newtonsoft.Write(t, newtonsoft.Compact), newtonsoft.ParseOptions{}); err == nil {
		return v
	}
	return t
}

// held is what a value holds, a text that spells a date as the date.
func (d *deserializer) held(v *newtonsoft.Value) any {
	if s, ok := v.Value().(string); ok && d.raw && v.Type() == newtonsoft.StringType {
		if date, ok, err := newtonsoft.ParseDate(s); ok && err == nil {
			return date
		}
	}
	return v.Value()
}

func converting(t newtonsoft.Token, what string, to *Type) error {
	return serializationError("Error converting value " + what + " to type '" + reflectionName(to, true) + "'. Path '" + newtonsoft.Path(t) + "'.")
}

// simple is a value that holds no others.
func (d *deserializer) simple(v *newtonsoft.Value, to *Type) (any, error) {
	held := v.Value()
	if value := fromHeld(held); isInstance(value, to) {
		return value, nil
	}
	s, isText := held.(string)
	var result any
	var err error
	switch {
	case to == basic.string:
		return d.text(held)
	case to.kind == Enum:
		result, err = enumOf(held, to)
	case to == arrayOf(basic.byte, 1) && isText:
		b, err := dotnet.FromBase64String(s)
		return NewBytes(b), err
	case to == arrayOf(basic.byte, 1):
		return nil, readerError(v, d.unexpected(v, "bytes"))
	case to.kind == Array || to.kind == Tuple || to.kind == Anonymous:
		return d.collection(v, to)
	case isText && s == "" && to.IsValue(): // those that readsAs names are null
		return nil, converting(v, `""`, to)
	default:
		if err := d.readable(v, to); err != nil {
			return nil, err
		}
		if s, date := d.date(held, to); date {
			held = s
		}
		result, err = d.converted(held, to)
	}
	if err != nil {
		quoted := newtonsoft.Write(v, newtonsoft.Compact)
		switch b, isBool := held.(bool); {
		case isText:
			quoted = `"` + s + `"`
		case isBool:
			quoted = dotnet.ToString(b)
		}
		return nil, converting(v, quoted, to)
	}
	return result, nil
}

// date is a text as the date that JSON makes of it where a date is wanted.
func (d *deserializer) date(held any, to *Type) (any, bool) {
	s, ok := held.(string)
	if !ok || to != typeOf("System.DateTime") {
		return nil, false
	}
	date, ok, err := newtonsoft.ParseDate(s)
	return date, ok && err == nil
}

// text is a value as a text: of what was read raw, as JSON spells it.
func (d *deserializer) text(held any) (any, error) {
	if b, ok := held.(bool); ok && d.raw {
		return map[bool]string{true: "true", false: "false"}[b], nil
	}
	return jsonToString(d.m, held)
}

func (d *deserializer) converted(held any, to *Type) (any, error) {
	if _, isText := held.(string); !isText && to == typeOf("System.TimeSpan") {
		return nil, dotnet.InvalidCast("There is no conversion.")
	}
	for _, c := range jsonConversions {
		if c.class || typeNamed(c.keyword) != to {
			continue
		}
		return c.convert(d.m, held)
	}
	if s, ok := held.(string); ok && to == typeOf("System.Uri") {
		u, err := dotnet.NewURI(s, dotnet.RelativeOrAbsolute, false)
		return u, err
	}
	return nil, dotnet.InvalidCast("There is no conversion.")
}

// typeNamed is the type of a keyword or a simple name.
func typeNamed(name string) *Type {
	if full, ok := keywords[name]; ok {
		name = full
	}
	return typeOf(name)
}

func enumOf(held any, to *Type) (any, error) {
	switch v := held.(type) {
	case int64:
		return EnumObject{to, v}, nil
	case string:
		for _, value := range to.def.Values {
			if strings.EqualFold(value.Name, v) {
				return EnumObject{to, value.Value}, nil
			}
		}
	}
	return nil, dotnet.InvalidCast("The enum has no such member.")
}

// jsonTypeCode is the code of a type that Convert converts to.
func jsonTypeCode(t *Type) (dotnet.TypeCode, bool) {
	switch t {
	case basic.bool:
		return dotnet.TypeCodeBoolean, true
	case basic.char:
		return dotnet.TypeCodeChar, true
	case basic.sbyte:
		return dotnet.TypeCodeSByte, true
	case basic.byte:
		return dotnet.TypeCodeByte, true
	case basic.short:
		return dotnet.TypeCodeInt16, true
	case basic.ushort:
		return dotnet.TypeCodeUInt16, true
	case basic.int:
		return dotnet.TypeCodeInt32, true
	case basic.uint:
		return dotnet.TypeCodeUInt32, true
	case basic.long:
		return dotnet.TypeCodeInt64, true
	case basic.ulong:
		return dotnet.TypeCodeUInt64, true
	case basic.float:
		return dotnet.TypeCodeSingle, true
	case basic.double:
		return dotnet.TypeCodeDouble, true
	case basic.decimal:
		return dotnet.TypeCodeDecimal, true
	case basic.string:
		return dotnet.TypeCodeString, true
	case typeOf("System.DateTime"):
		return dotnet.TypeCodeDateTime, true
	}
	return 0, false
}
