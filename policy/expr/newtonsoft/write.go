package newtonsoft

import (
	"encoding/base64"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var (
	nan      = math.NaN()
	infinity = math.Inf(1)
)

// Formatting is Newtonsoft.Json.Formatting.
type Formatting int

// The members of Formatting.
const (
	Compact  Formatting = 0 // None
	Indented Formatting = 1
)

// Write is t as JSON: JToken.ToString(formatting). Lines end with \n.
func Write(t Token, f Formatting) string {
	w := &Writer{Formatting: f}
	w.Token(t)
	return w.String()
}

// Text is t.ToString(): JSON, indented, of a container; of a value its text.
func Text(t Token) string {
	v := valueOf(t)
	switch {
	case v == nil:
		return Write(t, Indented)
	}
	return plainText(v.value)
}

// Writer writes JSON piece by piece, as JsonTextWriter does.
type Writer struct {
	Formatting Formatting

	b     strings.Builder
	stack []int  // how many values each open container holds
	named bool   // a property's name has just been written
	lists []bool // which open containers are no objects
}

// String is what has been written.
func (w *Writer) String() string { return w.b.String() }

// Len is how many bytes have been written.
func (w *Writer) Len() int { return w.b.Len() }

// begin writes what comes before a value or a name.
func (w *Writer) begin() {
	if w.named {
		w.named = false
		return
	}
	if len(w.stack) == 0 {
		return
	}
	n := &w.stack[len(w.stack)-1]
	if *n > 0 {
		w.b.WriteByte(',')
	}
	*n++
	w.indent()
}

func (w *Writer) indent() {
	if w.Formatting == Indented {
		w.b.WriteByte('\n')
		for range w.stack {
			w.b.WriteString("  ")
		}
	}
}

// Open begins an object, an array or a constructor's arguments.
func (w *Writer) Open(bracket string) {
	w.begin()
	w.b.WriteString(bracket)
	w.stack = append(w.stack, 0)
	w.lists = append(w.lists, bracket != "{")
}

// Close ends it; the bracket of a constructor has a line of its own even if it
// holds nothing.
func (w *Writer) Close(bracket byte) {
	n := w.stack[len(w.stack)-1]
	w.stack, w.lists = w.stack[:len(w.stack)-1], w.lists[:len(w.lists)-1]
	if n > 0 || bracket == ')' {
		w.indent()
	}
	w.b.WriteByte(bracket)
}

// Name writes a property's name.
func (w *Writer) Name(name string) {
	w.begin()
	w.quote(name)
	w.b.WriteByte(':')
	if w.Formatting == Indented {
		w.b.WriteByte(' ')
	}
	w.named = true
}

// Raw writes JSON as it is.
func (w *Writer) Raw(json string) {
	w.begin()
	w.b.WriteString(json)
}

// comment writes a comment, which is no value: no comma comes before it, and
// within an object no line break.
func (w *Writer) comment(text string) {
	if len(w.stack) > 0 && w.lists[len(w.lists)-1] {
		w.indent()
	}
	w.b.WriteString("/*" + text + "*/")
}

// Token writes a token.
func (w *Writer) Token(t Token) {
	switch t := t.(type) {
	case *Object:
		w.Open("{")
		for _, p := range t.properties {
			w.Token(p)
		}
		w.Close('}')
	case *Constructor:
		w.Open("new " + t.Name + "(")
		w.tokens(t.tokens)
		w.Close(')')
	case *Array:
		w.Open("[")
		w.tokens(t.tokens)
		w.Close(']')
	case *Property:
		w.Name(t.name)
		w.Token(t.value)
	default:
		v := valueOf(t)
		switch {
		case v.kind == CommentType:
			w.comment(plainText(v.value))
		case v.kind == RawType:
			w.Raw(plainText(v.value))
		case v.kind == UndefinedType:
			w.Raw("undefined")
		default:
			w.Value(v.value)
		}
	}
}

func (w *Writer) tokens(tokens []Token) {
	for _, t := range tokens {
		w.Token(t)
	}
}

// Value writes a .NET value.
func (w *Writer) Value(v any) {
	w.begin()
	switch v := v.(type) {
	case nil:
		w.b.WriteString("null")
	case bool:
		w.b.WriteString(strconv.FormatBool(v))
	case string:
		w.quote(v)
	case float64:
		w.b.WriteString(floatText(v, 64))
	case float32:
		w.b.WriteString(floatText(float64(v), 32))
	case dotnet.Decimal:
		w.b.WriteString(withPoint(v.String()))
	case *big.Int:
		w.b.WriteString(v.String())
	case []byte:
		w.quote(base64.StdEncoding.EncodeToString(v))
	case int8, uint8, int16, uint16, int32, uint32, int64, uint64:
		w.b.WriteString(dotnet.ToString(v))
	case dotnet.DateTime:
		w.quote(dateText(v))
	case dotnet.DateTimeOffset:
		w.quote(offsetText(v))
	case Address:
		w.quote(v.OriginalString())
	default:
		w.quote(dotnet.ToString(v))
	}
}

// floatText is a float as JSON: always with a point or an exponent. What JSON
// has no number for is a text.
func floatText(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return `"NaN"`
	case math.IsInf(f, 1):
		return `"Infinity"`
	case math.IsInf(f, -1):
		return `"-Infinity"`
	}
	if bits == 32 {
		return withPoint(dotnet.ToString(float32(f)))
	}
	return withPoint(dotnet.ToString(f))
}

func withPoint(s string) string {
	if strings.ContainsAny(s, ".eE") {
		return s
	}
	return s + ".0"
}

// quote writes a text in quotes.
func (w *Writer) quote(s string) {
	w.b.WriteByte('"')
	w.b.WriteString(escape(s, '"'))
	w.b.WriteByte('"')
}

// escape is a text with JSON's escapes, as Newtonsoft.Json escapes: control
// characters, the quote, backslashes, and three line ends beyond ASCII.
func escape(s string, quote byte) string {
	var b strings.Builder
	start := 0
	for i := 0; i < len(s); i++ {
		escaped, n := escapeOf(s[i:], quote)
		if n == 0 {
			continue
		}
		b.WriteString(s[start:i])
		b.WriteString(escaped)
		i += n - 1
		start = i + 1
	}
	if start == 0 {
		return s
	}
	b.WriteString(s[start:])
	return b.String()
}

// escapeOf is the escape sequence for the first n bytes of s; n is 0 if they need
// none.
func escapeOf(s string, quote byte) (escaped string, n int) {
	switch c := s[0]; {
	case c == quote || c == '\\':
		return `\` + s[:1], 1
	case c < ' ':
		if i := strings.IndexByte("\b\t\n\f\r", c); i >= 0 {
			return `\` + "btnfr"[i:i+1], 1
		}
		return fmt.Sprintf(`\u%04x`, c), 1
	case c == 0xC2 && strings.HasPrefix(s, "\u0085"):
		return `\u0085`, 2
	case c == 0xE2 && strings.HasPrefix(s, "\u2028"):
		return `\u2028`, 3
	case c == 0xE2 && strings.HasPrefix(s, "\u2029"):
		return `\u2029`, 3
	}
	return "", 0
}

// Quote is JsonConvert.ToString of a text: with quotes and escapes.
func Quote(s string) string { return `"` + escape(s, '"') + `"` }

// QuoteWith is Quote with another quote.
func QuoteWith(s string, quote byte) string {
	return string(quote) + escape(s, quote) + string(quote)
}
