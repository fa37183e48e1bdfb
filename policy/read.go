package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"
)

const (
	// MaxDocument is the most bytes a policy document or fragment may have.
	MaxDocument = 4 << 20
	// MaxDepth is how deep elements may be nested.
	MaxDepth = 200
)

// Read reads a policy document or fragment. APIM accepts text that is no
// well-formed XML: an expression stands raw in an attribute or a text, with
// quotes, "<", "&&" and newlines in it. So this reader finds expressions as it
// goes and takes the rest as XML, without document types and with no entities
// but XML's five and character references.
//
// An unreadable document is reported by one Diagnostic at the place where the
// fault starts, in the words of the .NET reader where they are known
// (observed.md 5, V22 to V29).
func Read(name string, source []byte) (*Document, *Diagnostic) {
	text := strings.TrimPrefix(string(source), "\uFEFF")
	r := reader{doc: newDocument(name, text), text: text}
	if f := r.document(); f != nil {
		d := r.doc.diagnostic(Error, min(f.at, len(text)), f.message)
		return nil, &d
	}
	return r.doc, nil
}

type reader struct {
	doc  *Document
	text string
	at   int
}

func (r *reader) document() *fault {
	if len(r.text) > MaxDocument {
		return &fault{0, fmt.Sprintf("the document has %d bytes; the most that is read is %d", len(r.text), MaxDocument)}
	}
	if f := r.checkCharacters(); f != nil {
		return f
	}
	parent := &r.doc.Tree.Element
	if f := r.misc(parent); f != nil {
		return f
	}
	if r.at == len(r.text) {
		return &fault{r.at, "Root element is missing."}
	}
	if r.text[r.at] != '<' {
		return &fault{r.at, "Data at the root level is invalid: a policy document begins with <policies>, a fragment with <fragment>."}
	}
	if f := r.element(parent, 1); f != nil {
		return f
	}
	if f := r.misc(parent); f != nil {
		return f
	}
	if r.at == len(r.text) {
		return nil
	}
	if r.text[r.at] == '<' {
		return &fault{r.at, "There are multiple root elements."}
	}
	return &fault{r.at, "Data at the root level is invalid: nothing but comments may follow the root element."}
}

func (r *reader) checkCharacters() *fault {
	for i, c := range r.text {
		if c == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(r.text[i:]); n == 1 {
				return &fault{i, "the document is not UTF-8 here"}
			}
		}
		if !isXMLChar(c) {
			return &fault{i, fmt.Sprintf("hexadecimal value 0x%02X is an invalid character", c)}
		}
	}
	return nil
}

// misc reads white space, comments and processing instructions.
func (r *reader) misc(parent *etree.Element) *fault {
	for {
		r.space()
		switch {
		case r.has("<!--"):
			if f := r.comment(parent); f != nil {
				return f
			}
		case r.has("<?"):
			if f := r.instruction(parent); f != nil {
				return f
			}
		case r.has("<!"):
			return &fault{r.at, "a document type declaration is not allowed in a policy document"}
		default:
			return nil
		}
	}
}

func (r *reader) comment(parent *etree.Element) *fault {
	start := r.at
	end := strings.Index(r.text[r.at+4:], "--")
	if end < 0 {
		return &fault{start, "this comment has no closing -->"}
	}
	end += r.at + 4
	if !strings.HasPrefix(r.text[end:], "-->") {
		return &fault{end, "An XML comment cannot contain '--', and '-' cannot be the last character."}
	}
	parent.CreateComment(r.text[r.at+4 : end])
	r.at = end + 3
	return nil
}

func (r *reader) instruction(parent *etree.Element) *fault {
	start := r.at
	end := strings.Index(r.text[r.at:], "?>")
	if end < 0 {
		return &fault{start, "this processing instruction has no closing ?>"}
	}
	target, content, _ := strings.Cut(r.text[r.at+2:r.at+end], " ")
	if strings.EqualFold(target, "xml") && start != 0 {
		return &fault{start, "Unexpected XML declaration. The XML declaration must be the first node in the document, and no white space characters are allowed to appear before it."}
	}
	parent.CreateProcInst(target, content)
	r.at += end + 2
	return nil
}

// element reads from "<" to after the end tag.
func (r *reader) element(parent *etree.Element, depth int) *fault {
	start := r.at
	r.at++
	nameAt := r.at
	name := r.name()
	if name == "" {
		return &fault{r.at, fmt.Sprintf("Name cannot begin with the '%s' character.", r.here())}
	}
	if depth > MaxDepth {
		return &fault{start, fmt.Sprintf("elements are nested deeper than %d here", MaxDepth)}
	}
	e := parent.CreateElement(name)
	m := &marks{name: nameAt}
	r.doc.marks[e] = m
	closed, f := r.attributes(e, m)
	if f != nil {
		return f
	}
	m.content.start = r.at
	if !closed {
		if f := r.content(e, m, depth); f != nil {
			return f
		}
		return r.endTag(name, nameAt, m)
	}
	m.content.end = r.at
	return nil
}

// attributes reads up to the end of a start tag and tells whether it closes the
// element as well.
func (r *reader) attributes(e *etree.Element, m *marks) (closed bool, f *fault) {
	for {
		spaced := r.space()
		switch {
		case r.has("/>"):
			r.at += 2
			return true, nil
		case r.has(">"):
			r.at++
			return false, nil
		case r.at >= len(r.text):
			return false, &fault{m.name, fmt.Sprintf("Unexpected end of file has occurred. The following elements are not closed: %s.", e.FullTag())}
		case !spaced:
			return false, &fault{r.at, fmt.Sprintf("'%s' is an unexpected token. Expecting white space.", r.here())}
		}
		v, f := r.attribute()
		if f != nil {
			return false, f
		}
		for _, other := range m.attrs {
			if other.Name == v.Name {
				return false, &fault{v.nameAt, fmt.Sprintf("'%s' is a duplicate attribute name.", v.Name)}
			}
		}
		m.attrs = append(m.attrs, v)
		e.CreateAttr(v.Name, v.Text)
	}
}

func (r *reader) attribute() (*Value, *fault) {
	nameAt := r.at
	name := r.name()
	if name == "" {
		return nil, &fault{r.at, fmt.Sprintf("Name cannot begin with the '%s' character.", r.here())}
	}
	r.space()
	if !r.has("=") {
		return nil, &fault{r.at, fmt.Sprintf("'%s' is an unexpected token. The expected token is '='.", r.here())}
	}
	r.at++
	r.space()
	if !r.has(`"`) && !r.has("'") {
		return nil, &fault{r.at, fmt.Sprintf("'%s' is an unexpected token. The expected token is '\"' or '''.", r.here())}
	}
	quote := r.text[r.at]
	r.at++
	v, f := r.attributeValue(quote)
	if f != nil {
		return nil, f
	}
	v.Name, v.nameAt = name, nameAt
	return v, nil
}

func (r *reader) endTag(name string, nameAt int, m *marks) *fault {
	m.content.end = r.at
	start := r.at
	if r.at >= len(r.text) {
		return &fault{nameAt, fmt.Sprintf("Unexpected end of file has occurred. The following elements are not closed: %s.", name)}
	}
	r.at += 2
	end := r.name()
	if end != name {
		line, col := r.doc.lineCol(nameAt)
		return &fault{start, fmt.Sprintf("The '%s' start tag on line %d position %d does not match the end tag of '%s'.", name, line, col, end)}
	}
	r.space()
	if !r.has(">") {
		return &fault{r.at, fmt.Sprintf("'%s' is an unexpected token. The expected token is '>'.", r.here())}
	}
	r.at++
	return nil
}

// content reads an element's content up to its end tag or the end of the text.
func (r *reader) content(e *etree.Element, m *marks, depth int) *fault {
	text := &Value{doc: r.doc, start: r.at}
	fresh := true // nothing but white space and comments so far
	for r.at < len(r.text) && !r.has("</") {
		var f *fault
		switch {
		case r.has("<!--"):
			f = r.comment(e)
		case r.has("<![CDATA["):
			f = r.cdata(e, text)
			fresh = false
		case r.has("<?"):
			f = r.instruction(e)
		case r.has("<"):
			f = r.element(e, depth+1)
			fresh = false
		default:
			before := len(text.Text)
			f = r.characters(text, fresh)
			piece := text.Text[before:]
			fresh = fresh && isSpace(piece)
			e.CreateText(piece)
		}
		if f != nil {
			return f
		}
	}
	if !isSpace(text.Text) {
		m.text = text
		text.markExpression()
	}
	return nil
}

func (r *reader) cdata(e *etree.Element, text *Value) *fault {
	start := r.at
	r.at += len("<![CDATA[")
	end := strings.Index(r.text[r.at:], "]]>")
	if end < 0 {
		return &fault{start, "this CDATA section has no closing ]]>"}
	}
	text.append(r.text[r.at:r.at+end], r.at)
	e.CreateCData(r.text[r.at : r.at+end])
	r.at += end + 3
	return nil
}

func (r *reader) space() bool {
	start := r.at
	for r.at < len(r.text) && isSpaceByte(r.text[r.at]) {
		r.at++
	}
	return r.at > start
}

func (r *reader) has(prefix string) bool { return strings.HasPrefix(r.text[r.at:], prefix) }

// here is the character at the reader, for messages.
func (r *reader) here() string {
	if r.at >= len(r.text) {
		return "end of file"
	}
	_, n := utf8.DecodeRuneInString(r.text[r.at:])
	return r.text[r.at : r.at+n]
}

// name reads an element's or attribute's name.
func (r *reader) name() string {
	start := r.at
	for r.at < len(r.text) && isNameByte(r.text[r.at], r.at == start) {
		r.at++
	}
	return r.text[start:r.at]
}

func isNameByte(c byte, first bool) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c >= 0x80:
		return true
	case c >= '0' && c <= '9', c == '-', c == '.', c == ':':
		return !first
	}
	return false
}

func isSpaceByte(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isSpace(s string) bool { return strings.Trim(s, " \t\r\n") == "" }
