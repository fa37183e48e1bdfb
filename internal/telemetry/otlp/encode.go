package otlp

import (
	"math"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	"google.golang.org/protobuf/encoding/protowire"
)

// message is a protobuf message that is being written. A field of its type's zero value is
// left out, as proto3 has it, unless the method says otherwise.
type message []byte

// nest writes a field that is a message itself, be it empty.
func (m *message) nest(number protowire.Number, write func(*message)) {
	var inner message
	write(&inner)
	*m = protowire.AppendTag(*m, number, protowire.BytesType)
	*m = protowire.AppendBytes(*m, inner)
}

func (m *message) text(number protowire.Number, value string) {
	if value != "" {
		m.givenText(number, value)
	}
}

// givenText writes "" as well. What is no UTF-8 would have a collector refuse all.
func (m *message) givenText(number protowire.Number, value string) {
	*m = protowire.AppendTag(*m, number, protowire.BytesType)
	*m = protowire.AppendString(*m, strings.ToValidUTF8(value, "\uFFFD"))
}

func (m *message) bytes(number protowire.Number, value []byte) {
	if len(value) > 0 {
		*m = protowire.AppendTag(*m, number, protowire.BytesType)
		*m = protowire.AppendBytes(*m, value)
	}
}

func (m *message) varint(number protowire.Number, value uint64) {
	if value != 0 {
		m.givenVarint(number, value)
	}
}

// givenVarint writes 0 as well.
func (m *message) givenVarint(number protowire.Number, value uint64) {
	*m = protowire.AppendTag(*m, number, protowire.VarintType)
	*m = protowire.AppendVarint(*m, value)
}

func (m *message) flag(number protowire.Number, value bool) {
	m.varint(number, protowire.EncodeBool(value))
}

func (m *message) fixed32(number protowire.Number, value uint32) {
	if value != 0 {
		*m = protowire.AppendTag(*m, number, protowire.Fixed32Type)
		*m = protowire.AppendFixed32(*m, value)
	}
}

func (m *message) fixed64(number protowire.Number, value uint64) {
	if value != 0 {
		m.givenFixed64(number, value)
	}
}

// givenFixed64 writes 0 as well.
func (m *message) givenFixed64(number protowire.Number, value uint64) {
	*m = protowire.AppendTag(*m, number, protowire.Fixed64Type)
	*m = protowire.AppendFixed64(*m, value)
}

// givenDouble writes 0 as well: all of a choice, where 0 is something else than nothing.
func (m *message) givenDouble(number protowire.Number, value float64) {
	m.givenFixed64(number, math.Float64bits(value))
}

// packed writes numbers of eight bytes.
func (m *message) packed(number protowire.Number, values []uint64) {
	if len(values) == 0 {
		return
	}
	*m = protowire.AppendTag(*m, number, protowire.BytesType)
	*m = protowire.AppendVarint(*m, uint64(8*len(values)))
	for _, value := range values {
		*m = protowire.AppendFixed64(*m, value)
	}
}

// time writes nanoseconds since 1970; nothing for no time.
func (m *message) time(number protowire.Number, t time.Time) {
	if !t.IsZero() {
		m.fixed64(number, uint64(max(t.UnixNano(), 0)))
	}
}

// count writes how many there are of something.
func (m *message) count(number protowire.Number, n int) {
	m.varint(number, uint64(min(max(n, 0), math.MaxUint32)))
}

// attributes writes KeyValues.
func (m *message) attributes(number protowire.Number, all []attribute.KeyValue) {
	for _, a := range all {
		m.nest(number, func(m *message) {
			m.text(1, string(a.Key))
			m.nest(2, func(m *message) { m.value(a.Value) })
		})
	}
}

// value writes what an AnyValue is.
func (m *message) value(v attribute.Value) {
	switch v.Type() {
	case attribute.EMPTY:
	case attribute.STRING:
		m.givenText(1, v.AsString())
	case attribute.BOOL:
		m.givenVarint(2, protowire.EncodeBool(v.AsBool()))
	case attribute.INT64:
		m.givenVarint(3, uint64(v.AsInt64()))
	case attribute.FLOAT64:
		m.givenDouble(4, v.AsFloat64())
	case attribute.STRINGSLICE:
		array(m, v.AsStringSlice(), attribute.StringValue)
	case attribute.BOOLSLICE:
		array(m, v.AsBoolSlice(), attribute.BoolValue)
	case attribute.INT64SLICE:
		array(m, v.AsInt64Slice(), attribute.Int64Value)
	case attribute.FLOAT64SLICE:
		array(m, v.AsFloat64Slice(), attribute.Float64Value)
	default: // nothing here has a value of another type; its text says what it is
		m.givenText(1, v.String())
	}
}

func array[E any](m *message, all []E, value func(E) attribute.Value) {
	m.nest(5, func(m *message) {
		for _, e := range all {
			m.nest(1, func(m *message) { m.value(value(e)) })
		}
	})
}

// resource writes a Resource, if there is one.
func (m *message) resource(number protowire.Number, r *resource.Resource) {
	m.nest(number, func(m *message) { m.attributes(1, r.Attributes()) })
}

// scope writes an InstrumentationScope.
func (m *message) scope(number protowire.Number, s instrumentation.Scope) {
	m.nest(number, func(m *message) {
		m.text(1, s.Name)
		m.text(2, s.Version)
		m.attributes(3, s.Attributes.ToSlice())
	})
}
