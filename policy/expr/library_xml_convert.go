package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// xmlConverters read a value's text as XElement's and XAttribute's explicit
// conversions do.
var xmlConverters = []struct {
	to   string
	read func(m *Machine, s string) (any, error)
}{
	{"bool", func(_ *Machine, s string) (any, error) { return xlinq.ToBoolean(s) }},
	{"int", func(_ *Machine, s string) (any, error) {
		return dotnet.ParseInteger[int32](s, dotnet.NumberStylesInteger)
	}},
	{"uint", func(_ *Machine, s string) (any, error) {
		return dotnet.ParseInteger[uint32](s, blankStyles)
	}},
	{"long", func(_ *Machine, s string) (any, error) {
		return dotnet.ParseInteger[int64](s, dotnet.NumberStylesInteger)
	}},
	{"ulong", func(_ *Machine, s string) (any, error) {
		return dotnet.ParseInteger[uint64](s, blankStyles)
	}},
	{"float", func(_ *Machine, s string) (any, error) { return xlinq.ToSingle(s) }},
	{"double", func(_ *Machine, s string) (any, error) { return xlinq.ToDouble(s) }},
	{"decimal", func(_ *Machine, s string) (any, error) { return xlinq.ToDecimal(s) }},
	{"System.DateTime", func(m *Machine, s string) (any, error) {
		return dotnet.ParseDateTime(s, dotnet.DateTimeStylesRoundtripKind, m.now)
	}},
	{"System.DateTimeOffset", func(m *Machine, s string) (any, error) { return xmlDateTimeOffset(m, s) }},
	{"System.TimeSpan", func(_ *Machine, s string) (any, error) { return xlinq.ToTimeSpan(s) }},
	{"System.Guid", func(_ *Machine, s string) (any, error) { return dotnet.ParseGuid(s) }},
}

// blankStyles is what XmlConvert.ToUInt32 allows beside digits: white space
// around, no sign.
const blankStyles dotnet.NumberStyles = 3

// xmlDates are XML Schema's dates and times.
var xmlDates = []string{"yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-ddK", "HH:mm:ss.FFFFFFFK", "yyyy-MMK", "yyyyK"}

func xmlDateTimeOffset(m *Machine, s string) (any, error) {
	t, err := dotnet.ParseDateTimeOffsetExact(strings.Trim(s, " \t\r\n"), xmlDates, dotnet.DateTimeStylesNone, m.now)
	if err != nil {
		return nil, dotnet.Format("The string '" + s + "' is not a valid AllXsd value.")
	}
	return t, nil
}

// xmlConversions are the conversions of a type to texts and values; null gives
// null where the target has one.
func xmlConversions(typeName, param string, value func(any) string) []memberDecl {
	decls := []memberDecl{member("static explicit operator string("+typeName+" "+param+")", func(m *Machine, a []any) (any, error) {
		if a[0] == nil {
			return nil, nil
		}
		s := value(a[0])
		return s, m.Allocate(len(s))
	})}
	for _, c := range xmlConverters {
		for _, nullable := range []string{"", "?"} {
			decls = append(decls, member("static explicit operator "+c.to+nullable+"("+typeName+" "+param+")", func(m *Machine, a []any) (any, error) {
				switch {
				case a[0] != nil:
					return c.read(m, value(a[0]))
				case nullable != "":
					return nil, nil
				}
				return nil, dotnet.ArgumentNull(param)
			}))
		}
	}
	return decls
}
