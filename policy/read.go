package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"

	"github.com/apimulator/apimulator/internal/pattern"
)

// Bounds of a document, so that no input keeps the reader or the stages after it
// busy for long. Documents of a whole service hold some hundred elements; APIM
// takes fragments of up to 512 KB (runtime.md, Policy fragments).
const (
	// MaxDocument is the most bytes a policy document or fragment may have.
	MaxDocument = 1 << 20
	// MaxDepth is how deep elements may be nested.
	MaxDepth = 200
	// MaxPieces is the most elements and attributes a document may have, its
	// fragments counted in where they are included.
	MaxPieces = 20_000
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
	if len(source) > MaxDocument {
		return nil, &Diagnostic{Severity: Error, Document: name, Line: 1, Col: 1, Rule: RuleDocumentSize,
			Message: fmt.Sprintf("the document has %d bytes; the most that is read is %d", len(source), MaxDocument)}
	}
	text := lineEnds.Replace(strings.TrimPrefix(string(source), "\uFEFF"))
	r := reader{doc: newDocument(name, text), text: text}
	if f := r.document(); f != nil {
		d := r.doc.diagnostic(Error, f.at, f.message).Under(RuleUnreadable)
		return nil, &d
	}
	return r.doc, nil
}

// lineEnds makes all line ends newlines before anything else is looked at, as
// XML 1.0 does (section 2.11).
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

type reader struct {
	doc    *Document
	text   string
	at     int
	open   *etree.Element // the innermost element that is not closed yet
	pieces int
}

func (r *reader) document() *fault {
	if f := r.checkCharacters(); f != nil {
		return f
	}
	parent := &r.doc.Tree.Element
	if f := r.misc(parent); f != nil {
		return f
	}
	switch {
	case r.at == len(r.text):
		return &fault{r.at, "Root element is missing."}
	case !r.has("<"):
		return &fault{r.at, "Data at the root level is invalid: a policy document begins with <policies>, a fragment with <fragment>."}
	}
	if f := r.element(parent, 1); f != nil {
		return f
	}
	if f := r.misc(parent); f != nil {
		return f
	}
	switch {
	case r.at == len(r.text):
		return nil
	case r.has("</"):
		return &fault{r.at, "Unexpected end tag: the root element is closed already."}
	case r.has("<"):
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
		var f *fault
		switch {
		case r.has("<!--"):
			f = r.comment(parent)
		case r.has("<?"):
			f = r.instruction(parent)
		case r.has("<!DOCTYPE"):
			f = &fault{r.at, "a document type declaration is not allowed in a policy document"}
		default:
			return nil
		}
		if f != nil {
			return f
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
	if strings.HasSuffix(r.text[start+4:end], "<!") {
		return &fault{start, "this comment has no closing --> before the next one begins"}
	}
	if !strings.HasPrefix(r.text[end:], "-->") {
		return &fault{end, "An XML comment cannot contain '--', and '-' cannot be the last character."}
	}
	parent.CreateComment(r.text[r.at+4 : end])
	r.at = end + 3
	return nil
}

// declaration is what an XML declaration may say. Whatever encoding it names, the
// text is UTF-8.
var declaration = pattern.Lazy(`^version\s*=\s*("1\.0"|'1\.0')(\s+encoding\s*=\s*("[A-Za-z0-9._\-]+"|'[A-Za-z0-9._\-]+'))?(\s+standalone\s*=\s*("yes"|"no"|'yes'|'no'))?\s*$`)

func (r *reader) instruction(parent *etree.Element) *fault {
	start := r.at
	r.at += len("<?")
	target, f := r.name()
	if f != nil {
		return f
	}
	content, rest, closed := strings.Cut(r.text[r.at:], "?>")
	trimmed := strings.TrimLeft(content, whiteSpace)
	switch {
	case !closed:
		return &fault{start, "this processing instruction has no closing ?>"}
	case content != "" && trimmed == content:
		return r.unexpected("Expecting white space.")
	case !strings.EqualFold(target, "xml"):
	case start != 0 || target != "xml":
		return &fault{start, "Unexpected XML declaration. The XML declaration must be the first node in the document, and no white space characters are allowed to appear before it."}
	case !declaration().MatchString(trimmed):
		return &fault{start, `this is no XML declaration: write <?xml version="1.0" encoding="utf-8"?> or leave it out`}
	}
	parent.CreateProcInst(target, trimmed)
	r.at = len(r.text) - len(rest)
	return nil
}

// element reads from "<" to after the end tag.
func (r *reader) element(parent *etree.Element, depth int) *fault {
	start := r.at
	r.at++
	nameAt := r.at
	name, f := r.name()
	if f != nil {
		return f
	}
	if depth > MaxDepth {
		return &fault{start, fmt.Sprintf("elements are nested deeper than %d here", MaxDepth)}
	}
	e, m := parent.CreateElement(name), &marks{name: nameAt}
	r.doc.marks[e] = m
	outer := r.open
	r.open = e
	defer func() { r.open = outer }()
	closed, f := r.attributes(e, m)
	if f != nil {
		return f
	}
	m.content, m.end = span{r.at, r.at}, r.at
	if closed {
		return nil
	}
	if f := r.content(e, m, depth); f != nil {
		return f
	}
	m.content.end = r.at
	f = r.endTag(name, nameAt)
	m.end = r.at
	return f
}

// attributes reads up to the end of a start tag and tells whether it closes the
// element as well.
func (r *reader) attributes(e *etree.Element, m *marks) (closed bool, f *fault) {
	for {
		if r.pieces++; r.pieces > MaxPieces {
			return false, &fault{r.at, fmt.Sprintf("the document has more than %d elements and attributes", MaxPieces)}
		}
		spaced := r.space()
		switch {
		case r.has("/>"):
			r.at += 2
			return true, r.prefixes(e, m)
		case r.has(">"):
			r.at++
			return false, r.prefixes(e, m)
		case !spaced:
			return false, r.unexpected("Expecting white space.")
		}
		v, f := r.attribute()
		if f != nil {
			return false, f
		}
		if slices.ContainsFunc(m.attrs, func(other *Value) bool { return other.Name == v.Name }) {
			return false, &fault{v.nameAt, fmt.Sprintf("'%s' is a duplicate attribute name.", v.Name)}
		}
		m.attrs = append(m.attrs, v)
		e.CreateAttr(v.Name, v.Text)
	}
}

func (r *reader) attribute() (*Value, *fault) {
	nameAt := r.at
	name, f := r.name()
	if f != nil {
		return nil, f
	}
	r.space()
	if !r.has("=") {
		return nil, r.unexpected("The expected token is '='.")
	}
	r.at++
	r.space()
	if !r.has(`"`) && !r.has("'") {
		return nil, r.unexpected(`The expected token is '"' or '''.`)
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

// prefixes checks that the prefixes of e's name and attributes are declared.
func (r *reader) prefixes(e *etree.Element, m *marks) *fault {
	if !declared(e, e.Space) {
		return &fault{m.name, fmt.Sprintf("'%s' is an undeclared prefix.", e.Space)}
	}
	for i, a := range e.Attr {
		if !declared(e, a.Space) {
			return &fault{m.attrs[i].nameAt, fmt.Sprintf("'%s' is an undeclared prefix.", a.Space)}
		}
	}
	return nil
}

func declared(e *etree.Element, prefix string) bool {
	if prefix == "" || prefix == "xml" || prefix == "xmlns" {
		return true
	}
	for e != nil && e.SelectAttr("xmlns:"+prefix) == nil {
		e = e.Parent()
	}
	return e != nil
}

func (r *reader) endTag(name string, nameAt int) *fault {
	if r.at == len(r.text) {
		return r.unclosed()
	}
	r.at += len("</")
	endAt := r.at
	end, f := r.name()
	if f != nil {
		return f
	}
	if end != name {
		line, col := r.doc.lineCol(nameAt)
		return &fault{endAt, fmt.Sprintf("The '%s' start tag on line %d position %d does not match the end tag of '%s'.", name, line, col, end)}
	}
	r.space()
	if !r.has(">") {
		return r.unexpected("The expected token is '>'.")
	}
	r.at++
	return nil
}

// content reads an element's content up to its end tag or the end of the text.
func (r *reader) content(e *etree.Element, m *marks, depth int) *fault {
	text := &Value{doc: r.doc, start: r.at}
	var b builder
	fresh := true // nothing but white space and comments so far
	for r.at < len(r.text) && !r.has("</") {
		var f *fault
		switch {
		case r.has("<!--"):
			f = r.comment(e)
		case r.has("<?"):
			f = r.instruction(e)
		case r.has("<![CDATA["):
			f = r.cdata(e, &b)
			fresh = false
		case r.has("<"):
			f = r.element(e, depth+1)
			fresh = false
		default:
			var piece string
			piece, f = r.characters(&b, fresh)
			fresh = fresh && isSpace(piece)
			e.CreateText(piece)
		}
		if f != nil {
			return f
		}
	}
	if b.finish(text); !isSpace(text.Text) {
		text.markExpression()
		m.text = text
	}
	return nil
}

func (r *reader) cdata(e *etree.Element, b *builder) *fault {
	start := r.at
	r.at += len("<![CDATA[")
	length := strings.Index(r.text[r.at:], "]]>")
	if length < 0 {
		return &fault{start, "this CDATA section has no closing ]]>"}
	}
	content := r.text[r.at : r.at+length]
	b.add(content, r.at)
	e.CreateCData(content)
	r.at += length + len("]]>")
	return nil
}
