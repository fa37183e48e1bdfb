package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// The numeric types. What they have alike is declared once for all.

var _ = declareEnum("flags enum System.Globalization.NumberStyles",
	EnumValue{"None", 0}, EnumValue{"AllowLeadingWhite", 1}, EnumValue{"AllowTrailingWhite", 2}, EnumValue{"AllowLeadingSign", 4},
	EnumValue{"Integer", 7}, EnumValue{"AllowTrailingSign", 8}, EnumValue{"AllowParentheses", 16}, EnumValue{"AllowDecimalPoint", 32},
	EnumValue{"AllowThousands", 64}, EnumValue{"Number", 111}, EnumValue{"AllowExponent", 128}, EnumValue{"Float", 167},
	EnumValue{"AllowCurrencySymbol", 256}, EnumValue{"Currency", 383}, EnumValue{"Any", 511}, EnumValue{"AllowHexSpecifier", 512}, EnumValue{"HexNumber", 515})

// numericType is what all numeric types have: name its C# keyword, parse how a text
// becomes one.
func numericType[T any](full, name string, standard dotnet.NumberStyles, parse func(s string, style dotnet.NumberStyles) (T, error), more ...func() []memberDecl) struct{} {
	n := numberReader[T]{standard, parse}
	const styles = "System.Globalization.NumberStyles style"
	return declare("struct "+full+" : "+valueInterfaces(full)+", System.IConvertible", append(more, func() []memberDecl {
		return concat(textMembers(), comparisonMembers(name, "value"), []memberDecl{
			member("static "+name+" Parse(string s)", func(_ *Machine, a []any) (any, error) { return n.read(a[0], standard, nil) }),
			member("static "+name+" Parse(string s, "+styles+")", func(_ *Machine, a []any) (any, error) { return n.read(a[0], stylesOf(a[1]), nil) }),
			member("static "+name+" Parse(string s, IFormatProvider provider)", func(_ *Machine, a []any) (any, error) { return n.read(a[0], standard, a[1]) }),
			member("static "+name+" Parse(string s, "+styles+", IFormatProvider provider)", func(_ *Machine, a []any) (any, error) {
				return n.read(a[0], stylesOf(a[1]), a[2])
			}),
			member("static bool TryParse(string s, out "+name+" result)", func(_ *Machine, a []any) (any, error) { return n.try(a[0], standard, nil, a[1]) }),
			member("static bool TryParse(string s, "+styles+", IFormatProvider provider, out "+name+" result)", func(_ *Machine, a []any) (any, error) {
				return n.try(a[0], stylesOf(a[1]), a[2], a[3])
			}),
			member("System.TypeCode GetTypeCode()", typeCodeMember),
		})
	})...)
}

// numberReader reads the numbers of a type.
type numberReader[T any] struct {
	standard dotnet.NumberStyles
	parse    func(s string, style dotnet.NumberStyles) (T, error)
}

func (n *numberReader[T]) read(v any, style dotnet.NumberStyles, provider any) (T, error) {
	s, err := textArg(v, "s")
	if err != nil {
		// Wrong styles are told of before a text that is missing.
		var zero T
		if _, bad := n.parse("", style); bad != nil {
			if ok, failure := dotnet.Tried(bad); !ok && failure != nil {
				return zero, failure
			}
		}
		return zero, err
	}
	numbers, _ := formatsOf(provider)
	return n.parse(numbers.read(s, style), style)
}

func (n *numberReader[T]) try(v any, style dotnet.NumberStyles, provider, result any) (any, error) {
	var zero T
	number, err := n.read(v, style, provider)
	return tried(result, number, zero, err)
}

func stylesOf(v any) dotnet.NumberStyles { return dotnet.NumberStyles(v.(EnumObject).Value) }

// integerType declares an integer type.
func integerType[T dotnet.Integer](full, name string, least, greatest T) struct{} {
	return numericType(full, name, dotnet.NumberStylesInteger, dotnet.ParseInteger[T], func() []memberDecl {
		return []memberDecl{constant("const "+name+" MinValue", least), constant("const "+name+" MaxValue", greatest)}
	})
}

var (
	_ = integerType[int8]("System.SByte", "sbyte", -1<<7, 1<<7-1)
	_ = integerType[uint8]("System.Byte", "byte", 0, 1<<8-1)
	_ = integerType[int16]("System.Int16", "short", -1<<15, 1<<15-1)
	_ = integerType[uint16]("System.UInt16", "ushort", 0, 1<<16-1)
	_ = integerType[int32]("System.Int32", "int", -1<<31, 1<<31-1)
	_ = integerType[uint32]("System.UInt32", "uint", 0, 1<<32-1)
	_ = integerType[int64]("System.Int64", "long", -1<<63, 1<<63-1)
	_ = integerType[uint64]("System.UInt64", "ulong", 0, 1<<64-1)
)
