package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

var _ = declare("class System.Xml.Linq.XDocument : System.Xml.Linq.XContainer", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return xlinq.NewDocument(), nil }),
		member("new(XDocument other)", copyOf),
		member("new(params object[] content)", func(m *Machine, a []any) (any, error) { return newXDocument(m, nil, a[0]) }),
		member("new(XDeclaration declaration, params object[] content)", func(m *Machine, a []any) (any, error) { return newXDocument(m, a[0], a[1]) }),
		member("XElement Root { get; }", func(_ *Machine, a []any) (any, error) { return objectOrNull(a[0].(*xlinq.Document).Root()), nil }),
		member("XDocumentType DocumentType { get; }", func(_ *Machine, a []any) (any, error) {
			return objectOrNull(a[0].(*xlinq.Document).DocumentType()), nil
		}),
		member("XDeclaration Declaration { get; set; }", func(_ *Machine, a []any) (any, error) { return objectOrNull(a[0].(*xlinq.Document).Declaration), nil },
			func(_ *Machine, a []any) (any, error) {
				a[0].(*xlinq.Document).Declaration, _ = a[1].(*xlinq.Declaration)
				return nil, nil
			}),
		member("static XDocument Parse(string text)", parseXDocument),
		member("static XDocument Parse(string text, LoadOptions options)", parseXDocument),
	}
})

func newXDocument(m *Machine, declaration, content any) (any, error) {
	d := xlinq.NewDocument()
	d.Declaration, _ = declaration.(*xlinq.Declaration)
	return d, m.xmlContent(content, func(piece any) error { return xlinq.Add(d, piece) })
}

func parseXDocument(m *Machine, a []any) (any, error) {
	text, options, err := parseXML(m, a)
	if err != nil {
		return nil, err
	}
	d, err := xlinq.ParseDocument(text, options)
	if err != nil {
		return nil, err
	}
	return d, nil
}

var _ = declare("class System.Xml.Linq.XDeclaration", func() []memberDecl {
	return []memberDecl{
		member("new(string version, string encoding, string standalone)", func(_ *Machine, a []any) (any, error) {
			return &xlinq.Declaration{Version: a[0], Encoding: a[1], Standalone: a[2]}, nil
		}),
		member("new(XDeclaration other)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("other")
			}
			other := *a[0].(*xlinq.Declaration)
			return &other, nil
		}),
		xmlField("string Version { get; set; }", func(d *xlinq.Declaration) *any { return &d.Version }),
		xmlField("string Encoding { get; set; }", func(d *xlinq.Declaration) *any { return &d.Encoding }),
		xmlField("string Standalone { get; set; }", func(d *xlinq.Declaration) *any { return &d.Standalone }),
		member("string ToString()", xmlText),
	}
})

// xmlField is a property that may be null.
func xmlField[T any](signature string, field func(T) *any) memberDecl {
	return member(signature, func(_ *Machine, a []any) (any, error) { return *field(a[0].(T)), nil },
		func(_ *Machine, a []any) (any, error) {
			*field(a[0].(T)) = a[1]
			return nil, nil
		})
}

// xmlString is a property that must not be null.
func xmlString[T any](signature string, field func(T) *string) memberDecl {
	return member(signature, func(_ *Machine, a []any) (any, error) { return *field(a[0].(T)), nil },
		func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.ArgumentNull("value")
			}
			*field(a[0].(T)) = a[1].(string)
			return nil, nil
		})
}

var _ = declare("class System.Xml.Linq.XText : System.Xml.Linq.XNode", func() []memberDecl {
	return []memberDecl{
		member("new(string value)", ofValue(func(s string) xlinq.Node { return xlinq.NewText(s) })),
		member("new(XText other)", copyOf),
		xmlString("string Value { get; set; }", func(t *xlinq.CharacterData) *string { return &t.Value }),
	}
})

var _ = declare("class System.Xml.Linq.XCData : System.Xml.Linq.XText", func() []memberDecl {
	return []memberDecl{
		member("new(string value)", ofValue(func(s string) xlinq.Node { return xlinq.NewCData(s) })),
		member("new(XCData other)", copyOf),
	}
})

var _ = declare("class System.Xml.Linq.XComment : System.Xml.Linq.XNode", func() []memberDecl {
	return []memberDecl{
		member("new(string value)", ofValue(func(s string) xlinq.Node { return xlinq.NewComment(s) })),
		member("new(XComment other)", copyOf),
		xmlString("string Value { get; set; }", func(c *xlinq.Comment) *string { return &c.Value }),
	}
})

// ofValue is the constructor of a node of one text.
func ofValue(make func(string) xlinq.Node) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		if a[0] == nil {
			return nil, dotnet.ArgumentNull("value")
		}
		return make(a[0].(string)), nil
	}
}

var _ = declare("class System.Xml.Linq.XProcessingInstruction : System.Xml.Linq.XNode", func() []memberDecl {
	return []memberDecl{
		member("new(string target, string data)", func(_ *Machine, a []any) (any, error) {
			switch {
			case a[1] == nil:
				return nil, dotnet.ArgumentNull("data")
			case a[0] == nil:
				return nil, dotnet.ArgumentNull("target")
			}
			p, err := xlinq.NewInstruction(a[0].(string), a[1].(string))
			if err != nil {
				return nil, err
			}
			return p, nil
		}),
		member("new(XProcessingInstruction other)", copyOf),
		xmlString("string Data { get; set; }", func(p *xlinq.Instruction) *string { return &p.Data }),
		member("string Target { get; set; }", func(_ *Machine, a []any) (any, error) { return a[0].(*xlinq.Instruction).Target(), nil },
			func(_ *Machine, a []any) (any, error) {
				if a[1] == nil {
					return nil, dotnet.ArgumentNull("target")
				}
				return nil, a[0].(*xlinq.Instruction).SetTarget(a[1].(string))
			}),
	}
})

var _ = declare("class System.Xml.Linq.XDocumentType : System.Xml.Linq.XNode", func() []memberDecl {
	return []memberDecl{
		member("new(string name, string publicId, string systemId, string internalSubset)", func(_ *Machine, a []any) (any, error) {
			return xlinq.NewDocumentType(text(a[0]), a[1], a[2], a[3])
		}),
		member("new(XDocumentType other)", copyOf),
		member("string Name { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*xlinq.DocumentType).Name, nil }),
		xmlField("string PublicId { get; set; }", func(d *xlinq.DocumentType) *any { return &d.PublicID }),
		xmlField("string SystemId { get; set; }", func(d *xlinq.DocumentType) *any { return &d.SystemID }),
		xmlField("string InternalSubset { get; set; }", func(d *xlinq.DocumentType) *any { return &d.InternalSubset }),
	}
})
