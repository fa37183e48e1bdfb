package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// What LINQ to XML reads from and writes to.

var (
	_ = extend("System.Xml.Linq.XNode", func() []memberDecl {
		return []memberDecl{
			member("static XNode ReadFrom(XmlReader reader)", func(_ *Machine, a []any) (any, error) {
				if a[0] == nil {
					return nil, dotnet.ArgumentNull("reader")
				}
				return orNothing(a[0].(*readerObject).node())
			}),
		}
	})
	_ = extend("System.Xml.Linq.XElement", func() []memberDecl {
		return []memberDecl{
			member("static XElement Load(System.IO.TextReader textReader)", loadFrom(parseXElement)),
			member("static XElement Load(System.IO.TextReader textReader, LoadOptions options)", loadFrom(parseXElement)),
			member("static XElement Load(XmlReader reader)", func(_ *Machine, a []any) (any, error) {
				if a[0] == nil {
					return nil, dotnet.ArgumentNull("reader")
				}
				r := a[0].(*readerObject)
				if kind, err := r.toContent(); err != nil {
					return nil, err
				} else if kind != xlinq.ElementNode {
					return nil, dotnet.InvalidOperation("The XmlReader must be on a node of type Element instead of a node of type " + enumText(nodeTypeValue(kind).(EnumObject)) + ".")
				}
				n, err := r.node()
				if err != nil {
					return nil, err
				}
				if _, err := r.toContent(); err != nil {
					return nil, err
				}
				if !r.eof {
					return nil, dotnet.InvalidOperation("The XmlReader state should be EndOfFile after this operation.")
				}
				return n, nil
			}),
			member("void Save(System.IO.TextWriter textWriter)", saveXML),
			member("void Save(System.IO.TextWriter textWriter, SaveOptions options)", saveXML),
		}
	})
	_ = extend("System.Xml.Linq.XDocument", func() []memberDecl {
		return []memberDecl{
			member("static XDocument Load(System.IO.TextReader textReader)", loadFrom(parseXDocument)),
			member("static XDocument Load(System.IO.TextReader textReader, LoadOptions options)", loadFrom(parseXDocument)),
			member("void Save(System.IO.TextWriter textWriter)", saveXML),
			member("void Save(System.IO.TextWriter textWriter, SaveOptions options)", saveXML),
		}
	})
	_ = extend("System.Xml.XmlDocument", func() []memberDecl {
		return []memberDecl{
			member("void Load(System.IO.TextReader txtReader)", func(m *Machine, a []any) (any, error) {
				if a[1] == nil {
					return nil, dotnet.ArgumentNull("input")
				}
				s, err := readToEnd(m, a[1:2])
				if err != nil {
					return nil, err
				}
				if err := m.Allocate(16 * len(text(s))); err != nil {
					return nil, err
				}
				return nil, domNode(a[0]).Load(text(s))
			}),
		}
	})
)

// loadFrom reads all of a TextReader, and parses it.
func loadFrom(parse func(*Machine, []any) (any, error)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if a[0] == nil {
			return nil, dotnet.ArgumentNull("input")
		}
		s, err := readToEnd(m, a[:1])
		if err != nil {
			return nil, err
		}
		return parse(m, append([]any{s}, a[1:]...))
	}
}

// saveXML writes a document or an element, an XML declaration before it, which
// tells the encoding of texts.
func saveXML(m *Machine, a []any) (any, error) {
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("output")
	}
	options := xlinq.SaveOptions(0)
	if len(a) > 2 {
		options = xlinq.SaveOptions(a[2].(EnumObject).Value)
	}
	if d, ok := a[0].(*xlinq.Document); ok && d.Root() == nil {
		return nil, dotnet.InvalidOperation("Token EndDocument in state Document would result in an invalid XML document.")
	}
	s, err := xlinq.Write(a[0].(xlinq.Node), options, m.Allocate)
	if err != nil {
		return nil, err
	}
	declaration := xlinq.Declaration{Version: "1.0", Encoding: "utf-16"}
	if d, ok := a[0].(*xlinq.Document); ok && d.Declaration != nil && (d.Declaration.Standalone == "yes" || d.Declaration.Standalone == "no") {
		declaration.Standalone = d.Declaration.Standalone
	}
	head, err := declaration.Text()
	if err != nil {
		return nil, err
	}
	if options&xlinq.DisableFormatting == 0 {
		head += "\n"
	}
	return nil, m.writeTo(a[1], head+s)
}

// writeTo calls a TextWriter's Write(string).
func (m *Machine) writeTo(writer any, s string) error {
	t := DynamicType(writer)
	for _, w := range membersOf(t, "Write") {
		if len(w.Params) == 1 && w.Params[0].Type == basic.string {
			_, err := w.call(m, nil, []any{writer, s})
			return err
		}
	}
	return notSupported("Specified method is not supported.")
}
