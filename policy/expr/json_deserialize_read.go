package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// A reader is asked for an int, a bool, a date: it tells of what it finds instead
// before anything is converted.

// readsAs is what Json.NET calls the types that its readers read themselves.
func readsAs(t *Type) string {
	switch t {
	case basic.int, basic.short, basic.byte:
		return "integer"
	case basic.bool:
		return "boolean"
	case basic.double, basic.float:
		return "double"
	case basic.decimal:
		return "decimal"
	case typeOf("System.DateTime"):
		return "DateTime"
	case typeOf("System.DateTimeOffset"):
		return "DateTimeOffset"
	}
	return ""
}

// readable tells of a value that no reader reads as that type.
func (d *deserializer) readable(v *newtonsoft.Value, to *Type) error {
	as := readsAs(to)
	if as == "" {
		return nil
	}
	message := ""
	switch held := v.Value().(type) {
	case string:
		if held != "" && !d.spells(held, as) {
			message = "Could not convert string to " + as + ": " + held + "."
		}
	case bool:
		if as != "boolean" {
			message = d.unexpected(v, as)
		}
	default:
		message = d.unreadNumber(v, as)
	}
	if message == "" {
		return nil
	}
	return readerError(v, message)
}

func readerError(t newtonsoft.Token, message string) error {
	return dotnet.NewException("Newtonsoft.Json.JsonReaderException", message+" Path '"+newtonsoft.Path(t)+"'.")
}

// unreadNumber tells of a number.
func (d *deserializer) unreadNumber(v *newtonsoft.Value, as string) string {
	switch held := v.Value().(type) {
	case float64:
		if as == "integer" && d.raw {
			return "Input string '" + newtonsoft.Write(v, newtonsoft.Compact) + "' is not a valid integer."
		}
	case int64:
		if as == "integer" && held != int64(int32(held)) {
			return "JSON integer " + dotnet.ToString(held) + " is too large or small for an Int32."
		}
	default:
		return ""
	}
	if strings.HasPrefix(as, "Date") {
		return d.unexpected(v, as)
	}
	return ""
}

// spells says whether a text is what is read as that.
func (d *deserializer) spells(s, as string) bool {
	var err error
	switch as {
	case "integer":
		_, err = dotnet.ParseInteger[int32](s, dotnet.NumberStylesInteger)
	case "boolean":
		_, err = dotnet.ParseBoolean(s)
	case "double":
		_, err = dotnet.ParseDouble(s, dotnet.NumberStylesFloat|dotnet.NumberStylesAllowThousands)
	case "decimal":
		_, err = dotnet.ParseDecimal(s, dotnet.NumberStylesNumber)
	default:
		if _, ok, wrong := newtonsoft.ParseDate(s); ok && wrong == nil {
			return true
		}
		_, err = d.converted(s, typeOf("System."+as))
	}
	return err == nil
}

// unexpected tells of a value of another kind: of a text, what it begins with.
func (d *deserializer) unexpected(v *newtonsoft.Value, as string) string {
	if d.raw {
		return "Unexpected character encountered while parsing value: " + newtonsoft.Write(v, newtonsoft.Compact)[:1] + "."
	}
	if strings.HasPrefix(as, "Date") {
		as = "date"
	}
	return "Error reading " + as + ". Unexpected token: " + v.Type().String() + "."
}
