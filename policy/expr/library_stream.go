package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// streamObject is a MemoryStream: bytes and where the next one is read or written.
type streamObject struct {
	data   []byte
	at     int64
	fixed  bool // over an array, beyond which it does not grow
	closed bool
}

// DotnetType is part of Object.
func (*streamObject) DotnetType() *Type { return typeOf("System.IO.MemoryStream") }

// maxStream is the most bytes a stream can be set to; .NET's limit is higher, the
// machine's bound comes before either.
const maxStream = 1 << 30

var _ = declareEnum("enum System.IO.SeekOrigin", EnumValue{"Begin", 0}, EnumValue{"Current", 1}, EnumValue{"End", 2})

var (
	_ = declare("abstract class System.IO.Stream : System.IDisposable", streamMembers)
	_ = declare("class System.IO.MemoryStream : System.IO.Stream", func() []memberDecl {
		return []memberDecl{
			member("new()", func(*Machine, []any) (any, error) { return &streamObject{}, nil }),
			member("new(int capacity)", func(_ *Machine, a []any) (any, error) {
				if a[0].(int32) < 0 {
					return nil, dotnet.ArgumentOutOfRange("capacity", "Positive number required.")
				}
				return &streamObject{}, nil
			}),
			member("new(byte[] buffer)", func(_ *Machine, a []any) (any, error) {
				if a[0] == nil {
					return nil, nullArgument("buffer", "Buffer cannot be null.")
				}
				return &streamObject{data: bytesArg(a[0]), fixed: true}, nil
			}),
			member("byte[] ToArray()", func(m *Machine, a []any) (any, error) {
				return bytesResult(m, append([]byte{}, a[0].(*streamObject).data...), nil)
			}),
		}
	})
)

// ofStream is a member of a stream that is open.
func ofStream(f func(m *Machine, s *streamObject, a []any) (any, error)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		s := a[0].(*streamObject)
		if s.closed {
			return nil, dotnet.NewException("System.ObjectDisposedException", "Cannot access a closed Stream.")
		}
		return f(m, s, a[1:])
	}
}

func streamMembers() []memberDecl {
	open := func(_ *Machine, a []any) (any, error) { return !a[0].(*streamObject).closed, nil }
	closeStream := func(_ *Machine, a []any) (any, error) { a[0].(*streamObject).closed = true; return nil, nil }
	return []memberDecl{
		member("bool CanRead { get; }", open), member("bool CanSeek { get; }", open), member("bool CanWrite { get; }", open),
		member("long Length { get; }", ofStream(func(_ *Machine, s *streamObject, _ []any) (any, error) { return int64(len(s.data)), nil })),
		member("long Position { get; set; }", ofStream(func(_ *Machine, s *streamObject, _ []any) (any, error) { return s.at, nil }),
			ofStream(func(_ *Machine, s *streamObject, a []any) (any, error) { return nil, s.move(a[0].(int64), "value") })),
		member("long Seek(long offset, System.IO.SeekOrigin origin)", ofStream(func(_ *Machine, s *streamObject, a []any) (any, error) {
			from := map[int64]int64{1: s.at, 2: int64(len(s.data))}[a[1].(EnumObject).Value]
			if from+a[0].(int64) < 0 {
				return nil, dotnet.NewException("System.IO.IOException", "An attempt was made to move the position before the beginning of the stream.")
			}
			return s.at, s.move(from+a[0].(int64), "offset")
		})),
		member("void SetLength(long value)", ofStream(func(m *Machine, s *streamObject, a []any) (any, error) {
			n := a[0].(int64)
			if n < 0 || n > maxStream {
				return nil, dotnet.ArgumentOutOfRange("value", "Stream length must be non-negative and less than 2^31 - 1 - origin.")
			}
			if n > int64(len(s.data)) {
				return nil, s.grow(m, n)
			}
			s.data, s.at = s.data[:n], min(s.at, n)
			return nil, nil
		})),
		member("int ReadByte()", ofStream(func(_ *Machine, s *streamObject, _ []any) (any, error) {
			if s.at >= int64(len(s.data)) {
				return int32(-1), nil
			}
			s.at++
			return int32(s.data[s.at-1]), nil
		})),
		member("int Read(byte[] buffer, int offset, int count)", ofStream(func(m *Machine, s *streamObject, a []any) (any, error) {
			to, err := window(a)
			if err != nil {
				return nil, err
			}
			n := copy(to, s.data[min(s.at, int64(len(s.data))):])
			s.at += int64(n)
			return int32(n), m.Spend(n / textPerStep)
		})),
		member("void WriteByte(byte value)", ofStream(func(m *Machine, s *streamObject, a []any) (any, error) { return nil, s.write(m, []byte{a[0].(uint8)}) })),
		member("void Write(byte[] buffer, int offset, int count)", ofStream(func(m *Machine, s *streamObject, a []any) (any, error) {
			from, err := window(a)
			if err != nil {
				return nil, err
			}
			return nil, s.write(m, from)
		})),
		member("void CopyTo(System.IO.Stream destination)", ofStream(func(m *Machine, s *streamObject, a []any) (any, error) {
			to, ok := a[0].(*streamObject)
			if !ok {
				return nil, dotnet.ArgumentNull("destination")
			}
			rest := s.data[min(s.at, int64(len(s.data))):]
			s.at = int64(len(s.data))
			return nil, to.write(m, append([]byte{}, rest...))
		})),
		member("void Flush()", ofStream(func(*Machine, *streamObject, []any) (any, error) { return nil, nil })),
		member("void Close()", closeStream), member("void Dispose()", closeStream),
	}
}

// window is the part of a buffer that offset and count name.
func window(a []any) ([]byte, error) {
	if a[0] == nil {
		return nil, nullArgument("buffer", "Buffer cannot be null.")
	}
	buffer, offset, count := bytesArg(a[0]), int(a[1].(int32)), int(a[2].(int32))
	switch {
	case offset < 0:
		return nil, dotnet.ArgumentOutOfRange("offset", "Non-negative number required.")
	case count < 0:
		return nil, dotnet.ArgumentOutOfRange("count", "Non-negative number required.")
	case len(buffer)-offset < count:
		return nil, dotnet.Argument("Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.", "")
	}
	return buffer[offset : offset+count], nil
}

func (s *streamObject) move(to int64, param string) error {
	switch {
	case to < 0:
		return dotnet.ArgumentOutOfRange(param, "Non-negative number required.")
	case to > maxStream:
		return dotnet.ArgumentOutOfRange(param, "Stream length must be non-negative and less than 2^31 - 1 - origin.")
	}
	s.at = to
	return nil
}

// grow makes the stream n bytes long.
func (s *streamObject) grow(m *Machine, n int64) error {
	if s.fixed {
		return dotnet.NewException("System.NotSupportedException", "Memory stream is not expandable.")
	}
	more := int(n) - len(s.data)
	if err := m.Allocate(more); err != nil {
		return err
	}
	s.data = append(s.data, make([]byte, more)...)
	return nil
}

func (s *streamObject) write(m *Machine, b []byte) error {
	if end := s.at + int64(len(b)); end > int64(len(s.data)) {
		if err := s.grow(m, end); err != nil {
			return err
		}
	}
	copy(s.data[s.at:], b)
	s.at += int64(len(b))
	return m.Spend(len(b) / textPerStep)
}
