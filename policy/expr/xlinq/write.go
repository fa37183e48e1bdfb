package xlinq

import "strings"

// SaveOptions is System.Xml.Linq.SaveOptions: flags.
type SaveOptions uint8

// The members of SaveOptions.
const (
	DisableFormatting       SaveOptions = 1
	OmitDuplicateNamespaces SaveOptions = 2
)

// Write is ToString(options) of a node. It tells allocate, if that is not nil,
// how many bytes it is going to write; an error of allocate stops it.
func Write(n Node, options SaveOptions, allocate func(bytes int) error) (string, error) {
	if allocate == nil {
		allocate = func(int) error { return nil }
	}
	w := &writer{indented: options&DisableFormatting == 0, allocate: allocate}
	w.scope.init(options&OmitDuplicateNamespaces != 0)
	_, isText := n.(*CharacterData)
	w.fragment = isText
	var err error
	switch n := n.(type) {
	case *Document:
		for c := First(n); c != nil && err == nil; c = Next(c) {
			err = w.tree(c)
		}
	default:
		w.scope.pushAncestors(n)
		err = w.tree(n)
	}
	return w.out.String(), err
}

// Text is part of Object.
func (d *Document) Text() (string, error) { return Write(d, 0, nil) }

// Text is part of Object.
func (e *Element) Text() (string, error) { return Write(e, 0, nil) }

// Text is part of Object.
func (t *CharacterData) Text() (string, error) { return Write(t, 0, nil) }

// Text is part of Object.
func (c *Comment) Text() (string, error) { return Write(c, 0, nil) }

// Text is part of Object.
func (p *Instruction) Text() (string, error) { return Write(p, 0, nil) }

// Text is part of Object.
func (d *DocumentType) Text() (string, error) { return Write(d, 0, nil) }

// Text is part of Object: name="value".
func (a *Attribute) Text() (string, error) {
	w := &writer{allocate: func(int) error { return nil }}
	prefix, bound := "", a.name.Space == ""
	if !bound {
		prefix, bound = a.parent.PrefixOfNamespace(a.name.Space)
	}
	w.scope.init(false)
	if !bound {
		prefix = w.scope.generate()
	}
	w.out.WriteString(qualified(prefix, a.name.Local) + `="`)
	err := w.attributeText(a.value)
	w.out.WriteByte('"')
	return w.out.String(), err
}

// writer is .NET's indenting XmlWriter. Text within an element turns off the
// indentation for the rest of it.
type writer struct {
	out      strings.Builder
	scope    scope
	indented bool
	fragment bool
	allocate func(int) error

	mixed  bool   // text was written in the current element
	outers []bool // mixed of the elements around it
	names  []string
}

// tree writes a node with its content.
func (w *writer) tree(root Node) error {
	for n := root; ; {
		e, isElement := n.(*Element)
		if !isElement {
			if err := w.leaf(n); err != nil {
				return err
			}
		} else if err := w.start(e); err != nil {
			return err
		} else if e.first != nil {
			n = e.first
			continue
		} else {
			w.end(e)
		}
		for n != root && Next(n) == nil {
			n = n.base().parent
			w.end(n.(*Element))
		}
		if n == root {
			return nil
		}
		n = Next(n)
	}
}

func (w *writer) indent() {
	if !w.indented || w.mixed || w.out.Len() == 0 {
		return
	}
	w.out.WriteByte('\n')
	for range w.names {
		w.out.WriteString("  ")
	}
}

// start writes a start tag, an empty-element tag for an element without content.
func (w *writer) start(e *Element) error {
	if err := w.allocate(2*len(w.names) + 2*len(e.name.Local) + 8); err != nil {
		return err
	}
	w.indent()
	w.scope.push(e)
	prefix, err := w.scope.element(e.name.Space)
	if err != nil {
		return err
	}
	name := qualified(prefix, e.name.Local)
	w.outers, w.names = append(w.outers, w.mixed), append(w.names, name)
	if len(w.names) == 1 && !w.fragment {
		w.mixed = false
	}
	w.out.WriteString("<" + name)
	for a := e.firstAttr; a != nil; a = a.next {
		if err := w.attribute(a); err != nil {
			return err
		}
	}
	for _, d := range w.scope.undeclared() {
		w.out.WriteString(" " + declarationName(d.prefix) + `="`)
		if err := w.attributeText(string(d.space)); err != nil {
			return err
		}
		w.out.WriteByte('"')
	}
	if e.IsEmpty() {
		w.out.WriteString(" />")
		return nil
	}
	w.out.WriteByte('>')
	w.mixed = w.mixed || e.filled
	return nil
}

func declarationName(prefix string) string {
	if prefix == "" {
		return "xmlns"
	}
	return "xmlns:" + prefix
}

func qualified(prefix, local string) string {
	if prefix == "" {
		return local
	}
	return prefix + ":" + local
}

func (w *writer) attribute(a *Attribute) error {
	if a.IsNamespaceDeclaration() {
		prefix, space := a.declares()
		written, err := w.scope.declare(prefix, space)
		if !written || err != nil {
			return err
		}
		w.out.WriteString(" " + declarationName(prefix) + `="`)
	} else {
		prefix, err := w.scope.attribute(a.name.Space)
		if err != nil {
			return err
		}
		w.out.WriteString(" " + qualified(prefix, a.name.Local) + `="`)
	}
	if err := w.attributeText(a.value); err != nil {
		return err
	}
	w.out.WriteByte('"')
	return nil
}

// end writes the end tag, if the element has content.
func (w *writer) end(e *Element) {
	last := len(w.names) - 1
	name := w.names[last]
	w.names = w.names[:last]
	if !e.IsEmpty() {
		w.indent()
		w.out.WriteString("</" + name + ">")
	}
	w.mixed, w.outers = w.outers[last], w.outers[:last]
	w.scope.pop()
}

// leaf writes a node that is no element.
func (w *writer) leaf(n Node) error {
	switch n := n.(type) {
	case *CharacterData:
		w.mixed = true
		if n.cdata {
			return w.between("<![CDATA[", strings.ReplaceAll(n.Value, "]]>", "]]]]><![CDATA[>"), "]]>")
		}
		return w.text(n.Value)
	case *Comment:
		w.indent()
		return w.between("<!--", separateDashes(n.Value), "-->")
	case *Instruction:
		w.indent()
		data := strings.ReplaceAll(n.Data, "?>", "? >")
		if data != "" {
			data = " " + data
		}
		return w.between("<?"+n.target, data, "?>")
	case *DocumentType:
		w.indent()
		return w.documentType(n)
	}
	return nil
}

// separateDashes puts spaces where a comment can't have dashes.
func separateDashes(s string) string {
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "- -")
	}
	if strings.HasSuffix(s, "-") {
		s += " "
	}
	return s
}

func (w *writer) documentType(d *DocumentType) error {
	w.out.WriteString("<!DOCTYPE " + d.Name)
	public, hasPublic := d.PublicID.(string)
	system, hasSystem := d.SystemID.(string)
	switch {
	case hasPublic:
		w.out.WriteString(` PUBLIC "` + public + `" "` + system + `"`)
	case hasSystem:
		w.out.WriteString(` SYSTEM "` + system + `"`)
	default:
		w.out.WriteByte(' ')
	}
	if subset, ok := d.InternalSubset.(string); ok {
		return w.between("[", subset, "]>")
	}
	w.out.WriteByte('>')
	return nil
}
