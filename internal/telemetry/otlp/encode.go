package otlp

import (
	"encoding/binary"
	"math"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
)

// field is the number of a field of a message.
type field uint64

// How a field's value is written (protobuf's encoding, wire types).
const (
	asVarint  = 0
	asFixed64 = 1
	asBytes   = 2 // their number before them
	asFixed32 = 5
)

// message is a protobuf message that is being written. A field of its type's zero value is
// left out, as proto3 has it, unless the method says otherwise.
type message []byte

// begin writes what stands before a field's value.
func (m *message) begin(f field, wireType uint64) {
	*m = binary.AppendUvarint(*m, uint64(f)<<3|wireType)
}

func (m *message) length(n int) { *m = binary.AppendUvarint(*m, uint64(n)) }

// nest writes a field that is a message itself, be it empty.
func (m *message) nest(f field, write func(*message)) {
	var inner message
	write(&inner)
	m.begin(f, asBytes)
	m.length(len(inner))
	*m = append(*m, inner...)
}

func (m *message) text(f field, value string) {
	if value != "" {
		m.givenText(f, value)
	}
}

// givenText writes "" as well. What is no UTF-8 would have a collector refuse all.
func (m *message) givenText(f field, value string) {
	value = strings.ToValidUTF8(value, "\uFFFD")
	m.begin(f, asBytes)
	m.length(len(value))
	*m = append(*m, value...)
}

func (m *message) bytes(f field, value []byte) {
	if len(value) > 0 {
		m.begin(f, asBytes)
		m.length(len(value))
		*m = append(*m, value...)
	}
}

func (m *message) varint(f field, value uint64) {
	if value != 0 {
		m.givenVarint(f, value)
	}
}

// givenVarint writes 0 as well.
func (m *message) givenVarint(f field, value uint64) {
	m.begin(f, asVarint)
	*m = binary.AppendUvarint(*m, value)
}

func (m *message) flag(f field, value bool) { m.varint(f, bit(value)) }

func bit(set bool) uint64 {
	if set {
		return 1
	}
	return 0
}

func (m *message) fixed32(f field, value uint32) {
	if value != 0 {
		m.begin(f, asFixed32)
		*m = binary.LittleEndian.AppendUint32(*m, value)
	}
}

func (m *message) fixed64(f field, value uint64) {
	if value != 0 {
		m.givenFixed64(f, value)
	}
}

// givenFixed64 writes 0 as well.
func (m *message) givenFixed64(f field, value uint64) {
	m.begin(f, asFixed64)
	*m = binary.LittleEndian.AppendUint64(*m, value)
}

// givenDouble writes 0 as well: all of a choice, where 0 is something else than nothing.
func (m *message) givenDouble(f field, value float64) {
	m.givenFixed64(f, math.Float64bits(value))
}

// packed writes numbers of eight bytes.
func (m *message) packed(f field, values []uint64) {
	if len(values) == 0 {
		return
	}
	m.begin(f, asBytes)
	m.length(8 * len(values))
	for _, value := range values {
		*m = binary.LittleEndian.AppendUint64(*m, value)
	}
}

// time writes nanoseconds since 1970; nothing for no time.
func (m *message) time(f field, t time.Time) {
	if !t.IsZero() {
		m.fixed64(f, uint64(max(t.UnixNano(), 0)))
	}
}

// count writes how many there are of something.
func (m *message) count(f field, n int) {
	m.varint(f, uint64(min(max(n, 0), math.MaxUint32)))
}

// attributes writes KeyValues.
func (m *message) attributes(f field, all []attribute.KeyValue) {
	for _, a := range all {
		m.nest(f, func(m *message) {
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
		m.givenVarint(2, bit(v.AsBool()))
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

// resource writes a Resource.
func (m *message) resource(f field, r *resource.Resource) {
	m.nest(f, func(m *message) { m.attributes(1, r.Attributes()) })
}

// scope writes an InstrumentationScope.
func (m *message) scope(f field, s instrumentation.Scope) {
	m.nest(f, func(m *message) {
		m.text(1, s.Name)
		m.text(2, s.Version)
		m.attributes(3, s.Attributes.ToSlice())
	})
}
