package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Readers and writers of texts, as far as they work in memory.

// textWriter is a StringWriter: it writes to a StringBuilder.
type textWriter struct {
	to      *builderObject
	newLine string
	closed  bool
}

// DotnetType is part of Object.
func (*textWriter) DotnetType() *Type { return typeOf("System.IO.StringWriter") }

// ToString is part of Texter.
func (w *textWriter) ToString(m *Machine) (string, error) { return w.to.ToString(m) }

// textReader is a StringReader: units is what is left, nil after Dispose.
type textReader struct {
	units  []uint16
	closed bool
}

// DotnetType is part of Object.
func (*textReader) DotnetType() *Type { return typeOf("System.IO.StringReader") }

func writer(a []any) *textWriter { return a[0].(*textWriter) }

var (
	_ = declare("abstract class System.IO.TextWriter : System.IDisposable", writerMembers)
	_ = declare("class System.IO.StringWriter : System.IO.TextWriter", func() []memberDecl {
		return []memberDecl{
			member("new()", func(m *Machine, _ []any) (any, error) { return newTextWriter(m, nil) }),
			member("new(IFormatProvider formatProvider)", func(m *Machine, _ []any) (any, error) { return newTextWriter(m, nil) }),
			member("new(StringBuilder sb)", func(m *Machine, a []any) (any, error) {
				if a[0] == nil {
					return nil, nullArgument("sb", "Buffer cannot be null.")
				}
				return newTextWriter(m, a[0])
			}),
			member("new(StringBuilder sb, IFormatProvider formatProvider)", func(m *Machine, a []any) (any, error) {
				if a[0] == nil {
					return nil, nullArgument("sb", "Buffer cannot be null.")
				}
				return newTextWriter(m, a[0])
			}),
			member("void Write(string value)", writeValue), member("void Write(char value)", writeValue), // which override TextWriter's
			member("void Close()", closeWriter), member("void Dispose()", closeWriter),
			member("StringBuilder GetStringBuilder()", func(_ *Machine, a []any) (any, error) { return writer(a).to, nil }),
			member("string ToString()", func(m *Machine, a []any) (any, error) { return orNil(writer(a).ToString(m)) }),
		}
	})
)

func newTextWriter(m *Machine, to any) (any, error) {
	if to == nil {
		b, err := newBuilder(m, "", 0, maxInt)
		if err != nil {
			return nil, err
		}
		to = b
	}
	return &textWriter{to: to.(*builderObject), newLine: newLine}, nil
}

// append writes a text.
func (w *textWriter) append(m *Machine, s string) error {
	if w.closed {
		return dotnet.NewException("System.ObjectDisposedException", "Cannot write to a closed TextWriter.")
	}
	return w.to.append(m, s)
}

func writeValue(m *Machine, a []any) (any, error) {
	s, err := m.Text(a[1])
	if err != nil {
		return nil, err
	}
	return nil, writer(a).append(m, s)
}

func closeWriter(_ *Machine, a []any) (any, error) {
	writer(a).closed = true
	return nil, nil
}

func writerMembers() []memberDecl {
	chars := func(m *Machine, a []any) (any, error) {
		return nil, writer(a).append(m, dotnet.FromChars(charsOf(a[1])))
	}
	members := []memberDecl{
		member("string NewLine { get; set; }", func(_ *Machine, a []any) (any, error) { return writer(a).newLine, nil }, func(_ *Machine, a []any) (any, error) {
			writer(a).newLine = orText(a[1], newLine)
			return nil, nil
		}),
		member("Encoding Encoding { get; }", always(dotnet.Unicode)),
		member("void Flush()", always(nil)), member("void Close()", closeWriter), member("void Dispose()", closeWriter),
		member("void WriteLine()", func(m *Machine, a []any) (any, error) { return nil, writer(a).append(m, writer(a).newLine) }),
		member("void Write(char[] buffer)", chars), member("void WriteLine(char[] buffer)", thenNewLine(chars)),
	}
	for _, t := range []string{"string", "char", "object", "bool", "int", "uint", "long", "ulong", "float", "double", "decimal"} {
		members = append(members, member("void Write("+t+" value)", writeValue), member("void WriteLine("+t+" value)", thenNewLine(writeValue)))
	}
	for args, format := range map[string]func(*Machine, []any) (any, error){
		"string format, object arg0": formatText, "string format, object arg0, object arg1": formatText,
		"string format, object arg0, object arg1, object arg2": formatText, "string format, params object[] arg": formatArray,
	} {
		f := func(m *Machine, a []any) (any, error) {
			s, err := format(m, a[1:])
			if err != nil {
				return nil, err
			}
			return nil, writer(a).append(m, s.(string))
		}
		members = append(members, member("void Write("+args+")", f), member("void WriteLine("+args+")", thenNewLine(f)))
	}
	return members
}

// thenNewLine writes a line's end after what f writes.
func thenNewLine(f func(*Machine, []any) (any, error)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if _, err := f(m, a); err != nil {
			return nil, err
		}
		return nil, writer(a).append(m, writer(a).newLine)
	}
}

var (
	_ = declare("abstract class System.IO.TextReader : System.IDisposable", readerMembers)
	_ = declare("class System.IO.StringReader : System.IO.TextReader", func() []memberDecl {
		return append(readerMembers(),
			member("new(string s)", func(m *Machine, a []any) (any, error) {
				if a[0] == nil {
					return nil, dotnet.ArgumentNull("s")
				}
				return &textReader{units: dotnet.Units(a[0].(string))}, m.Allocate(2 * len(a[0].(string)))
			}),
		)
	})
)

// readerMembers are the members of TextReader, all of which StringReader
// overrides: what may be used goes by the type that declares it.
func readerMembers() []memberDecl {
	return []memberDecl{
		member("int Peek()", reading(func(r *textReader) any {
			if len(r.units) == 0 {
				return int32(-1)
			}
			return int32(r.units[0])
		})),
		member("int Read()", reading(func(r *textReader) any {
			if len(r.units) == 0 {
				return int32(-1)
			}
			u := r.units[0]
			r.units = r.units[1:]
			return int32(u)
		})),
		member("int Read(char[] buffer, int index, int count)", readChars),
		member("int ReadBlock(char[] buffer, int index, int count)", readChars),
		member("string ReadLine()", reading(func(r *textReader) any {
			if len(r.units) == 0 {
				return nil
			}
			return r.line()
		})),
		member("string ReadToEnd()", reading(func(r *textReader) any { return r.take(len(r.units)) })),
		member("void Close()", disposeReader), member("void Dispose()", disposeReader),
	}
}

// take reads n units.
func (r *textReader) take(n int) string {
	s := dotnet.FromUnits(r.units[:n])
	r.units = r.units[n:]
	return s
}

// line reads to the end of the line, which is CR, LF or both, and passes it.
func (r *textReader) line() string {
	n := 0
	for n < len(r.units) && r.units[n] != '\r' && r.units[n] != '\n' {
		n++
	}
	s := r.take(n)
	if rest := dotnet.FromUnits(r.units[:min(2, len(r.units))]); rest != "" {
		r.units = r.units[1:]
		if strings.HasPrefix(rest, "\r\n") {
			r.units = r.units[1:]
		}
	}
	return s
}

// reading is a member that reads.
func reading(f func(*textReader) any) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		r := a[0].(*textReader)
		if err := r.open(); err != nil {
			return nil, err
		}
		v := f(r)
		if s, ok := v.(string); ok {
			return m.newText(s, nil)
		}
		return v, nil
	}
}

func (r *textReader) open() error {
	if r.closed {
		return dotnet.NewException("System.ObjectDisposedException", "Cannot read from a closed TextReader.")
	}
	return nil
}

func disposeReader(_ *Machine, a []any) (any, error) {
	a[0].(*textReader).closed = true
	return nil, nil
}

func readChars(m *Machine, a []any) (any, error) {
	r := a[0].(*textReader)
	if a[1] == nil {
		return nil, nullArgument("buffer", "Buffer cannot be null.")
	}
	to, at, n := array(a[1]), intArg(a[2]), intArg(a[3])
	switch {
	case at < 0:
		return nil, dotnet.ArgumentOutOfRange("index", needNonNegative)
	case n < 0:
		return nil, dotnet.ArgumentOutOfRange("count", needNonNegative)
	case to.Len()-at < n:
		return nil, dotnet.Argument(badOffset, "")
	}
	if err := r.open(); err != nil {
		return nil, err
	}
	n = min(n, len(r.units))
	for i, u := range r.units[:n] {
		to.Set(at+i, dotnet.Char(u))
	}
	r.units = r.units[n:]
	return int32(n), m.Spend(n)
}
