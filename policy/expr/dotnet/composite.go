package dotnet

import "strings"

// Formattable is IFormattable: a value with format strings of its own.
type Formattable interface {
	ToString(format string) (string, error)
}

// ToString is ToString() of a value of the table in the package's comment, and
// of any other type by its String method or, as object.ToString has it, by the
// type's name. Null gives the empty text.
func ToString(v any) string {
	text, err := FormatValue(v, "")
	if err != nil {
		panic("dotnet: ToString without a format: " + err.Error())
	}
	return text
}

// FormatValue is ToString(format) of a value, and ToString() of one whose type
// has no formats.
func FormatValue(v any, format string) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool:
		if v {
			return "True", nil
		}
		return "False", nil
	case int8:
		return FormatInteger(v, format)
	case uint8:
		return FormatInteger(v, format)
	case int16:
		return FormatInteger(v, format)
	case uint16:
		return FormatInteger(v, format)
	case int32:
		return FormatInteger(v, format)
	case uint32:
		return FormatInteger(v, format)
	case int64:
		return FormatInteger(v, format)
	case uint64:
		return FormatInteger(v, format)
	case float32:
		return FormatSingle(v, format)
	case float64:
		return FormatDouble(v, format)
	case Formattable:
		return v.ToString(format)
	case interface{ String() string }:
		return v.String(), nil
	}
	return fullName(v), nil
}

// The largest index and width of a format item; a larger one ends the number.
const itemLimit = 1_000_000

// CompositeFormat is string.Format: text with items {index[,width][:format]},
// {{ and }} for braces. An argument's text is what toString makes of it, which
// [FormatValue] does for the values of this package; format is empty if the
// item has none. A width counts UTF-16 units; a negative one pads on the right.
func CompositeFormat(format string, args []any, toString func(arg any, format string) (string, error)) (string, error) {
	return CompositeFormatWide(format, args, func(arg any, format string, _ int) (string, error) { return toString(arg, format) })
}

// CompositeFormatWide is CompositeFormat for a caller that bounds its memory: it
// learns the width, too, that an item is padded to, before that happens.
func CompositeFormatWide(format string, args []any, toString func(arg any, format string, width int) (string, error)) (string, error) {
	var out strings.Builder
	for rest := format; ; {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			out.WriteString(rest)
			return out.String(), nil
		}
		out.WriteString(rest[:i])
		brace := rest[i]
		rest = rest[i+1:]
		if rest != "" && rest[0] == brace {
			out.WriteByte(brace)
			rest = rest[1:]
			continue
		}
		if brace == '}' {
			return "", badNumber()
		}
		item, after, err := readItem(rest, len(args))
		if err != nil {
			return "", err
		}
		text, err := toString(args[item.index], item.format, item.width)
		if err != nil {
			return "", err
		}
		item.write(&out, text)
		rest = after
	}
}

type formatItem struct {
	index, width int
	left         bool
	format       string
}

// readItem reads what stands between the braces of an item.
func readItem(s string, args int) (item formatItem, rest string, err error) {
	if item.index, s, err = readLimited(s); err != nil {
		return item, "", err
	}
	if item.index >= args {
		return item, "", Format("Index (zero based) must be greater than or equal to zero and less than the size of the argument list.")
	}
	s = strings.TrimLeft(s, " ")
	if strings.HasPrefix(s, ",") {
		s = strings.TrimLeft(s[1:], " ")
		s, item.left = strings.CutPrefix(s, "-")
		if item.width, s, err = readLimited(s); err != nil {
			return item, "", err
		}
		s = strings.TrimLeft(s, " ")
	}
	if strings.HasPrefix(s, ":") {
		end := strings.IndexAny(s, "{}")
		if end < 0 {
			return item, "", badNumber()
		}
		item.format, s = s[1:end], s[end:]
	}
	if !strings.HasPrefix(s, "}") {
		return item, "", badNumber()
	}
	return item, s[1:], nil
}

// readLimited reads a number that the text must not end with.
func readLimited(s string) (n int, rest string, err error) {
	i := 0
	for i < len(s) && isDigit(s[i]) && n < itemLimit {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i == 0 || i == len(s) {
		return 0, "", badNumber()
	}
	return n, s[i:], nil
}

func (item *formatItem) write(out *strings.Builder, text string) {
	padding := strings.Repeat(" ", max(item.width-unitCount(text), 0))
	if item.left {
		out.WriteString(text)
		out.WriteString(padding)
		return
	}
	out.WriteString(padding)
	out.WriteString(text)
}
