package policy

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/beevik/etree"

	"github.com/apimulator/apimulator/policy/internal/cases"
)

func TestRead(t *testing.T) {
	cases.Run(t, "testdata/read", []string{"want"}, func(t *testing.T, c *cases.Case) map[string]string {
		d, fault := Read("policy.xml", c.Document(t))
		if fault != nil {
			return map[string]string{"want": fault.String() + "\n"}
		}
		return map[string]string{"want": dump(d, d.Root(), "")}
	})
}

// dump shows elements, attributes and texts with their places.
func dump(d *Document, e *etree.Element, margin string) string {
	var b strings.Builder
	line, col := d.Position(e)
	fmt.Fprintf(&b, "%s%s %d:%d\n", margin, e.FullTag(), line, col)
	margin += "  "
	attrs, text := d.Values(e)
	for _, v := range attrs {
		line, col = v.NamePosition()
		fmt.Fprintf(&b, "%s%s= %d:%d %s\n", margin, v.Name, line, col, dumpValue(v))
	}
	if text != nil {
		fmt.Fprintf(&b, "%stext %s\n", margin, dumpValue(text))
	}
	for _, c := range e.ChildElements() {
		b.WriteString(dump(d, c, margin))
	}
	return b.String()
}

func dumpValue(v *Value) string {
	line, col := v.Start()
	kind := "literal"
	if v.Expression {
		kind = "expression"
	}
	return fmt.Sprintf("%d:%d %s %s", line, col, kind, quote(v.Text))
}

func quote(s string) string {
	if strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// source is a document's text, looked at apart from the reader.
type source [][]rune

func sourceOf(text []byte) source {
	s := strings.ReplaceAll(strings.TrimPrefix(string(text), "\uFEFF"), "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	var lines source
	for _, line := range strings.SplitAfter(s, "\n") {
		lines = append(lines, []rune(line))
	}
	return lines
}

// at is the text from line and column on.
func (s source) at(line, col int) string {
	if line < 1 || line > len(s) || col < 1 || col > len(s[line-1])+1 {
		return ""
	}
	return string(s[line-1][col-1:])
}

// spells reports whether text begins with c or with an entity for it. White
// space of a literal attribute stands for a blank.
func spells(text string, c rune, attribute bool) bool {
	if strings.HasPrefix(text, "&") {
		if decoded, n := entity(text); n > 0 && decoded == string(c) {
			return true
		}
	}
	if attribute && c == ' ' && text != "" && strings.Contains("\n\t", text[:1]) {
		return true
	}
	return strings.HasPrefix(text, string(c))
}

// checkSpans checks that every character of every value lies where its Position
// says, and so do the names.
func checkSpans(t *testing.T, d *Document, text []byte) {
	t.Helper()
	lines := sourceOf(text)
	for _, e := range d.Root().FindElements("//*") {
		if line, col := d.Position(e); !strings.HasPrefix(lines.at(line, col), e.FullTag()) {
			t.Errorf("%s: <%s> is not at %d:%d", d.Name, e.FullTag(), line, col)
		}
		attrs, content := d.Values(e)
		for _, v := range attrs {
			if line, col := v.NamePosition(); !strings.HasPrefix(lines.at(line, col), v.Name) {
				t.Errorf("%s: %s of <%s> is not at %d:%d", d.Name, v.Name, e.FullTag(), line, col)
			}
			checkSpan(t, lines, v)
		}
		if content != nil {
			checkSpan(t, lines, content)
		}
	}
}

func checkSpan(t *testing.T, lines source, v *Value) {
	t.Helper()
	if sl, sc := v.Start(); v.Text != "" {
		if line, col := v.Position(0); v.Expression && (sl != line || sc != col) {
			t.Errorf("%s: value at %d:%d begins with a byte at %d:%d", v.doc.Name, sl, sc, line, col)
		}
	}
	for i, c := range v.Text {
		if line, col := v.Position(i); !spells(lines.at(line, col), c, v.Name != "" && !v.Expression) {
			t.Fatalf("%s: byte %d (%q) of value %s is not at %d:%d, where %.20q stands", v.doc.Name, i, c, quote(v.Text), line, col, lines.at(line, col))
		}
	}
}

// checkWritten checks that the tree, written out, is well-formed XML.
func checkWritten(t *testing.T, d *Document) {
	t.Helper()
	var out bytes.Buffer
	if _, err := d.Tree.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(bytes.NewReader(out.Bytes()))
	// Whatever an XML declaration says, the text is UTF-8.
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: the tree is not written as XML: %s\n%s", d.Name, err, out.String())
		}
	}
}

func TestSpansOfTestdata(t *testing.T) {
	for _, c := range cases.In(t, "testdata/read") {
		text := c.Document(t)
		if d, fault := Read(c.Name, text); fault == nil {
			checkSpans(t, d, text)
			checkWritten(t, d)
		}
	}
}

func TestReadBounds(t *testing.T) {
	nested := func(depth int) string {
		return strings.Repeat("<a>", depth) + strings.Repeat("</a>", depth)
	}
	wide := func(pieces int) string {
		return "<a>" + strings.Repeat("<b/>", pieces-1) + "</a>"
	}
	strings_ := func(depth int) string {
		return `<a b="@(` + strings.Repeat(`$"{`, depth) + "1" + strings.Repeat(`}"`, depth) + `)"/>`
	}
	long := func(bytes int) string {
		const around = len("<a></a>")
		return "<a>" + strings.Repeat("x", bytes-around) + "</a>"
	}
	for _, c := range []struct {
		name, fits, exceeds, want string
	}{
		{"bytes", long(MaxDocument), long(MaxDocument + 1), "policy.xml:1:1: error: the document has 1048577 bytes; the most that is read is 1048576"},
		{"depth", nested(MaxDepth), nested(MaxDepth + 1), "policy.xml:1:601: error: elements are nested deeper than 200 here"},
		{"elements", wide(MaxPieces), wide(MaxPieces + 1), "policy.xml:1:80002: error: the document has more than 20000 elements and attributes"},
		{"strings", strings_(maxStringDepth), strings_(maxStringDepth + 1), "policy.xml:1:69: error: interpolated strings stand in each other deeper than 20 here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, fault := Read("policy.xml", []byte(c.fits)); fault != nil {
				t.Errorf("at the bound: %s", fault)
			}
			_, fault := Read("policy.xml", []byte(c.exceeds))
			if fault == nil || fault.String() != c.want {
				t.Errorf("beyond the bound: got %v, want %s", fault, c.want)
			}
		})
	}
}

// Documents of full size that once took the reader or the binder quadratic time,
// minutes each: the time limit of the test run is what fails then.
func TestHostileDocuments(t *testing.T) {
	fill := func(start, repeat, end string) string {
		return start + strings.Repeat(repeat, (MaxDocument-len(start)-len(end))/len(repeat)) + end
	}
	for name, text := range map[string]string{
		"entities":              fill("<a>", "&lt;", "</a>"),
		"comments in a text":    fill("<a>", "x<!---->", "</a>"),
		"CDATA":                 fill("<a>", "<![CDATA[x]]>", "</a>"),
		"named values":          fill("<a>", "&lt;{{n}}", "</a>"),
		"attributes":            fill("<a ", "b='' ", "/>"),
		"interpolated strings":  fill(`<a b="@(`, `$"{`, ``),
		"brackets":              fill(`<a b="@(`, `(`, ``),
		"expressions":           fill(`<a>`, `<b c="@(`, ``),
		"open quotes":           fill(`<a>`, `<b c='@("`, ``),
		"statements":            fill("<policies><inbound>", "<base/>", "</inbound></policies>")[:MaxPieces*7],
		"a name":                fill("<policies><inbound><", "x", "/></inbound></policies>"),
		"prefixes":              fill("<a xmlns:p='' ", "p:b='' ", "/>"),
		"misplaced expressions": fill("<a>", "@(", "</a>"),
	} {
		d, fault := Read(name, []byte(text))
		if fault != nil {
			continue
		}
		root, found := Bind(d, Bindings{NamedValue: func(string) (string, bool) { return "value", true }})
		found = append(found, Check(root, "", NewCatalogue(nil))...)
		if name != "statements" && len(found) == 0 {
			t.Errorf("%s: nothing was found", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range cases.In(f, "testdata/read") {
		f.Add(c.Document(f))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, fault := Read("policy.xml", text)
		if fault != nil {
			checkDiagnostic(t, sourceOf(text), *fault)
			return
		}
		checkSpans(t, d, text)
		if utf8.RuneCount(text) == len(text) { // encoding/xml knows the letters of an older XML
			checkWritten(t, d)
		}
	})
}

// checkDiagnostic checks what holds for every diagnostic.
func checkDiagnostic(t *testing.T, lines source, d Diagnostic) {
	t.Helper()
	if d.Line < 1 || d.Line > len(lines) || d.Col < 1 || d.Col > len(lines[d.Line-1])+1 {
		t.Errorf("%s\nlies outside of the text", d)
	}
	if d.Message == "" || strings.ContainsAny(d.String(), "\r\n") {
		t.Errorf("%q is not a message on one line", d.Message)
	}
}
