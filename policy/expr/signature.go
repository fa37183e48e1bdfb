package expr

import (
	"fmt"
	"strconv"
	"strings"
)

// keywords are C#'s names of types.
var keywords = map[string]string{
	"bool": "System.Boolean", "byte": "System.Byte", "sbyte": "System.SByte", "short": "System.Int16", "ushort": "System.UInt16",
	"int": "System.Int32", "uint": "System.UInt32", "long": "System.Int64", "ulong": "System.UInt64", "char": "System.Char",
	"float": "System.Single", "double": "System.Double", "decimal": "System.Decimal", "string": "System.String", "object": "System.Object",
	"void": "System.Void",
}

var heads = map[string]func(*Def){
	"class":          func(d *Def) { d.Kind = Class },
	"abstract class": func(d *Def) { d.Kind, d.Abstract = Class, true },
	"static class":   func(d *Def) { d.Kind, d.Static = Class, true },
	"struct":         func(d *Def) { d.Kind = Struct },
	"interface":      func(d *Def) { d.Kind = Interface },
	"enum":           func(d *Def) { d.Kind = Enum },
	"flags enum":     func(d *Def) { d.Kind, d.Flags = Enum, true },
	"delegate":       func(d *Def) { d.Kind = Delegate },
}

// make makes the type of a declaration.
func (l *library) make(decl *declaration) *Def {
	head, parents, _ := strings.Cut(decl.head, " :")
	head, parameters, generic := strings.Cut(head, "<")
	kind, known := heads[strings.TrimSuffix(strings.TrimSuffix(head, decl.name.name), " ")]
	if !known {
		panic("expr: the head of a declaration is unreadable: " + decl.head)
	}
	d := &Def{Name: decl.name.name, Values: decl.values, library: l, inherits: parents, declared: decl.members}
	kind(d)
	if !generic {
		return d
	}
	for p := range strings.SplitSeq(strings.TrimSuffix(parameters, ">"), ",") {
		p, variance := strings.TrimSpace(p), 0
		if rest, ok := strings.CutPrefix(p, "out "); ok {
			p, variance = rest, 1
		} else if rest, ok := strings.CutPrefix(p, "in "); ok {
			p, variance = rest, -1
		}
		d.params = append(d.params, newTypeParam(d.Name, p))
		d.variance = append(d.variance, variance)
	}
	return d
}

// readParents reads what stands behind the colon of the type's head.
func (d *Def) readParents() {
	s := &signatureReader{library: d.library, def: d, text: d.inherits}
	for s.space(); !s.end(); s.space() {
		t := s.readType()
		if t.kind == Interface {
			d.interfaces = append(d.interfaces, t)
		} else {
			d.base = t
		}
		s.space()
		s.accept(",")
	}
	if d.base == nil && d.Kind != Interface && d.Name != "System.Object" {
		d.base = d.library.mustLookup(d.usualBase()).of()
	}
}

// usualBase is the base class of a type that names none.
func (d *Def) usualBase() string {
	switch {
	case d.Kind == Enum:
		return "System.Enum"
	case d.Kind == Delegate:
		return "System.Delegate"
	case d.Kind == Struct:
		return "System.ValueType"
	}
	return "System.Object"
}

// signatureReader reads a member's signature.
type signatureReader struct {
	library *library
	def     *Def
	text    string
	at      int
	params  []*Type // type parameters of the method
}

// memberName is the name of the member that a signature declares: what parseSignature finds,
// without reading the rest.
func memberName(signature string) string {
	s := strings.TrimPrefix(signature, "static ")
	switch {
	case strings.HasPrefix(s, "new("):
		return "new"
	case strings.HasPrefix(s, "implicit operator "), strings.HasPrefix(s, "explicit operator "):
		return s[:len("implicit")]
	case strings.Contains(s, " this["):
		return "this"
	}
	if open := strings.IndexByte(s, '('); open >= 0 {
		s = s[:open]
		if i := strings.Index(s, "operator "); i >= 0 {
			return s[i:]
		}
		if strings.HasSuffix(s, ">") { // the type parameters of a generic method
			s = s[:strings.LastIndexByte(s, '<')]
		}
	} else {
		s, _, _ = strings.Cut(s, " {")
	}
	return s[strings.LastIndexByte(s, ' ')+1:]
}

func parseSignature(l *library, d *Def, signature string) *Member {
	s := &signatureReader{library: l, def: d, text: signature}
	m := &Member{Of: d, Signature: signature}
	switch {
	case s.accept("const "):
		m.Kind, m.Static = Constant, true
	case s.accept("static "):
		m.Static = true
	}
	switch {
	case s.accept("new("):
		m.Kind, m.Name, m.Result = Constructor, "new", d.self()
		m.Params = s.readParams(m, ")")
		return m
	case s.accept("implicit operator "), s.accept("explicit operator "):
		m.Kind, m.Name = Conversion, signature[len("static "):len("static implicit")]
		m.Result = s.readType()
		s.expect("(")
		m.Params = s.readParams(m, ")")
		return m
	}
	// A generic method's type parameters are needed before its result is read.
	s.readTypeParams(signature)
	m.TypeParams = s.params
	m.Result = s.readType()
	s.space()
	switch {
	case s.accept("operator "):
		m.Kind = Operator
		open := s.at + strings.IndexByte(s.text[s.at:], '(')
		m.Name, s.at = "operator "+s.text[s.at:open], open+1
		m.Params = s.readParams(m, ")")
	case s.accept("this["):
		m.Kind, m.Name = Indexer, "this"
		m.Params = s.readParams(m, "]")
	default:
		m.Name = s.word()
		if s.accept("<") {
			s.at += strings.IndexByte(s.text[s.at:], '>') + 1
		}
		switch {
		case s.accept("("):
			m.Params = s.readParams(m, ")")
		case m.Kind != Constant:
			m.Kind = Property
		}
	}
	return m
}

// readTypeParams finds the <...> between a method's name and its parameters.
func (s *signatureReader) readTypeParams(signature string) {
	open := strings.Index(signature, ">(") + 1
	if open == 0 || strings.Contains(signature, "operator ") {
		return // of the operator > that is no bracket
	}
	depth, start := 0, open-1
	for ; start >= 0; start-- {
		switch signature[start] {
		case '>':
			depth++
		case '<':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	for name := range strings.SplitSeq(signature[start+1:open-1], ",") {
		s.params = append(s.params, newTypeParam(s.def.Name+"."+signature, strings.TrimSpace(name)))
	}
}

func (s *signatureReader) readParams(m *Member, closing string) []Param {
	var params []Param
	for s.space(); !s.accept(closing); s.space() {
		p := Param{}
		switch {
		case s.accept("this "):
			m.Extension = true
		case s.accept("params "):
			p.Params = true
		case s.accept("out "):
			p.ByRef, p.Out = true, true
		case s.accept("ref "):
			p.ByRef = true
		}
		p.Type = s.readType()
		s.space()
		p.Name = s.word()
		s.space()
		if s.accept("=") {
			s.space()
			p.Optional, p.Default = true, s.literal()
			s.space()
		}
		params = append(params, p)
		s.accept(",")
	}
	return params
}

// literal reads a default value.
func (s *signatureReader) literal() any {
	end := s.at + strings.IndexAny(s.text[s.at:], ",)]")
	text := strings.TrimSpace(s.text[s.at:end])
	s.at = end
	switch text {
	case "null", "default":
		return nil
	case "true":
		return true
	case "false":
		return false
	}
	if unquoted, err := strconv.Unquote(text); err == nil {
		return unquoted
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		panic("expr: default value " + text + " in " + s.text)
	}
	return int32(n)
}

// readType reads a type: name, qualified or not, with type arguments, ? and [],
// or a tuple.
func (s *signatureReader) readType() *Type {
	s.space()
	if s.accept("(") {
		return s.readTuple()
	}
	name := s.word()
	for s.accept(".") {
		name += "." + s.word()
	}
	var args []*Type
	if s.accept("<") {
		for !s.accept(">") {
			args = append(args, s.readType())
			s.space()
			s.accept(",")
		}
	}
	t := s.named(name, args)
	for {
		switch {
		case s.accept("?"):
			t = nullableOf(t)
		case s.accept("[]"):
			t = arrayOf(t, 1)
		case s.accept("[,]"):
			t = arrayOf(t, 2)
		default:
			return t
		}
	}
}

// readTuple reads what follows the ( of (A First, B Second).
func (s *signatureReader) readTuple() *Type {
	var elems []*Type
	var names []string
	for !s.accept(")") {
		elems = append(elems, s.readType())
		s.space()
		names = append(names, s.word())
		s.accept(",")
		s.space()
	}
	return tupleOf(elems, names)
}

func (s *signatureReader) named(name string, args []*Type) *Type {
	for _, params := range [][]*Type{s.params, s.def.params} {
		for _, p := range params {
			if p.name == name && len(args) == 0 {
				return p
			}
		}
	}
	if full, ok := keywords[name]; ok {
		name = full
	}
	if len(args) > 0 && (name == "ValueTuple" || name == "System.ValueTuple") {
		return tupleOf(args, nil)
	}
	d := s.library.lookup(name, len(args))
	if d == nil {
		panic(fmt.Sprintf("expr: %s of %s names the type %s, which is not declared (or several times)", s.text, s.def.Name, defName{name, len(args)}))
	}
	return d.of(args...)
}

func (s *signatureReader) accept(text string) bool {
	if strings.HasPrefix(s.text[s.at:], text) {
		s.at += len(text)
		return true
	}
	return false
}

func (s *signatureReader) expect(text string) {
	if !s.accept(text) {
		panic("expr: " + strconv.Quote(text) + " is missing in " + s.text)
	}
}

func (s *signatureReader) space() {
	for s.at < len(s.text) && s.text[s.at] == ' ' {
		s.at++
	}
}

func (s *signatureReader) end() bool { return s.at >= len(s.text) }

func (s *signatureReader) word() string {
	start := s.at
	for s.at < len(s.text) {
		c := s.text[s.at]
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			break
		}
		s.at++
	}
	return s.text[start:s.at]
}
