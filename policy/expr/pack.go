package expr

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// Values that outlive a request, such as those in a cache, are packed into bytes: so no
// later change reaches them, and a server of another process can keep them.

// Each value begins with one of these. They stay what they are: a cache may outlive the
// program.
const (
	packedNull byte = iota
	packedString
	packedFalse
	packedTrue
	packedInt
	packedLong
	packedDouble
	packedDecimal
	packedChar
	packedSByte
	packedByte
	packedShort
	packedUShort
	packedUInt
	packedULong
	packedFloat
	packedDateTime
	packedDateTimeOffset
	packedTimeSpan
	packedGuid
	packedBytes
	packedArray
	packedList
	packedDictionary
	packedSet
	packedEnum
	packedElement
	packedDocument
	packedObject
	packedJArray
	packedProperty
	packedJValue
	packedBigInteger
	packedRaw
	packedComment
	packedUndefined
	packedJConstructor
	packedNoString
)

// maxPackedDepth is how deep values may hold each other.
const maxPackedDepth = 512

// PackError tells that a value has no packed form: a response, a regular expression, a
// delegate.
type PackError struct {
	// Type is the value's, in C#.
	Type string
	// Deep says that the value holds others too deeply, or itself.
	Deep bool
}

func (e *PackError) Error() string {
	if e.Deep {
		return "a value of the type " + e.Type + " holds others too deeply to be kept"
	}
	return "a value of the type " + e.Type + " can't be kept"
}

// Pack is v as bytes, which [Machine.Unpack] makes a value of again, of the same type.
// Numbers, texts, times, byte[], JSON, XElement and XDocument can be packed, and arrays,
// List, Dictionary and HashSet of such. The error is a [*PackError], or the machine's.
func (m *Machine) Pack(v any) ([]byte, error) { return m.pack(nil, v, 0) }

func (m *Machine) pack(b []byte, v any, depth int) ([]byte, error) {
	if depth > maxPackedDepth {
		return nil, &PackError{Type: DynamicType(v).String(), Deep: true}
	}
	switch v := v.(type) {
	case nil:
		return append(b, packedNull), nil
	case string:
		return appendPacked(append(b, packedString), v), nil
	case bool:
		if v {
			return append(b, packedTrue), nil
		}
		return append(b, packedFalse), nil
	case newtonsoft.Token:
		return m.packToken(b, v, depth)
	case *ArrayObject:
		return m.packArray(b, v, depth)
	case *ListObject:
		return m.packElements(append(b, packedList), v.typ.args[0], v.Values(), v, depth)
	case *DictionaryObject:
		return m.packDictionary(b, v, depth)
	case *SetObject:
		return m.packSet(b, v, depth)
	case EnumObject:
		return m.packTyped(append(b, packedEnum), v.Type, v, func(b []byte) []byte { return binary.AppendVarint(b, v.Value) })
	case *xlinq.Element:
		return packXML(append(b, packedElement), v, m)
	case *xlinq.Document:
		return packXML(append(b, packedDocument), v, m)
	}
	if packed := packBasic(b, v); packed != nil {
		return packed, nil
	}
	return nil, &PackError{Type: DynamicType(v).String()}
}

// packBasic packs a number or a time; nil: v is neither.
func packBasic(b []byte, v any) []byte {
	switch v := v.(type) {
	case int32:
		return binary.AppendVarint(append(b, packedInt), int64(v))
	case int64:
		return binary.AppendVarint(append(b, packedLong), v)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, packedDouble), math.Float64bits(v))
	case dotnet.Decimal:
		return appendPacked(append(b, packedDecimal), v.String())
	case dotnet.Char:
		return binary.AppendUvarint(append(b, packedChar), uint64(v))
	case int8:
		return binary.AppendVarint(append(b, packedSByte), int64(v))
	case uint8:
		return binary.AppendUvarint(append(b, packedByte), uint64(v))
	case int16:
		return binary.AppendVarint(append(b, packedShort), int64(v))
	case uint16:
		return binary.AppendUvarint(append(b, packedUShort), uint64(v))
	case uint32:
		return binary.AppendUvarint(append(b, packedUInt), uint64(v))
	case uint64:
		return binary.AppendUvarint(append(b, packedULong), v)
	case float32:
		return binary.BigEndian.AppendUint32(append(b, packedFloat), math.Float32bits(v))
	case dotnet.DateTime:
		return binary.AppendVarint(append(b, packedDateTime), v.ToBinary())
	case dotnet.DateTimeOffset:
		return binary.AppendVarint(binary.AppendVarint(append(b, packedDateTimeOffset), v.DateTime().Ticks()), int64(v.Offset()))
	case dotnet.TimeSpan:
		return binary.AppendVarint(append(b, packedTimeSpan), int64(v))
	case dotnet.Guid:
		return append(append(b, packedGuid), v[:]...)
	case *big.Int:
		return appendPacked(append(b, packedBigInteger), v.String())
	case []byte: // in JSON
		return appendPacked(append(b, packedBytes), string(v))
	}
	return nil
}

func appendPacked(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// packTyped packs the name of t and what rest appends. A type that can't be read again
// has no packed form.
func (m *Machine) packTyped(b []byte, t *Type, v any, rest func(b []byte) []byte) ([]byte, error) {
	if read, err := readPackedType(t.String()); err != nil || read != t {
		return nil, &PackError{Type: DynamicType(v).String()}
	}
	return rest(appendPacked(b, t.String())), nil
}

func (m *Machine) packElements(b []byte, elem *Type, values []any, of any, depth int) ([]byte, error) {
	b, err := m.packTyped(b, elem, of, func(b []byte) []byte { return binary.AppendUvarint(b, uint64(len(values))) })
	for _, v := range values {
		if err != nil {
			return nil, err
		}
		b, err = m.pack(b, v, depth+1)
	}
	return b, err
}

func (m *Machine) packArray(b []byte, a *ArrayObject, depth int) ([]byte, error) {
	switch {
	case a.rank() > 1:
		return nil, &PackError{Type: a.typ.String()}
	case a.typ.elem == basic.byte:
		return appendPacked(append(b, packedBytes), string(a.bytes)), nil
	}
	return m.packElements(append(b, packedArray), a.typ.elem, a.elems, a, depth)
}

// packDictionary packs a dictionary. One with a comparer of its own has no packed form.
func (m *Machine) packDictionary(b []byte, d *DictionaryObject, depth int) ([]byte, error) {
	if d.comparer != nil {
		return nil, &PackError{Type: d.typ.String()}
	}
	b, err := m.packTyped(append(b, packedDictionary), d.typ, d, func(b []byte) []byte { return binary.AppendUvarint(b, uint64(d.Len())) })
	if err != nil {
		return nil, err
	}
	it, err := d.Enumerate(m)
	if err != nil {
		return nil, err
	}
	defer it.Close()
	for {
		element, more, err := it.Next(m)
		if err != nil || !more {
			return b, err
		}
		pair := element.(*PairObject)
		for _, v := range []any{pair.key, pair.value} {
			if b, err = m.pack(b, v, depth+1); err != nil {
				return nil, err
			}
		}
	}
}

func (m *Machine) packSet(b []byte, s *SetObject, depth int) ([]byte, error) {
	if s.comparer != nil {
		return nil, &PackError{Type: s.typ.String()}
	}
	it, err := s.Enumerate(m)
	if err != nil {
		return nil, err
	}
	defer it.Close()
	var values []any
	for {
		v, more, err := it.Next(m)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		values = append(values, v)
	}
	return m.packElements(append(b, packedSet), s.typ.args[0], values, s, depth)
}

func packXML(b []byte, n xlinq.Node, m *Machine) ([]byte, error) {
	text, err := xlinq.Write(n, xlinq.DisableFormatting, m.Allocate)
	if err != nil {
		return nil, fmt.Errorf("the XML can't be kept: %w", err)
	}
	return appendPacked(b, text), nil
}

// packToken packs JSON with the kinds of its values, which its text would not tell.
func (m *Machine) packToken(b []byte, t newtonsoft.Token, depth int) ([]byte, error) {
	if depth > maxPackedDepth {
		return nil, &PackError{Type: t.TypeName(), Deep: true}
	}
	switch t := t.(type) {
	case *newtonsoft.Object:
		return m.packTokens(append(b, packedObject), t.Children(), depth)
	case *newtonsoft.Array:
		return m.packTokens(append(b, packedJArray), t.Children(), depth)
	case *newtonsoft.Constructor:
		return m.packTokens(appendPacked(append(b, packedJConstructor), t.Name), t.Children(), depth)
	case *newtonsoft.Property:
		return m.packToken(appendPacked(append(b, packedProperty), t.Name()), t.Value(), depth+1)
	}
	v := newtonsoft.ValueOf(t)
	if v == nil {
		return nil, &PackError{Type: t.TypeName()}
	}
	switch kind := v.Type(); {
	case kind == newtonsoft.RawType:
		b = append(b, packedRaw)
	case kind == newtonsoft.CommentType:
		b = append(b, packedComment)
	case kind == newtonsoft.UndefinedType:
		return append(b, packedUndefined), nil
	case kind == newtonsoft.StringType && v.Value() == nil:
		return append(b, packedNoString), nil
	default:
		b = append(b, packedJValue)
	}
	return m.pack(b, v.Value(), depth+1)
}

func (m *Machine) packTokens(b []byte, tokens []newtonsoft.Token, depth int) ([]byte, error) {
	b = binary.AppendUvarint(b, uint64(len(tokens)))
	var err error
	for _, t := range tokens {
		if b, err = m.packToken(b, t, depth+1); err != nil {
			return nil, err
		}
	}
	return b, nil
}
