package dotnet

import (
	"encoding/binary"
	"math"
	"reflect"
)

// bitConvertible is what BitConverter has overloads for.
type bitConvertible interface {
	bool | Char | int16 | uint16 | int32 | uint32 | int64 | uint64 | float32 | float64
}

// GetBytes is BitConverter.GetBytes: lowest byte first, as on all machines that
// .NET serves APIM from.
func GetBytes[T bitConvertible](v T) []byte {
	b, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		panic("dotnet: " + err.Error()) // all of these types have a fixed size
	}
	return b
}

// FromBytes is BitConverter.ToInt16, ToUInt64, ToDouble and so on, by T.
func FromBytes[T bitConvertible](data []byte, start int32) (T, error) {
	var v T
	size := int(reflect.TypeFor[T]().Size())
	if start < 0 || int(start) >= len(data) {
		return v, ArgumentOutOfRange("startIndex", indexOutOfRange)
	}
	if int(start) > len(data)-size {
		return v, Argument(tooShort, "value")
	}
	if _, err := binary.Decode(data[start:], binary.LittleEndian, &v); err != nil {
		panic("dotnet: " + err.Error())
	}
	return v, nil
}

const tooShort = "Destination array is not long enough to copy all the items in the collection. Check array index and length."

// BytesToString is BitConverter.ToString: "01-AB".
func BytesToString(data []byte) string {
	if len(data) == 0 {
		return ""
	}
	const table = "0123456789ABCDEF"
	out := make([]byte, 0, 3*len(data))
	for _, b := range data {
		out = append(out, table[b>>4], table[b&15], '-')
	}
	return string(out[:len(out)-1])
}

// BytesToStringRange is BitConverter.ToString of a part of an array.
func BytesToStringRange(data []byte, start, length int32) (string, error) {
	switch {
	case start < 0 || int(start) >= len(data) && start > 0:
		return "", ArgumentOutOfRange("startIndex", indexOutOfRange)
	case length < 0:
		return "", ArgumentOutOfRange("length", "Value must be positive.")
	case int64(start) > int64(len(data))-int64(length):
		return "", Argument(tooShort, "value")
	}
	return BytesToString(data[start : start+length]), nil
}

// DoubleToInt64Bits is BitConverter.DoubleToInt64Bits.
func DoubleToInt64Bits(v float64) int64 { return int64(math.Float64bits(v)) }

// Int64BitsToDouble is BitConverter.Int64BitsToDouble.
func Int64BitsToDouble(v int64) float64 { return math.Float64frombits(uint64(v)) }
