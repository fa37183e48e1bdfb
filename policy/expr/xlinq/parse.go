package xlinq

import (
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// MaxDepth is how deep elements may be nested in a text that is parsed.
const MaxDepth = 10_000

// parser reads a text. It finds the same mistakes in the same places as .NET's
// XmlTextReaderImpl, which expressions can see in a message. What it reads it
// tells emit.
type parser struct {
	s          string
	at         int
	emit       func(Event)
	open       []openElement
	spaces     map[string]Namespace // by prefix, where the parser stands
	hidden     []hiddenSpace        // what start tags have bound anew
	whitespace bool                 // texts of white space are told, too
	preserve   bool                 // xml:space says that white space matters
	typed      bool                 // a document type was read
	ended      bool                 // the root element was read
}

func newParser(text string, whitespace bool, emit func(Event)) *parser {
	return &parser{s: text, emit: emit, whitespace: whitespace, spaces: map[string]Namespace{"xml": XMLNamespace, "xmlns": XMLNSNamespace, "": ""}}
}

// openElement is an element whose end tag is still to come.
type openElement struct {
	name     string // with prefix
	prefix   string
	expanded Name
	at       int  // of the name
	hidden   int  // len(parser.hidden) outside
	preserve bool // outside
}

type hiddenSpace struct {
	prefix string
	space  Namespace
	bound  bool
}

// fail is an XmlException with line and position of offset at, counted in UTF-16
// units.
func (p *parser) fail(at int, message string) error {
	line, begin := p.line(at)
	return xmlException(fmt.Sprintf("%s Line %d, position %d.", message, line, 1+dotnet.Length(p.s[begin:at])))
}

// line is the number of the line that at stands in and where it begins.
func (p *parser) line(at int) (number, begin int) {
	number = 1
	for i := range at {
		if p.s[i] == '\n' || p.s[i] == '\r' && (i+1 >= len(p.s) || p.s[i+1] != '\n') {
			number, begin = number+1, i+1
		}
	}
	return number, begin
}

// peek is the byte at offset i, 0 beyond the end.
func (p *parser) peek(i int) byte {
	if i < len(p.s) {
		return p.s[i]
	}
	return 0
}

func (p *parser) has(i int, prefix string) bool {
	return i <= len(p.s) && strings.HasPrefix(p.s[i:], prefix)
}

// unexpected tells that the token at offset i is not the expected one.
func (p *parser) unexpected(i int, expected ...string) error {
	if i >= len(p.s) {
		return p.fail(len(p.s), "Unexpected end of file has occurred.")
	}
	end := i
	for end < len(p.s) {
		r, size := decode(p.s[end:])
		if !isNameChar(r) {
			if end == i {
				end += size
			}
			break
		}
		end += size
	}
	what := "The expected token is '" + strings.Join(expected, "' or '") + "'."
	if len(expected) == 0 {
		what = "Expecting whitespace."
	}
	return p.fail(i, "'"+p.s[i:end]+"' is an unexpected token. "+what)
}

func (p *parser) endOf(what string) error {
	return p.fail(len(p.s), "Unexpected end of file while parsing "+what+" has occurred.")
}

// unclosed tells that the text ends within elements.
func (p *parser) unclosed() error {
	var names []string
	for i := len(p.open) - 1; i >= 0; i-- {
		names = append(names, p.open[i].name)
	}
	return p.fail(len(p.s), "Unexpected end of file has occurred. The following elements are not closed: "+strings.Join(names, ", ")+".")
}

const invalidRoot = "Data at the root level is invalid."

// document reads everything.
func (p *parser) document() error {
	if err := p.declaration(); err != nil {
		return err
	}
	for {
		if more, err := p.step(); err != nil || !more {
			return err
		}
	}
}

// step reads the next thing after the declaration; false at the end.
func (p *parser) step() (more bool, err error) {
	if len(p.open) > 0 {
		return true, p.content()
	}
	p.blank()
	switch {
	case p.at == len(p.s) && !p.ended:
		return false, xmlException("Root element is missing.")
	case p.at == len(p.s):
		return false, nil
	case p.s[p.at] == 0:
		return false, p.fail(p.at, badChar(p.s[p.at:]))
	case p.s[p.at] != '<' || dotnet.Length(p.s[p.at:min(p.at+12, len(p.s))]) < 4:
		return false, p.fail(p.at, invalidRoot)
	}
	return true, p.topLevel()
}

// blank reads white space outside the root element.
func (p *parser) blank() {
	from := p.at
	for isSpace(p.peek(p.at)) {
		p.at++
	}
	if p.whitespace && p.at > from {
		p.emit(Event{Kind: WhitespaceNode, Value: normalized(p.s[from:p.at])})
	}
}

// topLevel reads what begins with < outside the root element.
func (p *parser) topLevel() error {
	switch {
	case p.has(p.at, "<?"):
		return p.instruction()
	case p.has(p.at, "<!--"):
		return p.comment()
	case p.has(p.at, "<!-"):
		return p.unexpected(p.at+3, "-")
	case p.has(p.at, "<!["):
		return p.fail(p.at, invalidRoot)
	case p.has(p.at, "<!"):
		return p.documentType()
	case p.has(p.at, "</"):
		return p.fail(p.at+2, "Unexpected end tag.")
	case p.ended:
		return p.fail(p.at+1, "There are multiple root elements.")
	}
	return p.startTag()
}

// content reads one thing within an element.
func (p *parser) content() error {
	switch {
	case p.at == len(p.s):
		return p.unclosed()
	case p.s[p.at] != '<':
		return p.text()
	case p.at+1 == len(p.s):
		return p.unclosed()
	case p.has(p.at, "</"):
		return p.endTag()
	case p.has(p.at, "<?"):
		return p.instruction()
	case p.has(p.at, "<!--"):
		return p.comment()
	case p.has(p.at, "<!-"):
		return p.unexpected(p.at+3, "-")
	case p.has(p.at, "<![CDATA["):
		return p.cdata()
	case p.has(p.at, "<!["):
		return p.unexpected(p.at+3, "CDATA[")
	case p.has(p.at, "<!DOCTYPE") && !p.nameGoesOn(p.at+len("<!DOCTYPE")):
		return p.fail(p.at+2, "Unexpected DTD declaration.")
	case p.has(p.at, "<!"):
		return p.unexpected(p.at+2, "<!--", "<[CDATA[")
	}
	return p.startTag()
}

func (p *parser) nameGoesOn(i int) bool {
	r, _ := decode(p.s[min(i, len(p.s)):])
	return i < len(p.s) && isNameChar(r)
}

// comment reads <!-- ... -->.
func (p *parser) comment() error {
	from := p.at + len("<!--")
	length := strings.Index(p.s[from:], "--")
	end := from + length
	if length < 0 {
		end = len(p.s)
	}
	if err := p.chars(from, end); err != nil {
		return err
	}
	switch {
	case length < 0, end+2 == len(p.s):
		return p.endOf("Comment")
	case p.s[end+2] != '>':
		return p.fail(end, "An XML comment cannot contain '--', and '-' cannot be the last character.")
	}
	p.emit(Event{Kind: CommentNode, Value: normalized(p.s[from:end])})
	p.at = end + len("-->")
	return nil
}

// cdata reads <![CDATA[ ... ]]>.
func (p *parser) cdata() error {
	from := p.at + len("<![CDATA[")
	length := strings.Index(p.s[from:], "]]>")
	end := from + length
	if length < 0 {
		end = len(p.s)
	}
	if err := p.chars(from, end); err != nil {
		return err
	}
	if length < 0 {
		return p.endOf("CDATA")
	}
	p.emit(Event{Kind: CDATANode, Value: normalized(p.s[from:end])})
	p.at = end + len("]]>")
	return nil
}

// instruction reads <?target data?>.
func (p *parser) instruction() error {
	from := p.at + len("<?")
	end, err := p.ncName(from)
	if err != nil {
		return err
	}
	target := p.s[from:end]
	switch {
	case target == "xml":
		return p.fail(from, "Unexpected XML declaration. The XML declaration must be the first node in the document, and no whitespace characters are allowed to appear before it.")
	case strings.EqualFold(target, "xml"):
		return p.fail(from, "'"+target+"' is an invalid name for processing instructions.")
	case end == len(p.s):
		return p.endOf("Name")
	}
	data := end
	for isSpace(p.peek(data)) {
		data++
	}
	if data == end && !p.has(end, "?>") {
		return p.fail(end, badNameChar(p.s[end:], false))
	}
	length := strings.Index(p.s[data:], "?>")
	if length < 0 {
		if err := p.chars(data, len(p.s)); err != nil {
			return err
		}
		return p.endOf("PI")
	}
	if err := p.chars(data, data+length); err != nil {
		return err
	}
	p.emit(Event{Kind: InstructionNode, Name: Name{"", target}, Value: normalized(p.s[data : data+length])})
	p.at = data + length + len("?>")
	return nil
}

// ncName is where the name without colon that begins at offset i ends.
func (p *parser) ncName(i int) (int, error) {
	if i >= len(p.s) {
		return 0, p.endOf("Name")
	}
	length := scanNCName(p.s[i:])
	if length == 0 {
		return 0, p.fail(i, badNameChar(p.s[i:], true))
	}
	return i + length, nil
}

// chars checks that XML allows the characters from offset i to end.
func (p *parser) chars(i, end int) error {
	for i < end {
		r, size := decode(p.s[i:])
		if !isChar(r) {
			return p.badChar(i)
		}
		i += size
	}
	return nil
}

// badChar tells of the character at offset i; of a high surrogate it is the one
// after it that is wrong.
func (p *parser) badChar(i int) error {
	if r, size := decode(p.s[i:]); isHighSurrogate(r) && i+size < len(p.s) {
		i += size
	}
	return p.fail(i, badChar(p.s[i:]))
}

// normalized is s with all line breaks as \n.
func normalized(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
