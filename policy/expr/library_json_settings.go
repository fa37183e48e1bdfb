package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

var (
	_ = declareEnum("enum Newtonsoft.Json.Linq.MergeArrayHandling", EnumValue{"Concat", 0}, EnumValue{"Union", 1}, EnumValue{"Replace", 2}, EnumValue{"Merge", 3})
	_ = declareEnum("flags enum Newtonsoft.Json.Linq.MergeNullValueHandling", EnumValue{"Ignore", 0}, EnumValue{"Merge", 1})
)

// mergeSettings is a JsonMergeSettings.
type mergeSettings struct {
	settings   newtonsoft.MergeSettings
	comparison int64
}

const mergeSettingsType = "Newtonsoft.Json.Linq.JsonMergeSettings"

// DotnetType is part of Object.
func (*mergeSettings) DotnetType() *Type { return typeOf(mergeSettingsType) }

var _ = declare("class "+mergeSettingsType, func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return &mergeSettings{comparison: int64(dotnet.Ordinal)}, nil }),
		member("MergeArrayHandling MergeArrayHandling { get; set; }", func(_ *Machine, a []any) (any, error) {
			return EnumObject{typeOf("Newtonsoft.Json.Linq.MergeArrayHandling"), int64(a[0].(*mergeSettings).settings.Arrays)}, nil
		}, func(_ *Machine, a []any) (any, error) {
			n := a[1].(EnumObject).Value
			if n < 0 || n > 3 {
				return nil, dotnet.NewException("System.ArgumentOutOfRangeException", "Specified argument was out of the range of valid values. (Parameter 'value')")
			}
			a[0].(*mergeSettings).settings.Arrays = newtonsoft.ArrayHandling(n)
			return nil, nil
		}),
		member("MergeNullValueHandling MergeNullValueHandling { get; set; }", func(_ *Machine, a []any) (any, error) {
			n := int64(0)
			if a[0].(*mergeSettings).settings.Nulls {
				n = 1
			}
			return EnumObject{typeOf("Newtonsoft.Json.Linq.MergeNullValueHandling"), n}, nil
		}, func(_ *Machine, a []any) (any, error) {
			a[0].(*mergeSettings).settings.Nulls = a[1].(EnumObject).Value == 1
			return nil, nil
		}),
		member("StringComparison PropertyNameComparison { get; set; }", func(_ *Machine, a []any) (any, error) {
			return EnumObject{typeOf("System.StringComparison"), a[0].(*mergeSettings).comparison}, nil
		}, func(_ *Machine, a []any) (any, error) {
			s := a[0].(*mergeSettings)
			s.comparison = a[1].(EnumObject).Value
			s.settings.Equal = func(x, y string) bool {
				equal, err := dotnet.EqualText(x, y, dotnet.StringComparison(s.comparison))
				return equal && err == nil
			}
			return nil, nil
		}),
	}
})
