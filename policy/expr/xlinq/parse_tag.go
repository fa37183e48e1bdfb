package xlinq

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// rawAttribute is an attribute before its prefix is resolved.
type rawAttribute struct {
	prefix, local string
	at            int // of the name
	quote         int // offset of the opening quote
	value         string
}

func (a *rawAttribute) declares() (prefix string, ok bool) {
	switch {
	case a.prefix == "xmlns":
		return a.local, true
	case a.prefix == "" && a.local == "xmlns":
		return "", true
	}
	return "", false
}

// qName is where the name that begins at offset i ends, and where its colon is,
// -1 if it has none.
func (p *parser) qName(i int) (end, colon int, err error) {
	end, err = p.ncName(i)
	if err != nil || p.peek(end) != ':' {
		return end, -1, err
	}
	colon = end
	end, err = p.ncName(colon + 1)
	if err == nil && p.peek(end) == ':' {
		err = p.fail(end, badNameChar(":", false))
	}
	return end, colon, err
}

func (p *parser) split(i, end, colon int) (prefix, local string) {
	if colon < 0 {
		return "", p.s[i:end]
	}
	return p.s[i:colon], p.s[colon+1 : end]
}

// startTag reads <name attributes> or <name attributes/>.
func (p *parser) startTag() error {
	from := p.at + 1
	end, colon, err := p.qName(from)
	if err != nil {
		return err
	}
	if len(p.open) == MaxDepth {
		return dotnet.NewException("System.NotSupportedException", fmt.Sprintf("apimulator does not read XML whose elements are nested more than %d deep.", MaxDepth))
	}
	tag := openElement{name: p.s[from:end], at: from, hidden: len(p.hidden), preserve: p.preserve}
	p.at = end
	attributes, empty, err := p.attributes()
	if err != nil {
		return err
	}
	prefix, local := p.split(from, end, colon)
	space, bound := p.spaces[prefix]
	if !bound {
		return p.fail(from, "'"+prefix+"' is an undeclared prefix.")
	}
	tag.prefix, tag.expanded = prefix, Name{space, local}
	resolved, err := p.resolve(attributes)
	if err != nil {
		return err
	}
	p.emit(Event{Kind: ElementNode, Prefix: prefix, Name: tag.expanded, Attributes: resolved, Empty: empty, at: from})
	p.open = append(p.open, tag)
	if empty {
		p.close()
	}
	return nil
}

// close ends the innermost element.
func (p *parser) close() {
	last := len(p.open) - 1
	tag := p.open[last]
	p.open = p.open[:last]
	for i := len(p.hidden) - 1; i >= tag.hidden; i-- {
		if h := p.hidden[i]; h.bound {
			p.spaces[h.prefix] = h.space
		} else {
			delete(p.spaces, h.prefix)
		}
	}
	p.hidden, p.preserve = p.hidden[:tag.hidden], tag.preserve
	p.ended = p.ended || last == 0
}

// attributes reads the rest of a start tag.
func (p *parser) attributes() (found []rawAttribute, empty bool, err error) {
	for {
		before := p.at
		for isSpace(p.peek(p.at)) {
			p.at++
		}
		switch {
		case p.at == len(p.s):
			return nil, false, p.endInTag(before == p.at && len(found) == 0)
		case p.s[p.at] == '>':
			p.at++
			return found, false, nil
		case p.s[p.at] == '/':
			if p.peek(p.at+1) != '>' {
				if p.at+1 == len(p.s) {
					return nil, false, p.endInTag(false)
				}
				return nil, false, p.unexpected(p.at+1, ">")
			}
			p.at += 2
			return found, true, nil
		}
		if before == p.at && len(found) == 0 {
			return nil, false, p.fail(p.at, badNameChar(p.s[p.at:], false))
		}
		a, err := p.attribute(before)
		if err != nil {
			return nil, false, err
		}
		found = append(found, a)
		if err := p.declare(&a); err != nil {
			return nil, false, err
		}
	}
}

// endInTag is the error of a text that ends within a start tag.
func (p *parser) endInTag(inName bool) error {
	if inName {
		return p.endOf("Name")
	}
	return p.unclosed()
}

// attribute reads name="value". What stands before it ended at offset before.
func (p *parser) attribute(before int) (a rawAttribute, err error) {
	a.at = p.at
	if r, _ := decode(p.s[p.at:]); isNameStart(r) && before == p.at {
		return a, p.unexpected(p.at)
	}
	end, colon, err := p.qName(p.at)
	if err != nil {
		return a, err
	}
	a.prefix, a.local = p.split(p.at, end, colon)
	for p.at = end; isSpace(p.peek(p.at)); {
		p.at++
	}
	if p.peek(p.at) != '=' {
		return a, p.unexpected(p.at, "=")
	}
	for p.at++; isSpace(p.peek(p.at)); {
		p.at++
	}
	if q := p.peek(p.at); q != '"' && q != '\'' {
		return a, p.unexpected(p.at, `"`, "'")
	}
	a.quote = p.at
	p.at++
	a.value, err = p.attributeValue(p.s[a.quote])
	return a, err
}

// attributeValue reads up to the closing quote.
func (p *parser) attributeValue(quote byte) (string, error) {
	var b strings.Builder
	for p.at < len(p.s) {
		c := p.s[p.at]
		switch {
		case c == quote:
			p.at++
			return b.String(), nil
		case c == '<':
			shown, hex := describe(p.s[p.at:])
			return "", p.fail(p.at, "'"+shown+"', hexadecimal value "+hex+", is an invalid attribute character.")
		case c == '&':
			s, err := p.reference()
			if err != nil {
				return "", err
			}
			b.WriteString(s)
			continue
		case c == '\r' && p.peek(p.at+1) == '\n':
			p.at++
			continue
		case isSpace(c):
			b.WriteByte(' ')
			p.at++
			continue
		}
		r, size := decode(p.s[p.at:])
		if !isChar(r) {
			return "", p.badChar(p.at)
		}
		b.WriteString(p.s[p.at : p.at+size])
		p.at += size
	}
	return "", p.fail(p.at, "There is an unclosed literal string.")
}

// declare binds the prefix that a namespace declaration names, and heeds
// xml:space.
func (p *parser) declare(a *rawAttribute) error {
	prefix, ok := a.declares()
	space := Namespace(a.value)
	switch {
	case a.prefix == "xml" && a.local == "space":
		switch strings.Trim(a.value, " \t\r\n") {
		case "preserve":
			p.preserve = true
		case "default":
			p.preserve = false
		default:
			return p.fail(a.at, "'"+a.value+"' is an invalid xml:space value.")
		}
		return nil
	case !ok:
		return nil
	case a.prefix != "" && space == "":
		return p.fail(a.quote, "Invalid namespace declaration.")
	case prefix == "xml" && space != XMLNamespace:
		return p.fail(a.at, `Prefix "xml" is reserved for use by XML and can be mapped only to namespace name "http://www.w3.org/XML/1998/namespace".`)
	case prefix == "xmlns":
		return p.fail(a.at, `Prefix "xmlns" is reserved for use by XML.`)
	case space == XMLNamespace && prefix != "xml", space == XMLNSNamespace:
		return p.fail(a.quote+1, "Prefix '"+prefix+`' cannot be mapped to namespace name reserved for "xml" or "xmlns".`)
	}
	old, bound := p.spaces[prefix]
	p.hidden = append(p.hidden, hiddenSpace{prefix, old, bound})
	p.spaces[prefix] = space
	return nil
}

// resolve gives the attributes their namespaces, once the prefixes are known.
func (p *parser) resolve(attributes []rawAttribute) ([]EventAttribute, error) {
	if len(attributes) == 0 {
		return nil, nil
	}
	names := make([]Name, len(attributes))
	for i, a := range attributes {
		switch {
		case a.prefix == "":
			names[i] = Name{"", a.local}
			continue
		}
		space, bound := p.spaces[a.prefix]
		if !bound {
			return nil, p.fail(a.at, "'"+a.prefix+"' is an undeclared prefix.")
		}
		names[i] = Name{space, a.local}
	}
	if i := duplicate(names); i >= 0 {
		a := attributes[i]
		return nil, p.fail(a.at, "'"+qualified(a.prefix, a.local)+"' is a duplicate attribute name.")
	}
	resolved := make([]EventAttribute, len(attributes))
	for i, a := range attributes {
		resolved[i] = EventAttribute{a.prefix, names[i], a.value}
	}
	return resolved, nil
}

// duplicate is the second of two equal names, the first pair's, -1 if there is
// none.
func duplicate(names []Name) int {
	if len(names) < 2 {
		return -1
	}
	first := make(map[Name]int, len(names))
	earliest, second := len(names), -1
	for i, n := range names {
		if j, seen := first[n]; !seen {
			first[n] = i
		} else if j < earliest {
			earliest, second = j, i
		}
	}
	return second
}

// endTag reads </name>.
func (p *parser) endTag() error {
	tag := p.open[len(p.open)-1]
	from := p.at + len("</")
	end := from + len(tag.name)
	if !p.has(from, tag.name) || p.nameGoesOn(end) || p.peek(end) == ':' {
		end, _, err := p.qName(from)
		if err != nil {
			return err
		}
		line, begin := p.line(tag.at)
		return p.fail(from, fmt.Sprintf("The '%s' start tag on line %d position %d does not match the end tag of '%s'.",
			tag.name, line, 1+dotnet.Length(p.s[begin:tag.at]), p.s[from:end]))
	}
	for isSpace(p.peek(end)) {
		end++
	}
	switch {
	case end == len(p.s):
		return p.unclosed()
	case p.s[end] != '>':
		return p.unexpected(end, ">")
	}
	p.at = end + 1
	p.emit(Event{Kind: EndElementNode, Prefix: tag.prefix, Name: tag.expanded, at: from})
	p.close()
	return nil
}

// references are the entities that XML itself defines.
var references = []struct{ name, text string }{{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", `"`}, {"&apos;", "'"}}

// reference reads &name; or &#number;.
func (p *parser) reference() (string, error) {
	if p.peek(p.at+1) == '#' {
		return p.numeric()
	}
	if i := slices.IndexFunc(references, func(r struct{ name, text string }) bool { return p.has(p.at, r.name) }); i >= 0 {
		p.at += len(references[i].name)
		return references[i].text, nil
	}
	from := p.at + 1
	end, _, err := p.qName(from)
	switch {
	case err != nil:
		return "", p.fail(from, "An error occurred while parsing EntityName.")
	case p.peek(end) != ';':
		return "", p.unexpected(end, ";")
	}
	return "", p.fail(from, "Reference to undeclared entity '"+p.s[from:end]+"'.")
}
