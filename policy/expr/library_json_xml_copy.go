package expr

import (
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

// encodeXMLName is XmlConvert.EncodeName, or EncodeLocalName where a colon is not
// allowed.
func encodeXMLName(name string, colon bool) string {
	var b strings.Builder
	for i, r := range name {
		ok := r == ':' && colon
		if !ok {
			begin := "a"
			if i == 0 {
				begin = ""
			}
			_, err := xlinq.NewName("", begin+string(r))
			ok = err == nil && !(r == '_' && isEncoded(name[i:]))
		}
		if ok {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "_x%04X_", r)
		}
	}
	return b.String()
}

// isEncoded tells whether s begins with what is encoded already: _x0020_.
func isEncoded(s string) bool { return len(s) >= 7 && decodeXMLName(s[:7]) != s[:7] }

// copyToXLinq adds the children of n to a container of LINQ to XML.
func copyToXLinq(n *xmldom.Node, to xlinq.Container) error {
	for _, c := range n.Children() {
		var piece any
		switch c.Kind() {
		case xlinq.DeclarationNode:
			to.(*xlinq.Document).Declaration = c.Declaration
			continue
		case xlinq.CommentNode:
			piece = xlinq.NewComment(c.InnerText())
		case xlinq.CDATANode:
			piece = xlinq.NewCData(c.InnerText())
		case xlinq.InstructionNode:
			p, err := xlinq.NewInstruction(c.Name(), c.InnerText())
			if err != nil {
				return err
			}
			piece = p
		case xlinq.ElementNode:
			e, err := elementToXLinq(c)
			if err != nil {
				return err
			}
			piece = e
		default:
			piece = c.InnerText()
		}
		if err := xlinq.Add(to, piece); err != nil {
			return err
		}
	}
	return nil
}

func elementToXLinq(n *xmldom.Node) (*xlinq.Element, error) {
	name, err := nameToXLinq(n)
	if err != nil {
		return nil, err
	}
	e := xlinq.NewElement(name)
	for _, a := range n.Attributes() {
		name, err := nameToXLinq(a)
		if err != nil {
			return nil, err
		}
		attribute, err := xlinq.NewAttribute(name, a.InnerText())
		if err != nil {
			return nil, err
		}
		if err := xlinq.Add(e, attribute); err != nil {
			return nil, err
		}
	}
	return e, copyToXLinq(n, e)
}

func nameToXLinq(n *xmldom.Node) (xlinq.Name, error) {
	space := n.NamespaceURI()
	switch {
	case n.Prefix() != "" && space == "":
		return xlinq.ParseName(n.Name()) // refused, for its colon
	case n.Name() == "xmlns":
		space = ""
	}
	return xlinq.NewName(xlinq.Namespace(space), n.LocalName())
}
