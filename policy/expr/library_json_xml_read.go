package expr

import (
	"encoding/base64"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

// xmlDeserializer makes XML of JSON, as XmlNodeConverter does.
type xmlDeserializer struct {
	m      *Machine
	doc    *xmldom.Node
	names  *namespaceManager
	array  bool // an array of one element is marked so
	encode bool // special characters are encoded, not given a meaning
	linq   bool // it becomes an XDocument
}

// deserializeXML is JsonConvert.DeserializeXmlNode.
func deserializeXML(m *Machine, a []any) (any, error) {
	d, err := readXMLOfJSON(m, a, false)
	return objectOrNull(d), err
}

// deserializeXNode is JsonConvert.DeserializeXNode.
func deserializeXNode(m *Machine, a []any) (any, error) {
	d, err := readXMLOfJSON(m, a, true)
	if d == nil || err != nil {
		return nil, err
	}
	to := xlinq.NewDocument()
	if err := copyToXLinq(d, to); err != nil {
		return nil, err
	}
	return to, nil
}

func readXMLOfJSON(m *Machine, a []any, linq bool) (*xmldom.Node, error) {
	if a[0] == nil {
		return nil, dotnet.ArgumentNull("value")
	}
	s, err := jsonText(m, a[0])
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	t, err := newtonsoft.Parse(s, newtonsoft.ParseOptions{})
	if err != nil {
		return nil, err
	}
	d := &xmlDeserializer{m: m, linq: linq}
	if len(a) > 2 {
		d.array = a[2].(bool)
	}
	if len(a) > 3 {
		d.encode = a[3].(bool)
	}
	return d.document(t, text(optional(a, 1)))
}

// document is the document that a token becomes; root names its element if it is
// not "".
func (d *xmlDeserializer) document(t newtonsoft.Token, root string) (*xmldom.Node, error) {
	o, ok := t.(*newtonsoft.Object)
	if !ok {
		if t.Type() == newtonsoft.NullType {
			return nil, nil
		}
		return nil, serializationError("XmlNodeConverter can only convert JSON that begins with an object. Path '', line 1, position 1.")
	}
	if err := d.m.Allocate(200 * sizeOf(t)); err != nil {
		return nil, err
	}
	d.doc, d.names = xmldom.NewDocument(), newNamespaceManager()
	if root != "" {
		return d.doc, d.element(d.doc, root, o)
	}
	return d.doc, d.properties(d.doc, o.Children())
}

// properties makes nodes of an object's properties.
func (d *xmlDeserializer) properties(into *xmldom.Node, properties []newtonsoft.Token) error {
	for _, t := range properties {
		p, ok := t.(*newtonsoft.Property)
		if !ok {
			continue
		}
		if into == d.doc && d.doc.DocumentElement() != nil {
			return serializationError("JSON root object has multiple properties. The root object must have a single property in order to create a valid XML document. " +
				"Consider specifying a DeserializeRootElementName. Path '" + newtonsoft.Path(p) + "'.")
		}
		elements, ok := p.Value().(*newtonsoft.Array)
		if !ok {
			if err := d.value(into, p.Name(), p.Value()); err != nil {
				return err
			}
			continue
		}
		for _, x := range elements.Children() {
			if err := d.value(into, p.Name(), x); err != nil {
				return err
			}
		}
		if len(elements.Children()) == 1 && d.array {
			if err := d.markArray(into, p.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

// markArray tells by an attribute that the last element is one of an array.
func (d *xmlDeserializer) markArray(into *xmldom.Node, name string) error {
	prefix, local := xmldom.SplitName(name)
	for _, c := range into.Children() {
		if c.Kind() == xlinq.ElementNode && c.LocalName() == local && c.Prefix() == prefix {
			return d.mark(c)
		}
	}
	return nil
}

// mark gives an element the attribute that tells of an array.
func (d *xmlDeserializer) mark(e *xmldom.Node) error {
	a, err := d.doc.Attribute("json", "Array", jsonSpace)
	if err != nil {
		return err
	}
	_ = a.SetValue("true")
	if _, err = e.SetAttribute(a, -1); err != nil || !d.linq || e.PrefixOfNamespace(jsonSpace) != "" {
		return err
	}
	return d.declare(e, "json")
}

// declare binds a prefix to the namespace of JSON at an element.
func (d *xmlDeserializer) declare(e *xmldom.Node, prefix string) error {
	a, err := d.doc.Attribute("xmlns", prefix, xmlnsSpace)
	if err != nil {
		return err
	}
	_ = a.SetValue(jsonSpace)
	_, err = e.SetAttribute(a, -1)
	return err
}

// value makes a node of a property's value.
func (d *xmlDeserializer) value(into *xmldom.Node, name string, v newtonsoft.Token) error {
	if err := d.m.Spend(1); err != nil {
		return err
	}
	if !d.encode {
		kinds := map[string]xlinq.NodeType{"#text": xlinq.TextNode, "#cdata-section": xlinq.CDATANode, "#whitespace": xlinq.WhitespaceNode,
			"#significant-whitespace": xlinq.SignificantWhitespaceNode}
		if kind, ok := kinds[name]; ok {
			s, _, err := d.text(v)
			if err != nil {
				return err
			}
			return into.Insert(d.doc.Text(kind, s), nil)
		}
		if strings.HasPrefix(name, "?") {
			return d.instruction(into, name[1:], v)
		}
	}
	if elements, ok := v.(*newtonsoft.Array); ok {
		return d.nested(into, name, elements)
	}
	return d.element(into, name, v)
}

// nested makes an element of an array within an array.
func (d *xmlDeserializer) nested(into *xmldom.Node, name string, elements *newtonsoft.Array) error {
	if err := d.m.enter(); err != nil {
		return err
	}
	defer d.m.leave()
	e, err := d.newElement(into, name)
	if err != nil {
		return err
	}
	if d.array {
		if err := d.mark(e); err != nil {
			return err
		}
	}
	for _, x := range elements.Children() {
		if err := d.value(e, name, x); err != nil {
			return err
		}
	}
	if len(elements.Children()) == 1 && d.array {
		return d.markArray(e, name)
	}
	return nil
}

// element makes an element of a value; what begins with @ is an attribute.
func (d *xmlDeserializer) element(into *xmldom.Node, name string, v newtonsoft.Token) error {
	if name == "" {
		return serializationError("XmlNodeConverter cannot convert JSON with an empty property name to XML. Path '" + newtonsoft.Path(v) + "'.")
	}
	if err := d.m.enter(); err != nil {
		return err
	}
	defer d.m.leave()
	if !d.encode && name[0] == '@' {
		return d.lateAttribute(into, name, v)
	}
	var rest, attributes []newtonsoft.Token
	scope := len(d.names.bindings)
	o, isObject := v.(*newtonsoft.Object)
	if isObject {
		rest = o.Children()
		if !d.encode {
			attributes, rest = leadingAttributes(rest)
		}
		for _, t := range attributes {
			p := t.(*newtonsoft.Property)
			s, _, err := d.text(p.Value())
			if err != nil {
				return err
			}
			if prefix, ok := declaredPrefix(p.Name()[1:]); ok {
				d.names.bindings = append(d.names.bindings, namespaceBinding{prefix, s})
			}
		}
	}
	e, err := d.newElement(into, name)
	if err != nil {
		return err
	}
	for _, t := range attributes {
		p := t.(*newtonsoft.Property)
		name := p.Name()[1:]
		if p.Name()[0] == '$' {
			if d.names.prefix(jsonSpace) == nil {
				if err := d.declare(e, "json"); err != nil {
					return err
				}
				d.names.bindings = append(d.names.bindings, namespaceBinding{"json", jsonSpace})
			}
			name = text(d.names.prefix(jsonSpace)) + ":" + name
		}
		if err := d.attribute(e, name, p.Value()); err != nil {
			return err
		}
	}
	if isObject {
		err = d.properties(e, rest)
		d.names.bindings = d.names.bindings[:scope]
		return err
	}
	s, present, err := d.text(v)
	if err != nil || !present {
		return err
	}
	return e.Insert(d.doc.Text(xlinq.TextNode, s), nil)
}

// leadingAttributes are the properties that become attributes at the beginning
// of an object, and the rest.
func leadingAttributes(properties []newtonsoft.Token) (attributes, rest []newtonsoft.Token) {
	for i, t := range properties {
		if p, ok := t.(*newtonsoft.Property); !ok || !strings.HasPrefix(p.Name(), "@") && !isMetadata(p.Name()) {
			return properties[:i], properties[i:]
		}
	}
	return properties, nil
}

// isMetadata tells whether a property tells of the object instead of being part
// of it.
func isMetadata(name string) bool {
	return name == "$id" || name == "$ref" || name == "$type" || name == "$value"
}

// declaredPrefix is the prefix that an attribute of that name declares.
func declaredPrefix(name string) (string, bool) {
	if name == "xmlns" {
		return "", true
	}
	return strings.CutPrefix(name, "xmlns:")
}

func (d *xmlDeserializer) lateAttribute(into *xmldom.Node, name string, v newtonsoft.Token) error {
	if into == d.doc {
		return serializationError("JSON root object has property '" + name + "' that will be converted to an attribute. A root object cannot have any attribute properties. " +
			"Consider specifying a DeserializeRootElementName. Path '" + newtonsoft.Path(v) + "'.")
	}
	return d.attribute(into, name[1:], v)
}

func (d *xmlDeserializer) attribute(e *xmldom.Node, name string, v newtonsoft.Token) error {
	s, present, err := d.text(v)
	switch {
	case err != nil:
		return err
	case !present && d.linq:
		return dotnet.ArgumentNull("value")
	}
	prefix, local := xmldom.SplitName(encodeXMLName(name, true))
	space := ""
	if prefix != "" {
		space = text(d.names.namespace(prefix))
	}
	a, err := d.doc.Attribute(prefix, local, space)
	if err != nil {
		return err
	}
	_ = a.SetValue(s)
	_, err = e.SetAttribute(a, -1)
	return err
}

func (d *xmlDeserializer) newElement(into *xmldom.Node, name string) (*xmldom.Node, error) {
	prefix, local := xmldom.SplitName(encodeXMLName(name, !d.encode))
	e, err := d.doc.Element(prefix, local, text(d.names.namespace(prefix)))
	if err != nil {
		return nil, err
	}
	if d.linq && into == d.doc && d.doc.DocumentElement() != nil {
		return nil, dotnet.InvalidOperation("This operation would create an incorrectly structured document.")
	}
	return e, into.Insert(e, nil)
}

// instruction makes a processing instruction, or the XML declaration.
func (d *xmlDeserializer) instruction(into *xmldom.Node, target string, v newtonsoft.Token) error {
	if target != "xml" {
		s, _, err := d.text(v)
		if err != nil {
			return err
		}
		return into.Insert(d.doc.Instruction(target, s), nil)
	}
	part := func(name string) string {
		o, ok := v.(*newtonsoft.Object)
		if !ok || o.Get(name) == nil {
			return ""
		}
		s, _, _ := d.text(o.Get(name))
		return s
	}
	if into != d.doc && d.linq {
		return nil
	}
	n, err := d.doc.NewDeclaration(part("@version"), part("@encoding"), part("@standalone"))
	if err != nil {
		return err
	}
	return into.Insert(n, nil)
}

// text is a value as text in XML; false for null.
func (d *xmlDeserializer) text(t newtonsoft.Token) (string, bool, error) {
	v := newtonsoft.ValueOf(t)
	if v == nil {
		return "", false, serializationError("Cannot get an XML string value from token type '" + startOf(t) + "'. Path '" + newtonsoft.Path(t) + "'.")
	}
	switch held := v.Value().(type) {
	case nil:
		return "", false, nil
	case []byte:
		return base64.StdEncoding.EncodeToString(held), true, nil
	default:
		if s, ok := xlinq.TextOf(held); ok {
			return s, true, nil
		}
		return newtonsoft.Text(v), true, nil
	}
}

func startOf(t newtonsoft.Token) string {
	if t.Type() == newtonsoft.ArrayType {
		return "StartArray"
	}
	return "StartObject"
}
