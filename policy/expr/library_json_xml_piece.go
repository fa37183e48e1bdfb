package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xmldom"
)

// xlinqAround are the namespace declarations of the elements around an object,
// the outermost first.
func xlinqAround(o xlinq.Object) []namespaceBinding {
	var found []namespaceBinding
	for e := o.Parent(); e != nil; e = e.Parent() {
		var own []namespaceBinding
		for a := e.FirstAttribute(); a != nil; a = a.Next() {
			if a.Name().Space == xlinq.XMLNSNamespace {
				own = append(own, namespaceBinding{a.Name().Local, a.Value()})
			}
		}
		found = append(own, found...)
	}
	return found
}

func domAround(n *xmldom.Node) []namespaceBinding {
	var found []namespaceBinding
	for e := n.ParentNode(); e != nil; e = e.ParentNode() {
		var own []namespaceBinding
		for _, a := range e.Attributes() {
			if a.NamespaceURI() == xmlnsSpace && a.LocalName() != "xmlns" {
				own = append(own, namespaceBinding{a.LocalName(), a.InnerText()})
			}
		}
		found = append(own, found...)
	}
	return found
}

func xlinqPiece(o xlinq.Object) *xmlPiece {
	p := &xmlPiece{kind: o.NodeType()}
	switch o := o.(type) {
	case *xlinq.Document:
		if d := o.Declaration; d != nil {
			p.children = append(p.children, declarationPiece(d))
		}
	case *xlinq.Element:
		p.local, p.space, p.empty = o.Name().Local, string(o.Name().Space), o.IsEmpty()
		for a := o.FirstAttribute(); a != nil; a = a.Next() {
			p.attributes = append(p.attributes, xlinqPiece(a))
		}
		p.declareOwn(o)
	case *xlinq.Attribute:
		p.local, p.space, p.value = o.Name().Local, string(o.Name().Space), o.Value()
	case *xlinq.CharacterData:
		p.value = o.Value
	case *xlinq.Comment:
		p.value = o.Value
	case *xlinq.Instruction:
		p.local, p.value = o.Target(), o.Data
	case *xlinq.DocumentType:
		p.documentType(o)
	}
	if c, ok := o.(xlinq.Container); ok {
		for n := xlinq.First(c); n != nil; n = xlinq.Next(n) {
			p.children = append(p.children, xlinqPiece(n))
		}
	}
	return p
}

// declareOwn adds the declaration of an element's namespace where no attribute
// around has one.
func (p *xmlPiece) declareOwn(e *xlinq.Element) {
	space := e.Name().Space
	if space == "" || e.Parent() != nil && e.Parent().Name().Space == space {
		return
	}
	if prefix, _ := e.PrefixOfNamespace(space); prefix != "" {
		return
	}
	for _, a := range p.attributes {
		if a.local == "xmlns" && a.value == string(space) {
			return
		}
	}
	p.attributes = slices.Insert(p.attributes, 0, &xmlPiece{kind: xlinq.AttributeNode, local: "xmlns", value: string(space)})
}

func declarationPiece(d *xlinq.Declaration) *xmlPiece {
	return &xmlPiece{kind: xlinq.DeclarationNode, local: "xml", parts: []xmlPart{{"@version", d.Version}, {"@encoding", d.Encoding}, {"@standalone", d.Standalone}}}
}

func (p *xmlPiece) documentType(d *xlinq.DocumentType) {
	p.local = "DOCTYPE"
	p.parts = []xmlPart{{"@name", d.Name}, {"@public", d.PublicID}, {"@system", d.SystemID}, {"@internalSubset", d.InternalSubset}}
}

func domPiece(n *xmldom.Node) *xmlPiece {
	p := &xmlPiece{kind: n.Kind(), local: n.LocalName(), space: n.NamespaceURI(), empty: n.IsEmpty()}
	p.value, _ = n.Value()
	switch n.Kind() {
	case xlinq.DeclarationNode:
		return declarationPiece(n.Declaration)
	case xlinq.DocumentTypeNode:
		p.documentType(n.DocumentType)
	case xlinq.AttributeNode:
		return p
	}
	for _, a := range n.Attributes() {
		p.attributes = append(p.attributes, domPiece(a))
	}
	for _, c := range n.Children() {
		p.children = append(p.children, domPiece(c))
	}
	return p
}
