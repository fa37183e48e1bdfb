package xlinq

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const invalidDeclaration = "Syntax for an XML declaration is invalid."

// declaration reads <?xml version="1.0" ...?>, if the text begins with it.
func (p *parser) declaration() error {
	if !p.has(0, "<?xml") || p.nameGoesOn(5) {
		return nil
	}
	d := &Declaration{}
	parts := []struct {
		name  string
		value *any
	}{{"version", &d.Version}, {"encoding", &d.Encoding}, {"standalone", &d.Standalone}}
	next := 0
	for p.at = len("<?xml"); ; {
		before := p.at
		for isSpace(p.peek(p.at)) {
			p.at++
		}
		if p.peek(p.at) == '?' {
			switch {
			case !p.has(p.at, "?>"):
				return p.unexpected(p.at+1, "'>'")
			case next == 0:
				return p.fail(p.at, invalidDeclaration)
			}
			p.at += 2
			p.emit(Event{Kind: DeclarationNode, Name: Name{"", "xml"}, Declaration: d, Attributes: d.attributes()})
			return nil
		}
		if p.at == before && next > 0 {
			return p.unexpected(p.at, "?>")
		}
		end, err := p.ncName(p.at)
		if err != nil {
			return err
		}
		for next < len(parts) && parts[next].name != p.s[p.at:end] && next > 0 {
			next++
		}
		if next == len(parts) || parts[next].name != p.s[p.at:end] {
			return p.fail(p.at, invalidDeclaration)
		}
		p.at = end
		if *parts[next].value, err = p.declarationValue(parts[next].name); err != nil {
			return err
		}
		next++
	}
}

// declarationValue reads ="value" of a part of the XML declaration.
func (p *parser) declarationValue(part string) (string, error) {
	for isSpace(p.peek(p.at)) {
		p.at++
	}
	if p.peek(p.at) != '=' {
		return "", p.unexpected(p.at, "=")
	}
	for p.at++; isSpace(p.peek(p.at)); {
		p.at++
	}
	quote := p.peek(p.at)
	if quote != '"' && quote != '\'' {
		return "", p.unexpected(p.at, `"`, "'")
	}
	from := p.at + 1
	length := strings.IndexByte(p.s[from:], quote)
	if length < 0 {
		return "", p.fail(len(p.s), "There is an unclosed literal string.")
	}
	value := p.s[from : from+length]
	switch {
	case strings.ContainsAny(value, "<&"):
		return "", p.fail(from, invalidDeclaration)
	case part == "version" && value != "1.0":
		return "", p.fail(from, "Version number '"+value+"' is invalid.")
	case part == "standalone" && value != "yes" && value != "no":
		return "", p.fail(from-1, invalidDeclaration)
	}
	p.at = from + length + 1
	return value, nil
}

// documentType reads <!DOCTYPE name ids [subset]>. Declarations in the subset
// that change what the document holds are refused: .NET would expand them.
func (p *parser) documentType() error {
	from := p.at + len("<!")
	switch {
	case p.ended:
		return p.fail(p.at, "DTD must be defined before the document root element.")
	case p.typed:
		return p.fail(p.at, "Cannot have multiple DTDs.")
	case !p.has(from, "DOCTYPE") && len(p.s)-from < len("DOCTYPE"), p.at+len("<!DOCTYPE") == len(p.s):
		return p.fail(from, "Unexpected end of file while parsing DOCTYPE has occurred.")
	case !p.has(from, "DOCTYPE"):
		return p.unexpected(from, "DOCTYPE")
	}
	d := &DocumentType{InternalSubset: ""}
	p.at = from + len("DOCTYPE")
	if !isSpace(p.peek(p.at)) {
		return p.unexpected(p.at)
	}
	p.skipSpace()
	end, _, err := p.qName(p.at)
	if err != nil {
		return err
	}
	d.Name, p.at = p.s[p.at:end], end
	if err := p.externalID(d); err != nil {
		return err
	}
	p.skipSpace()
	if p.peek(p.at) == '[' {
		if d.InternalSubset, err = p.subset(); err != nil {
			return err
		}
		p.skipSpace()
	}
	switch {
	case p.at == len(p.s):
		return p.fail(p.at, "Incomplete DTD content.")
	case p.s[p.at] != '>':
		return p.unexpected(p.at, ">")
	}
	p.at++
	p.typed = true
	p.emit(Event{Kind: DocumentTypeNode, DocumentType: d})
	return nil
}

func (p *parser) skipSpace() {
	for isSpace(p.peek(p.at)) {
		p.at++
	}
}

// externalID reads SYSTEM "..." or PUBLIC "..." "...". Nothing is fetched.
func (p *parser) externalID(d *DocumentType) (err error) {
	p.skipSpace()
	switch {
	case p.has(p.at, "SYSTEM"):
		p.at += len("SYSTEM")
		d.SystemID, err = p.literal()
	case p.has(p.at, "PUBLIC"):
		p.at += len("PUBLIC")
		if d.PublicID, err = p.literal(); err == nil {
			d.SystemID, err = p.literal()
		}
	}
	return err
}

func (p *parser) literal() (any, error) {
	if !isSpace(p.peek(p.at)) {
		return nil, p.unexpected(p.at)
	}
	p.skipSpace()
	quote := p.peek(p.at)
	if quote != '"' && quote != '\'' {
		return nil, p.unexpected(p.at, `"`, "'")
	}
	from := p.at + 1
	length := strings.IndexByte(p.s[from:], quote)
	if length < 0 {
		return nil, p.fail(len(p.s), "There is an unclosed literal string.")
	}
	p.at = from + length + 1
	return p.s[from : from+length], nil
}

// subset reads [ declarations ].
func (p *parser) subset() (any, error) {
	from := p.at + 1
	for i := from; i < len(p.s); {
		end := ""
		switch {
		case p.s[i] == ']':
			p.at = i + 1
			return p.s[from:i], nil
		case isSpace(p.s[i]):
			i++
			continue
		case p.has(i, "<!--"):
			end = "-->"
		case p.has(i, "<?"):
			end = "?>"
		case p.has(i, "<!ELEMENT"), p.has(i, "<!NOTATION"):
			end = ">"
		default:
			return nil, dotnet.NewException("System.NotSupportedException",
				"apimulator reads no ENTITY, ATTLIST or parameter entity in a document type: "+clip(p.s[i:])+" Write out in the document what it stands for.")
		}
		length := strings.Index(p.s[i+2:], end)
		if length < 0 {
			break
		}
		if err := p.chars(i, i+2+length); err != nil {
			return nil, err
		}
		i += 2 + length + len(end)
	}
	return nil, p.fail(len(p.s), "Incomplete DTD content.")
}

// clip is the beginning of a declaration, for a message.
func clip(s string) string {
	if end := strings.IndexByte(s, '>'); end >= 0 {
		s = s[:end+1]
	}
	if units := dotnet.Units(s); len(units) > 60 {
		s = dotnet.FromUnits(units[:60]) + "..."
	}
	return s
}
