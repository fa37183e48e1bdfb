package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// zeroOf is default(t). That of a struct in the table is what its parameterless
// constructor makes.
func zeroOf(t *Type) any {
	switch t.kind {
	case Enum:
		return EnumObject{t, 0}
	case Tuple:
		elems := make([]any, len(t.args))
		for i, a := range t.args {
			elems[i] = zeroOf(a)
		}
		return newRecord(t, elems)
	case Struct:
		if zero, ok := zeros[t.full]; ok {
			return zero
		}
		for _, m := range t.def.MembersNamed("new") {
			if len(m.Params) > 0 {
				continue
			}
			zero, err := m.call(nil, t.args, nil)
			if err != nil {
				panic("expr: the parameterless constructor of " + t.full + " fails: " + err.Error())
			}
			return zero
		}
		panic("expr: the struct " + t.full + " declares no parameterless constructor")
	}
	return nil
}

// zeros are the default values of the structs that package dotnet's table has.
var zeros = map[string]any{
	"System.Boolean": false, "System.Char": dotnet.Char(0), "System.SByte": int8(0), "System.Byte": uint8(0), "System.Int16": int16(0),
	"System.UInt16": uint16(0), "System.Int32": int32(0), "System.UInt32": uint32(0), "System.Int64": int64(0), "System.UInt64": uint64(0),
	"System.Single": float32(0), "System.Double": float64(0), "System.Decimal": dotnet.Decimal{}, "System.DateTime": dotnet.DateTime{},
	"System.DateTimeOffset": dotnet.DateTimeOffset{}, "System.TimeSpan": dotnet.TimeSpan(0), "System.Guid": dotnet.Guid{},
}
