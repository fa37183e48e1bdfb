package liquid

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// An XML body. The templates that API Management generates for SOAP services show
// the following: an element's members are its elements, by their names without
// namespace or prefix and without regard to case; a loop over an element goes
// through the elements in it; an element with a text only is that text.
// What they do not show is chosen: several elements of a name are a list; a loop
// over an element with a text only has one round; attributes are members too,
// after the elements, as name or "@name"; the text beside attributes is "#text".

// xmlDocument is the body: its member is the root element.
type xmlDocument struct {
	root      *xlinq.Element
	nilIsNull bool
}

func (d *xmlDocument) value() any { return xmlValue(d.root, d.nilIsNull) }

func (d *xmlDocument) member(_ *run, name string) (any, bool, error) {
	if sameName(d.root.Name().Local, name) {
		return d.value(), true, nil
	}
	return nil, false, nil
}

func (d *xmlDocument) pairs(*run) ([]pair, error) {
	return []pair{{d.root.Name().Local, d.value()}}, nil
}

// xmlText is the text of an element without elements and attributes.
type xmlText string

// xmlElement is any other element.
type xmlElement struct {
	e         *xlinq.Element
	nilIsNull bool
}

const instanceNamespace = "http://www.w3.org/2001/XMLSchema-instance"

// xmlValue is an element as a template sees it.
func xmlValue(e *xlinq.Element, nilIsNull bool) any {
	if a := e.Attribute(xlinq.Name{Space: instanceNamespace, Local: "nil"}); a != nil {
		if v := strings.TrimSpace(a.Value()); v == "true" || v == "1" {
			if nilIsNull {
				return nil
			}
			return xmlText("")
		}
	}
	x := &xmlElement{e, nilIsNull}
	if x.hasElements() || x.attribute(nil) != nil {
		return x
	}
	return xmlText(e.Value())
}

func (x *xmlElement) hasElements() bool {
	for n := xlinq.First(x.e); n != nil; n = xlinq.Next(n) {
		if _, ok := n.(*xlinq.Element); ok {
			return true
		}
	}
	return false
}

// attribute is the first attribute that accept takes, nil all; those of XML
// Schema and declarations of namespaces don't count.
func (x *xmlElement) attribute(accept func(a *xlinq.Attribute) bool) *xlinq.Attribute {
	for a := x.e.FirstAttribute(); a != nil; a = a.Next() {
		if !a.IsNamespaceDeclaration() && a.Name().Space != instanceNamespace && (accept == nil || accept(a)) {
			return a
		}
	}
	return nil
}

// elements calls f with each element in it.
func (x *xmlElement) elements(f func(e *xlinq.Element) (enough bool, err error)) error {
	for n := xlinq.First(x.e); n != nil; n = xlinq.Next(n) {
		if e, ok := n.(*xlinq.Element); ok {
			if enough, err := f(e); enough || err != nil {
				return err
			}
		}
	}
	return nil
}

// each goes through the elements, as values; through the text of an element
// without any.
func (x *xmlElement) each(f func(v any) (enough bool, err error)) error {
	if !x.hasElements() {
		if x.e.Value() != "" {
			_, err := f(x)
			return err
		}
		return nil
	}
	return x.elements(func(e *xlinq.Element) (bool, error) { return f(xmlValue(e, x.nilIsNull)) })
}

// named are the elements of that name.
func (x *xmlElement) named(name string) list {
	var all list
	_ = x.elements(func(e *xlinq.Element) (bool, error) {
		if sameName(e.Name().Local, name) {
			all = append(all, xmlValue(e, x.nilIsNull))
		}
		return false, nil
	})
	return all
}

func (x *xmlElement) member(r *run, name string) (any, bool, error) {
	exact, folded := list(nil), list(nil)
	err := x.elements(func(e *xlinq.Element) (bool, error) {
		switch local := e.Name().Local; {
		case local == name:
			exact = append(exact, xmlValue(e, x.nilIsNull))
		case sameName(local, name):
			folded = append(folded, xmlValue(e, x.nilIsNull))
		}
		return false, r.m.Spend(1)
	})
	if err != nil {
		return nil, false, err
	}
	found := exact
	if found == nil {
		found = folded
	}
	switch len(found) {
	case 0:
	case 1:
		return found[0], true, nil
	default:
		return found, true, r.m.Allocate(16 * len(found))
	}
	if name == "#text" {
		return x.e.Value(), true, nil
	}
	plainName := strings.TrimPrefix(name, "@")
	a := x.attribute(func(a *xlinq.Attribute) bool { return a.Name().Local == plainName })
	if a == nil {
		a = x.attribute(func(a *xlinq.Attribute) bool { return sameName(a.Name().Local, plainName) })
	}
	if a == nil {
		return nil, false, nil
	}
	return a.Value(), true, nil
}

func (x *xmlElement) pairs(r *run) ([]pair, error) {
	var all []pair
	err := x.elements(func(e *xlinq.Element) (bool, error) {
		all = append(all, pair{e.Name().Local, xmlValue(e, x.nilIsNull)})
		return false, r.m.Allocate(40)
	})
	return all, err
}
