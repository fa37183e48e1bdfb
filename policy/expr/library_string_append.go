package expr

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// newLine is Environment.NewLine.
const newLine = "\n"

// builderAppends are the members of a StringBuilder that add at the end.
func builderAppends() []memberDecl {
	return slices.Concat(
		valueMembers("StringBuilder Append(%s value)", appendValue),
		[]memberDecl{
			member("StringBuilder Append(char value)", func(m *Machine, a []any) (any, error) {
				return appendRepeated(m, builder(a), a[1].(dotnet.Char), 1)
			}),
			member("StringBuilder Append(char value, int repeatCount)", func(m *Machine, a []any) (any, error) {
				n := intArg(a[2])
				if n < 0 {
					return nil, dotnet.ArgumentOutOfRange("repeatCount", "Count cannot be less than zero.")
				}
				return appendRepeated(m, builder(a), a[1].(dotnet.Char), n)
			}),
			member("StringBuilder Append(char[] value)", func(m *Machine, a []any) (any, error) {
				return a[0], builder(a).append(m, dotnet.FromChars(charsOf(a[1])))
			}),
			member("StringBuilder Append(char[] value, int startIndex, int charCount)", appendPart("charCount")),
			member("StringBuilder Append(string value, int startIndex, int count)", appendPart("count")),
			member("StringBuilder Append(StringBuilder value)", func(m *Machine, a []any) (any, error) { return appendValue(m, a) }),
			member("StringBuilder Append(StringBuilder value, int startIndex, int count)", appendPart("count")),
			member("StringBuilder AppendLine()", func(m *Machine, a []any) (any, error) { return a[0], builder(a).append(m, newLine) }),
			member("StringBuilder AppendLine(string value)", func(m *Machine, a []any) (any, error) {
				if err := builder(a).append(m, text(a[1])); err != nil {
					return nil, err
				}
				return a[0], builder(a).append(m, newLine)
			}),

			member("StringBuilder AppendFormat(string format, object arg0)", appendText(formatText)),
			member("StringBuilder AppendFormat(string format, object arg0, object arg1)", appendText(formatText)),
			member("StringBuilder AppendFormat(string format, object arg0, object arg1, object arg2)", appendText(formatText)),
			member("StringBuilder AppendFormat(string format, params object[] args)", appendText(formatArray)),
			member("StringBuilder AppendFormat(IFormatProvider provider, string format, object arg0)", appendText(formatTextIn)),
			member("StringBuilder AppendFormat(IFormatProvider provider, string format, object arg0, object arg1)", appendText(formatTextIn)),
			member("StringBuilder AppendFormat(IFormatProvider provider, string format, object arg0, object arg1, object arg2)", appendText(formatTextIn)),
			member("StringBuilder AppendFormat(IFormatProvider provider, string format, params object[] args)", appendText(formatArrayIn)),

			member("StringBuilder AppendJoin(string separator, params object[] values)", appendText(joinArray("values"))),
			member("StringBuilder AppendJoin(string separator, params string[] values)", appendText(joinArray("values"))),
			member("StringBuilder AppendJoin<T>(string separator, IEnumerable<T> values)", appendSequence),
			member("StringBuilder AppendJoin(char separator, params object[] values)", appendText(joinArray("values"))),
			member("StringBuilder AppendJoin(char separator, params string[] values)", appendText(joinArray("values"))),
			member("StringBuilder AppendJoin<T>(char separator, IEnumerable<T> values)", appendSequence),
		})
}

func appendRepeated(m *Machine, b *builderObject, c dotnet.Char, n int) (any, error) {
	if err := b.room(m, n, "repeatCount", beyondCapacity); err != nil {
		return nil, err
	}
	for range n {
		b.units = append(b.units, uint16(c))
	}
	return b, nil
}

// valueMembers declares a member for each type whose values are written as their
// text; the signature has the type's place.
func valueMembers(signature string, f func(*Machine, []any) (any, error)) []memberDecl {
	var members []memberDecl
	for _, t := range []string{"string", "object", "bool", "sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong", "float", "double", "decimal"} {
		members = append(members, member(strings.Replace(signature, "%s", t, 1), f))
	}
	return members
}

func appendValue(m *Machine, a []any) (any, error) {
	s, err := m.Text(a[1])
	if err != nil {
		return nil, err
	}
	return a[0], builder(a).append(m, s)
}

// appendText appends the text that f makes of the other arguments.
func appendText(f func(*Machine, []any) (any, error)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		s, err := f(m, a[1:])
		if err != nil {
			return nil, err
		}
		return a[0], builder(a).append(m, s.(string))
	}
}

func appendSequence(m *Machine, t []*Type, a []any) (any, error) {
	s, err := joinSequence(m, separatorOf(a[1]), a[2], t[0])
	if err != nil {
		return nil, err
	}
	return a[0], builder(a).append(m, s.(string))
}

// appendPart appends a part of a text, char[] or StringBuilder; count is the
// parameter that tells its length.
func appendPart(count string) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		start, n := intArg(a[2]), intArg(a[3])
		if a[1] == nil {
			if start == 0 && n == 0 {
				return a[0], nil
			}
			return nil, dotnet.ArgumentNull("value")
		}
		var s string
		switch v := a[1].(type) {
		case *builderObject:
			text, err := v.ToString(m)
			if err != nil {
				return nil, err
			}
			s = text
		default:
			s = textOrChars(v)
		}
		switch {
		case start < 0 && count == "charCount":
			return nil, dotnet.ArgumentOutOfRange("startIndex", "Value must be positive.")
		case n < 0:
			return nil, dotnet.ArgumentOutOfRange(count, "Value must be positive.")
		case start < 0 || start > dotnet.Length(s)-n:
			return nil, indexOutOfRange(partParam(start, count))
		}
		part, err := dotnet.Substring(s, start, n)
		if err != nil {
			return nil, err
		}
		return a[0], builder(a).append(m, part)
	}
}

func partParam(start int, count string) string {
	if start < 0 || count != "charCount" {
		return "startIndex"
	}
	return count
}

// builderInserts are the members of a StringBuilder that put text in.
func builderInserts() []memberDecl {
	return slices.Concat(
		valueMembers("StringBuilder Insert(int index, %s value)", insertValue),
		[]memberDecl{
			member("StringBuilder Insert(int index, char value)", insertValue),
			member("StringBuilder Insert(int index, char[] value)", func(m *Machine, a []any) (any, error) {
				return insertText(m, a, dotnet.FromChars(charsOf(a[2])))
			}),
			member("StringBuilder Insert(int index, string value, int count)", func(m *Machine, a []any) (any, error) {
				s, n := text(a[2]), intArg(a[3])
				if n < 0 {
					return nil, dotnet.ArgumentOutOfRange("count", needNonNegative)
				}
				if err := m.Allocate(len(s) * n); err != nil {
					return nil, err
				}
				return insertText(m, a, dotnet.Concat(strings.Repeat(s, n)))
			}),
			member("StringBuilder Insert(int index, char[] value, int startIndex, int charCount)", func(m *Machine, a []any) (any, error) {
				start, n := intArg(a[3]), intArg(a[4])
				if a[2] == nil {
					if start == 0 && n == 0 {
						return a[0], nil
					}
					return nil, nullArgument("value", textNull)
				}
				chars := charsOf(a[2])
				switch {
				case start < 0:
					return nil, dotnet.ArgumentOutOfRange("startIndex", "StartIndex cannot be less than zero.")
				case n < 0:
					return nil, dotnet.ArgumentOutOfRange("charCount", "Value must be positive.")
				case start > len(chars)-n:
					return nil, indexOutOfRange("startIndex")
				}
				return insertText(m, a, dotnet.FromChars(chars[start:start+n]))
			}),
		})
}

func insertValue(m *Machine, a []any) (any, error) {
	s, err := m.Text(a[2])
	if err != nil {
		return nil, err
	}
	return insertText(m, a, s)
}

// insertText inserts at the index a[1].
func insertText(m *Machine, a []any, s string) (any, error) {
	if i := intArg(a[1]); i < 0 || i > len(builder(a).units) {
		return nil, indexOutOfRange("index")
	}
	return a[0], builder(a).insert(m, intArg(a[1]), s)
}

// serialized is a StringBuilder as JSON, which is made of what it serializes.
func (b *builderObject) serialized(s *serializer) (newtonsoft.Token, error) {
	text, err := b.ToString(s.m)
	if err != nil {
		return nil, err
	}
	o := newtonsoft.NewObject()
	for _, part := range []struct {
		name  string
		value any
	}{{"m_MaxCapacity", int32(b.limit)}, {"Capacity", int32(b.capacity)}, {"m_StringValue", text}, {"m_currentThread", int32(0)}} {
		if err := s.set(o, part.name, part.value); err != nil {
			return nil, err
		}
	}
	return o, nil
}
