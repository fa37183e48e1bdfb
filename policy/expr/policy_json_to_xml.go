package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

// JSONToXML is how the policy json-to-xml writes JSON: as Newtonsoft.Json does, once names
// are given the form that it knows.
type JSONToXML struct {
	// KeepDates leaves texts that look like dates as they are.
	KeepDates bool
	// Separator stands between prefix and name of a property. Chosen: only behind a
	// prefix that is declared; elsewhere it is part of the name, or a property such as
	// first_name would become an element of a namespace that is not there.
	Separator string
	// NamespacePrefix begins the names of properties that declare namespaces; "": none do.
	NamespacePrefix string
	// AttributeBlock is the property that holds the attributes of the element it stands
	// in; "": none does.
	AttributeBlock string
}

// rootName is the element around the properties of an object that has not just one.
// Chosen after what users report (policies-2.yaml, json-to-xml).
const rootName = "Document"

// Convert is the XML of a JSON text. The elements of a list follow one another without a
// common root (observed.md 8.6). An error is an exception that says what is wrong with the
// text, or that a limit of m is reached.
func (o *JSONToXML) Convert(m *Machine, text string) (string, error) {
	t, err := newtonsoft.Parse(text, newtonsoft.ParseOptions{KeepDates: o.KeepDates})
	if err != nil {
		return "", err
	}
	if err := m.Spend(4 * sizeOf(t)); err != nil {
		return "", err
	}
	list, ok := t.(*newtonsoft.Array)
	if !ok {
		return o.document(m, t)
	}
	var b strings.Builder
	for _, item := range list.Children() {
		part, err := o.document(m, item)
		if err != nil {
			return "", err
		}
		b.WriteString(part)
	}
	return b.String(), nil
}

func (o *JSONToXML) document(m *Machine, t newtonsoft.Token) (string, error) {
	root := rootName
	if object, ok := t.(*newtonsoft.Object); ok {
		renamed := o.object(object, nil)
		if only := renamed.Children(); len(only) == 1 {
			if _, list := only[0].(*newtonsoft.Property).Value().(*newtonsoft.Array); !list {
				root = ""
			}
		}
		t = renamed
	}
	d := &xmlDeserializer{m: m}
	doc, err := d.document(t, root)
	if doc == nil || err != nil {
		return "", err
	}
	return xmldom.OuterXML(doc), m.Allocate(doc.Size())
}

// value is a token with the properties in it renamed; declared are the prefixes in force.
func (o *JSONToXML) value(t newtonsoft.Token, declared []string) newtonsoft.Token {
	switch t := t.(type) {
	case *newtonsoft.Object:
		return o.object(t, declared)
	case *newtonsoft.Array:
		list := newtonsoft.NewArray()
		for _, item := range t.Children() {
			_ = list.Add(o.value(item, declared)) // a list takes any value
		}
		return list
	}
	return newtonsoft.DeepClone(t)
}

// object is an object as Newtonsoft.Json knows an element: attributes first, with an @.
func (o *JSONToXML) object(t *newtonsoft.Object, declared []string) *newtonsoft.Object {
	properties := t.Children()
	for _, c := range properties {
		if prefix, ok := o.declares(c.(*newtonsoft.Property).Name()); ok && prefix != "" {
			declared = append(declared[:len(declared):len(declared)], prefix)
		}
	}
	object := newtonsoft.NewObject()
	var rest []*newtonsoft.Property
	for _, c := range properties {
		p := c.(*newtonsoft.Property)
		if prefix, ok := o.declares(p.Name()); ok {
			object.Set(strings.TrimSuffix("@xmlns:"+prefix, ":"), newtonsoft.DeepClone(p.Value()))
		} else if block, ok := p.Value().(*newtonsoft.Object); ok && o.AttributeBlock != "" && p.Name() == o.AttributeBlock {
			for _, a := range block.Children() {
				attribute := a.(*newtonsoft.Property)
				object.Set("@"+o.name(attribute.Name(), declared), newtonsoft.DeepClone(attribute.Value()))
			}
		} else {
			rest = append(rest, p)
		}
	}
	for _, p := range rest {
		within := declared
		if inner, ok := p.Value().(*newtonsoft.Object); ok {
			within = o.declaredIn(inner, declared)
		}
		object.Set(o.name(p.Name(), within), o.value(p.Value(), declared))
	}
	return object
}

// declaredIn are the prefixes in force for the name of an element: those that it declares
// itself count.
func (o *JSONToXML) declaredIn(t *newtonsoft.Object, declared []string) []string {
	for _, c := range t.Children() {
		if prefix, ok := o.declares(c.(*newtonsoft.Property).Name()); ok && prefix != "" {
			declared = append(declared[:len(declared):len(declared)], prefix)
		}
	}
	return declared
}

// declares reports whether a property of that name declares a namespace, and for which
// prefix; "" is the default one.
func (o *JSONToXML) declares(name string) (prefix string, ok bool) {
	if o.NamespacePrefix == "" {
		return "", false
	}
	rest, ok := strings.CutPrefix(name, o.NamespacePrefix)
	if !ok || rest == "" {
		return "", ok
	}
	if o.Separator == "" {
		return "", false
	}
	return strings.CutPrefix(rest, o.Separator)
}

// name is the name of a property with a colon between a declared prefix and the rest.
func (o *JSONToXML) name(name string, declared []string) string {
	if o.Separator == "" || o.Separator == ":" {
		return name
	}
	for _, prefix := range declared {
		if rest, ok := strings.CutPrefix(name, prefix+o.Separator); ok && rest != "" {
			return prefix + ":" + rest
		}
	}
	return name
}
