package expr

import (
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

var errPacked = errors.New("these are not the bytes of a value that was kept")

// Unpack is the value that was packed: a new one each time. It takes any bytes, since a
// cache may be written by others.
func (m *Machine) Unpack(data []byte) (any, error) {
	table() // which the types are looked up in
	u := &unpacker{m: m, rest: data}
	v := u.value(0)
	if u.err == nil && len(u.rest) > 0 {
		u.err = errPacked
	}
	if u.err != nil {
		return nil, u.err
	}
	return v, nil
}

// unpacker reads a packed value. After an error it gives nothing of use.
type unpacker struct {
	m    *Machine
	rest []byte
	err  error
}

func (u *unpacker) fail(err error) {
	if u.err == nil {
		u.err = err
	}
	u.rest = nil
}

func (u *unpacker) take(n uint64) []byte {
	if n > uint64(len(u.rest)) {
		u.fail(errPacked)
		return nil
	}
	b := u.rest[:n]
	u.rest = u.rest[n:]
	return b
}

func (u *unpacker) uvarint() uint64 {
	n, size := binary.Uvarint(u.rest)
	if size <= 0 {
		u.fail(errPacked)
		return 0
	}
	u.rest = u.rest[size:]
	return n
}

func (u *unpacker) varint() int64 {
	n := u.uvarint()
	if n&1 != 0 {
		return ^int64(n >> 1)
	}
	return int64(n >> 1)
}

func (u *unpacker) text() string { return string(u.take(u.uvarint())) }

// count is how many elements follow, each of which takes a byte or more.
func (u *unpacker) count() int {
	n := u.uvarint()
	if n > uint64(len(u.rest)) {
		u.fail(errPacked)
		return 0
	}
	return int(n)
}

func (u *unpacker) value(depth int) any {
	kind := u.take(1)
	if kind == nil || depth > maxPackedDepth {
		u.fail(errPacked)
		return nil
	}
	switch k := kind[0]; {
	case k == packedNull:
		return nil
	case k == packedString:
		return u.text()
	case k == packedFalse, k == packedTrue:
		return k == packedTrue
	case k <= packedGuid:
		return u.basic(k)
	case k == packedBytes:
		return NewBytes([]byte(u.text()))
	case k == packedElement, k == packedDocument:
		return u.xml(k)
	case k >= packedObject && k <= packedNoString && k != packedBigInteger:
		return u.token(k, depth)
	default:
		return u.collection(k, depth)
	}
}

// inRangeOf is a number that has to fit.
func inRangeOf[T int8 | int16 | int32 | uint8 | uint16 | uint32 | dotnet.Char](u *unpacker, n int64) T {
	if int64(T(n)) != n {
		u.fail(errPacked)
	}
	return T(n)
}

func (u *unpacker) unsigned() int64 { return int64(min(u.uvarint(), math.MaxInt64)) }

func (u *unpacker) basic(kind byte) any {
	switch kind {
	case packedInt:
		return inRangeOf[int32](u, u.varint())
	case packedLong:
		return u.varint()
	case packedDouble:
		if b := u.take(8); b != nil {
			return math.Float64frombits(binary.BigEndian.Uint64(b))
		}
		return nil
	case packedDecimal:
		return orFail(u, func() (dotnet.Decimal, error) { return dotnet.ParseDecimal(u.text(), dotnet.NumberStylesNumber) })
	case packedChar:
		return inRangeOf[dotnet.Char](u, u.unsigned())
	case packedSByte:
		return inRangeOf[int8](u, u.varint())
	case packedByte:
		return inRangeOf[uint8](u, u.unsigned())
	case packedShort:
		return inRangeOf[int16](u, u.varint())
	case packedUShort:
		return inRangeOf[uint16](u, u.unsigned())
	case packedUInt:
		return inRangeOf[uint32](u, u.unsigned())
	case packedULong:
		return u.uvarint()
	case packedFloat:
		if b := u.take(4); b != nil {
			return math.Float32frombits(binary.BigEndian.Uint32(b))
		}
		return nil
	}
	return u.time(kind)
}

func (u *unpacker) time(kind byte) any {
	switch kind {
	case packedDateTime:
		return orFail(u, func() (dotnet.DateTime, error) { return dotnet.FromBinary(u.varint()) })
	case packedDateTimeOffset:
		return orFail(u, func() (dotnet.DateTimeOffset, error) {
			t, err := dotnet.NewDateTime(u.varint(), dotnet.KindUnspecified)
			if err != nil {
				return dotnet.DateTimeOffset{}, err
			}
			return dotnet.NewDateTimeOffset(t, dotnet.TimeSpan(u.varint()))
		})
	case packedTimeSpan:
		return dotnet.TimeSpan(u.varint())
	}
	var g dotnet.Guid
	copy(g[:], u.take(uint64(len(g))))
	return g
}

// orFail is what read gives; its error is the unpacker's.
func orFail[T any](u *unpacker, read func() (T, error)) T {
	v, err := read()
	if err != nil {
		u.fail(errPacked)
	}
	return v
}

func (u *unpacker) xml(kind byte) any {
	text := u.text()
	if kind == packedElement {
		return orFail(u, func() (*xlinq.Element, error) { return xlinq.ParseElement(text, xlinq.PreserveWhitespace) })
	}
	return orFail(u, func() (*xlinq.Document, error) { return xlinq.ParseDocument(text, xlinq.PreserveWhitespace) })
}

func (u *unpacker) typ() *Type {
	t, err := readPackedType(u.text())
	if err != nil {
		u.fail(err)
	}
	return t
}

func (u *unpacker) collection(kind byte, depth int) any {
	if kind < packedArray || kind > packedEnum {
		u.fail(errPacked)
		return nil
	}
	t := u.typ()
	if t == nil {
		return nil
	}
	switch kind {
	case packedEnum:
		if t.kind != Enum {
			u.fail(errPacked)
		}
		return EnumObject{t, u.varint()}
	case packedDictionary:
		return u.dictionary(t, depth)
	}
	values := make([]any, u.count())
	for i := range values {
		if values[i] = u.value(depth + 1); u.err != nil || !holdable(values[i], t) {
			u.fail(errPacked)
			return nil
		}
	}
	switch {
	case kind == packedArray && t != basic.byte:
		return NewArray(t, values)
	case kind == packedList:
		return NewList(t, values)
	case kind == packedSet:
		s := newSet(t, nil)
		for _, v := range values {
			if _, err := s.add(u.m, v); err != nil {
				u.fail(err)
			}
		}
		return s
	}
	u.fail(errPacked)
	return nil
}

func (u *unpacker) dictionary(t *Type, depth int) any {
	if t.def == nil || t.def.Name != dictionaryType {
		u.fail(errPacked)
		return nil
	}
	d := newDictionary(t.args, nil)
	for range u.count() {
		key, value := u.value(depth+1), u.value(depth+1)
		if u.err != nil || key == nil || !holdable(key, t.args[0]) || !holdable(value, t.args[1]) {
			u.fail(errPacked)
			return nil
		}
		if err := d.Add(u.m, key, value); err != nil {
			u.fail(err)
			return nil
		}
	}
	return d
}

// holdable reports whether a place of the type t can hold v.
func holdable(v any, t *Type) bool {
	if v == nil {
		return t.hasNull()
	}
	return isInstance(v, t.underlying())
}

// token reads JSON.
func (u *unpacker) token(kind byte, depth int) newtonsoft.Token {
	switch kind {
	case packedObject:
		return u.tokens(newtonsoft.NewObject(), depth)
	case packedJArray:
		return u.tokens(newtonsoft.NewArray(), depth)
	case packedJConstructor:
		return u.tokens(&newtonsoft.Constructor{Name: u.text()}, depth)
	case packedProperty:
		name := u.text()
		return orFail(u, func() (newtonsoft.Token, error) { return newtonsoft.NewProperty(name, u.nextToken(depth+1)) })
	case packedUndefined:
		return newtonsoft.Undefined()
	case packedNoString:
		return newtonsoft.NewString(nil)
	}
	v := u.jsonValue()
	switch kind {
	case packedRaw:
		return newtonsoft.NewRaw(v)
	case packedComment:
		return newtonsoft.NewComment(v)
	}
	return newtonsoft.NewValue(v)
}

// jsonValue reads what a JValue holds.
func (u *unpacker) jsonValue() any {
	if len(u.rest) == 0 {
		u.fail(errPacked)
		return nil
	}
	switch k := u.rest[0]; {
	case k == packedBigInteger:
		u.rest = u.rest[1:]
		n, ok := new(big.Int).SetString(u.text(), 10)
		if !ok {
			u.fail(errPacked)
		}
		return n
	case k == packedBytes:
		u.rest = u.rest[1:]
		return []byte(u.text())
	case k > packedGuid:
		u.fail(errPacked)
		return nil
	}
	return u.value(0)
}

func (u *unpacker) nextToken(depth int) newtonsoft.Token {
	kind := u.take(1)
	if kind == nil || kind[0] < packedObject || kind[0] > packedNoString || kind[0] == packedBigInteger || depth > maxPackedDepth {
		u.fail(errPacked)
		return newtonsoft.Null()
	}
	return u.token(kind[0], depth)
}

func (u *unpacker) tokens(into newtonsoft.Container, depth int) newtonsoft.Token {
	for i := range u.count() {
		if err := into.Insert(i, u.nextToken(depth+1)); err != nil {
			u.fail(errPacked)
		}
		if u.err != nil {
			break
		}
	}
	return into
}

// readPackedType reads the name of a type as [Type.String] gives it.
func readPackedType(name string) (t *Type, err error) {
	if strings.Count(name, "<") > maxTypeNesting || strings.Contains(name, "(") {
		return nil, errPacked
	}
	defer func() {
		if recover() != nil { // the reader is for the table's own signatures
			t, err = nil, errPacked
		}
	}()
	s := &signatureReader{library: table(), def: &Def{}, text: name}
	t = s.readType()
	if !s.end() || t.generic() || t.kind == Tuple {
		return nil, errPacked
	}
	return t, nil
}

// maxTypeNesting bounds how deep type arguments have others.
const maxTypeNesting = 16
