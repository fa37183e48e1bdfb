package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

var _ = declare("static class System.BitConverter", func() []memberDecl {
	return []memberDecl{
		member("static bool IsLittleEndian { get; }", always(true)),
		member("static byte[] GetBytes(bool value)", bitsOf[bool]), member("static byte[] GetBytes(char value)", bitsOf[dotnet.Char]),
		member("static byte[] GetBytes(short value)", bitsOf[int16]), member("static byte[] GetBytes(ushort value)", bitsOf[uint16]),
		member("static byte[] GetBytes(int value)", bitsOf[int32]), member("static byte[] GetBytes(uint value)", bitsOf[uint32]),
		member("static byte[] GetBytes(long value)", bitsOf[int64]), member("static byte[] GetBytes(ulong value)", bitsOf[uint64]),
		member("static byte[] GetBytes(float value)", bitsOf[float32]), member("static byte[] GetBytes(double value)", bitsOf[float64]),
		member("static bool ToBoolean(byte[] value, int startIndex)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("value")
			}
			b, i := array(a[0]).Bytes(), intArg(a[1])
			if i < 0 || i >= len(b) {
				return nil, indexOutOfRange("startIndex")
			}
			return b[i] != 0, nil
		}),
		member("static char ToChar(byte[] value, int startIndex)", fromBits[dotnet.Char]),
		member("static short ToInt16(byte[] value, int startIndex)", fromBits[int16]), member("static ushort ToUInt16(byte[] value, int startIndex)", fromBits[uint16]),
		member("static int ToInt32(byte[] value, int startIndex)", fromBits[int32]), member("static uint ToUInt32(byte[] value, int startIndex)", fromBits[uint32]),
		member("static long ToInt64(byte[] value, int startIndex)", fromBits[int64]), member("static ulong ToUInt64(byte[] value, int startIndex)", fromBits[uint64]),
		member("static float ToSingle(byte[] value, int startIndex)", fromBits[float32]), member("static double ToDouble(byte[] value, int startIndex)", fromBits[float64]),
		member("static string ToString(byte[] value)", bitsText),
		member("static string ToString(byte[] value, int startIndex)", bitsText),
		member("static string ToString(byte[] value, int startIndex, int length)", bitsText),
		member("static long DoubleToInt64Bits(double value)", func(_ *Machine, a []any) (any, error) { return dotnet.DoubleToInt64Bits(a[0].(float64)), nil }),
		member("static double Int64BitsToDouble(long value)", func(_ *Machine, a []any) (any, error) { return dotnet.Int64BitsToDouble(a[0].(int64)), nil }),
		member("static int SingleToInt32Bits(float value)", func(m *Machine, a []any) (any, error) {
			return dotnet.FromBytes[int32](dotnet.GetBytes(a[0].(float32)), 0)
		}),
		member("static float Int32BitsToSingle(int value)", func(m *Machine, a []any) (any, error) {
			return dotnet.FromBytes[float32](dotnet.GetBytes(a[0].(int32)), 0)
		}),
	}
})

// bitValue is what BitConverter has overloads for.
type bitValue interface {
	bool | dotnet.Char | int16 | uint16 | int32 | uint32 | int64 | uint64 | float32 | float64
}

func bitsOf[T bitValue](_ *Machine, a []any) (any, error) {
	return NewBytes(dotnet.GetBytes(a[0].(T))), nil
}

func fromBits[T bitValue](_ *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("value")
	}
	return orNil(dotnet.FromBytes[T](array(a[0]).Bytes(), a[1].(int32)))
}

func bitsText(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("value")
	}
	b := array(a[0]).Bytes()
	start, n := int32(0), int32(len(b))
	if len(a) > 1 {
		start = a[1].(int32)
		n -= start
	}
	if len(a) > 2 {
		n = a[2].(int32)
	}
	if err := m.Allocate(3 * len(b)); err != nil {
		return nil, err
	}
	return m.newText(dotnet.BytesToStringRange(b, start, n))
}
