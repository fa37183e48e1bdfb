package expr

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

// JsonConvert's XML: what XmlNodeConverter makes of XML.

var _ = extend("Newtonsoft.Json.JsonConvert", func() []memberDecl {
	return []memberDecl{
		member("static string SerializeXNode(XObject node)", serializeXML),
		member("static string SerializeXNode(XObject node, Formatting formatting)", serializeXML),
		member("static string SerializeXNode(XObject node, Formatting formatting, bool omitRootObject)", serializeXML),
		member("static string SerializeXmlNode(XmlNode node)", serializeXML),
		member("static string SerializeXmlNode(XmlNode node, Formatting formatting)", serializeXML),
		member("static string SerializeXmlNode(XmlNode node, Formatting formatting, bool omitRootObject)", serializeXML),
		member("static XDocument DeserializeXNode(string value)", deserializeXNode),
		member("static XDocument DeserializeXNode(string value, string deserializeRootElementName)", deserializeXNode),
		member("static XDocument DeserializeXNode(string value, string deserializeRootElementName, bool writeArrayAttribute)", deserializeXNode),
		member("static XDocument DeserializeXNode(string value, string deserializeRootElementName, bool writeArrayAttribute, bool encodeSpecialCharacters)", deserializeXNode),
		member("static XmlDocument DeserializeXmlNode(string value)", deserializeXML),
		member("static XmlDocument DeserializeXmlNode(string value, string deserializeRootElementName)", deserializeXML),
		member("static XmlDocument DeserializeXmlNode(string value, string deserializeRootElementName, bool writeArrayAttribute)", deserializeXML),
		member("static XmlDocument DeserializeXmlNode(string value, string deserializeRootElementName, bool writeArrayAttribute, bool encodeSpecialCharacters)", deserializeXML),
	}
})

// jsonSpace is the namespace of attributes that tell of JSON.
const jsonSpace = "http://james.newtonking.com/projects/json"

const xmlnsSpace = string(xlinq.XMLNSNamespace)

// xmlPiece is a node as XmlNodeConverter sees it, be it an XObject or an XmlNode.
type xmlPiece struct {
	kind                 xlinq.NodeType
	local, space, value  string
	empty                bool
	attributes, children []*xmlPiece
	parts                []xmlPart // of declarations and document types
}

type xmlPart struct {
	name  string
	value any
}

func serializeXML(m *Machine, a []any) (any, error) {
	if a[0] == nil {
		return "null", nil
	}
	format := newtonsoft.Compact
	if len(a) > 1 {
		format = newtonsoft.Formatting(a[1].(EnumObject).Value)
	}
	s, err := m.xmlAsJSON(a[0], format, len(a) > 2 && a[2].(bool))
	if err != nil {
		return nil, err
	}
	return writeText(m, s)
}

// xmlAsJSON writes an XObject or XmlNode, as an object of one property unless
// omit.
func (m *Machine) xmlAsJSON(v any, format newtonsoft.Formatting, omit bool) (string, error) {
	w := &newtonsoft.Writer{Formatting: format}
	s := &xmlSerializer{w: w, names: newNamespaceManager()}
	var top *xmlPiece
	var size int
	switch n := v.(type) {
	case xlinq.Object:
		if node, ok := n.(xlinq.Node); ok {
			size = xlinq.Size(node)
		}
		s.around(xlinqAround(n))
		top = xlinqPiece(n)
	case *xmldom.Node:
		size = n.Size()
		s.around(domAround(n))
		top = domPiece(n)
	}
	if err := m.Spend(4 * size); err != nil {
		return "", err
	}
	if err := m.Allocate(200 * size); err != nil {
		return "", err
	}
	if !omit {
		w.Open("{")
	}
	s.node(top, !omit)
	if !omit {
		w.Close('}')
	}
	return w.String(), nil
}

// xmlToken is an XObject or XmlNode as a token: comments are lost.
func (m *Machine) xmlToken(v any) (newtonsoft.Token, error) {
	s, err := m.xmlAsJSON(v, newtonsoft.Compact, false)
	if err != nil {
		return nil, err
	}
	return newtonsoft.Parse(s, newtonsoft.ParseOptions{KeepDates: true})
}

// xmlOfJSON are the types that JSON is turned into XML for.
var xmlOfJSON = map[string]bool{"System.Xml.Linq.XDocument": true, "System.Xml.Linq.XElement": true, "System.Xml.Linq.XNode": true, "System.Xml.XmlDocument": true}

// xmlOf makes XML of a token.
func (m *Machine) xmlOf(t newtonsoft.Token, to *Type, raw bool) (any, error) {
	if raw {
		t = withDates(t)
	}
	d := &xmlDeserializer{m: m, linq: to.def.Name != "System.Xml.XmlDocument"}
	doc, err := d.document(t, "")
	if doc == nil || err != nil {
		return nil, err
	}
	if !d.linq {
		return doc, nil
	}
	x := xlinq.NewDocument()
	if err := copyToXLinq(doc, x); err != nil || to.def.Name != "System.Xml.Linq.XElement" {
		return x, err
	}
	root := x.Root()
	return root, xlinq.Remove(root)
}

func newNamespaceManager() *namespaceManager {
	return &namespaceManager{bindings: []namespaceBinding{{"xmlns", xmlnsSpace}, {"xml", string(xlinq.XMLNamespace)}}}
}

// xmlSerializer writes XML as JSON.
type xmlSerializer struct {
	w     *newtonsoft.Writer
	names *namespaceManager
	// policy, if set, is what the policy xml-to-json does otherwise.
	policy *XMLToJSON
}

func (s *xmlSerializer) around(declared []namespaceBinding) {
	s.names.bindings = append(s.names.bindings, declared...)
}

// node writes a node; named says that its name is written, too.
func (s *xmlSerializer) node(p *xmlPiece, named bool) {
	switch p.kind {
	case xlinq.DocumentNode, xlinq.FragmentNode:
		s.grouped(p, named)
	case xlinq.ElementNode:
		if p.isArray() && p.allSameName() && len(p.children) > 0 {
			s.grouped(p, false)
			return
		}
		scope := len(s.names.bindings)
		for _, a := range p.attributes {
			if a.space == xmlnsSpace {
				prefix := ""
				if a.local != "xmlns" {
					prefix = decodeXMLName(a.local)
				}
				s.names.bindings = append(s.names.bindings, namespaceBinding{prefix, a.value})
			}
		}
		if named {
			s.w.Name(s.name(p))
		}
		s.element(p)
		s.names.bindings = s.names.bindings[:scope]
	case xlinq.CommentNode:
		if named {
			s.w.Token(newtonsoft.NewComment(p.value))
		}
	case xlinq.DeclarationNode, xlinq.DocumentTypeNode:
		if s.policy != nil && p.kind == xlinq.DeclarationNode {
			s.declaration(p)
			return
		}
		s.w.Name(s.name(p))
		s.w.Open("{")
		for _, part := range p.parts {
			if text(part.value) != "" {
				s.w.Name(part.name)
				s.w.Value(part.value)
			}
		}
		s.w.Close('}')
	default:
		if p.space == xmlnsSpace && p.value == jsonSpace || p.space == jsonSpace && p.local == "Array" {
			return
		}
		if named {
			s.w.Name(s.name(p))
		}
		s.w.Value(p.value)
	}
}

func (s *xmlSerializer) element(p *xmlPiece) {
	switch {
	case !p.valued() && len(p.children) == 1 && p.children[0].kind == xlinq.TextNode:
		s.w.Value(p.children[0].value)
	case len(p.children) == 0 && len(p.attributes) == 0 && p.empty:
		s.w.Value(nil)
	case len(p.children) == 0 && len(p.attributes) == 0:
		s.w.Value("")
	default:
		s.w.Open("{")
		for _, a := range p.attributes {
			s.node(a, true)
		}
		s.grouped(p, true)
		s.w.Close('}')
	}
}

// valued tells whether there are attributes other than those that tell of JSON.
func (p *xmlPiece) valued() bool {
	return slices.ContainsFunc(p.attributes, func(a *xmlPiece) bool {
		return a.space != jsonSpace && !(a.space == xmlnsSpace && a.value == jsonSpace)
	})
}

func (p *xmlPiece) isArray() bool {
	for _, a := range p.attributes {
		if a.local == "Array" && a.space == jsonSpace {
			is, err := xlinq.ToBoolean(a.value)
			return is && err == nil
		}
	}
	return false
}

func (p *xmlPiece) allSameName() bool {
	return !slices.ContainsFunc(p.children, func(c *xmlPiece) bool { return c.local != p.local })
}

// grouped writes a node's children, those of one name as an array.
func (s *xmlSerializer) grouped(p *xmlPiece, named bool) {
	var order []string
	groups := make(map[string][]*xmlPiece)
	for _, c := range p.children {
		name := s.name(c)
		if groups[name] == nil {
			order = append(order, name)
		}
		groups[name] = append(groups[name], c)
	}
	for _, name := range order {
		group := groups[name]
		if len(group) == 1 && !group[0].isArray() && !s.policy.wantsArray(p, group[0]) {
			s.node(group[0], named)
			continue
		}
		if named {
			s.w.Name(name)
		}
		s.w.Open("[")
		for _, c := range group {
			s.node(c, false)
		}
		s.w.Close(']')
	}
}

// name is the property that a node becomes.
func (s *xmlSerializer) name(p *xmlPiece) string {
	if s.policy != nil {
		return s.policyName(p)
	}
	return s.usualName(p)
}

func (s *xmlSerializer) usualName(p *xmlPiece) string {
	switch p.kind {
	case xlinq.AttributeNode:
		if p.space == jsonSpace {
			return "$" + p.local
		}
		return "@" + s.full(p)
	case xlinq.CDATANode:
		return "#cdata-section"
	case xlinq.CommentNode:
		return "#comment"
	case xlinq.InstructionNode, xlinq.DeclarationNode:
		return "?" + s.full(p)
	case xlinq.DocumentTypeNode:
		return "!" + s.full(p)
	case xlinq.TextNode:
		return "#text"
	case xlinq.WhitespaceNode:
		return "#whitespace"
	case xlinq.SignificantWhitespaceNode:
		return "#significant-whitespace"
	}
	if p.space == jsonSpace {
		return "$" + p.local
	}
	return s.full(p)
}

// full is a name with the prefix that its namespace has here.
func (s *xmlSerializer) full(p *xmlPiece) string {
	local := decodeXMLName(p.local)
	if p.local == "xmlns" && p.space == xmlnsSpace {
		return local
	}
	if prefix := text(s.names.prefix(p.space)); prefix != "" {
		return prefix + ":" + local
	}
	return local
}

// decodeXMLName is XmlConvert.DecodeName: _x0020_ is a space.
func decodeXMLName(name string) string {
	for from := 0; ; {
		i := strings.Index(name[from:], "_x")
		if i < 0 || from+i+7 > len(name) {
			return name
		}
		i += from
		hex, code := name[i+2:i+6], 0
		for _, c := range []byte(strings.ToLower(hex)) {
			d := strings.IndexByte("0123456789abcdef", c)
			if code = code<<4 | d; d < 0 {
				code = -1
				break
			}
		}
		if code < 0 || name[i+6] != '_' {
			from = i + 2
			continue
		}
		decoded := dotnet.FromUnits([]uint16{uint16(code)})
		name = name[:i] + decoded + name[i+7:]
		from = i + len(decoded)
	}
}
