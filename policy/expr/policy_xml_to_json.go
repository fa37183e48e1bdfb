package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// XMLToJSON is how the policy xml-to-json writes a document: as Newtonsoft.Json does but
// for the declaration, whose parts are members of the whole, and for comments, which are
// called $comment (observed.md 8.5, kind direct).
type XMLToJSON struct {
	// Friendly is the kind javascript-friendly. Chosen, since no source shows it: the
	// names can stand behind a dot in JavaScript, so $ begins those of attributes and
	// texts, and _ is between prefix and name.
	Friendly bool
	// Arrays makes an array of each element in another.
	Arrays bool
}

// Convert is the JSON of an XML document. An error is an exception that says what is wrong
// with the text, or that a limit of m is reached.
func (o *XMLToJSON) Convert(m *Machine, text string) (string, error) {
	d, err := xlinq.ParseDocument(text, 0)
	if err != nil {
		return "", err
	}
	size := xlinq.Size(d)
	if err := m.Spend(4 * size); err != nil {
		return "", err
	}
	if err := m.Allocate(200 * size); err != nil {
		return "", err
	}
	w := &newtonsoft.Writer{}
	s := &xmlSerializer{w: w, names: newNamespaceManager(), policy: o}
	w.Open("{")
	s.node(xlinqPiece(d), true)
	w.Close('}')
	return w.String(), nil
}

// wantsArray reports whether an element that stands alone in another becomes an array.
func (o *XMLToJSON) wantsArray(in, element *xmlPiece) bool {
	return o != nil && o.Arrays && in.kind == xlinq.ElementNode && element.kind == xlinq.ElementNode
}

// declaration writes the parts of <?xml?> as members of the whole.
func (s *xmlSerializer) declaration(p *xmlPiece) {
	for _, part := range p.parts {
		if text(part.value) != "" {
			s.w.Name(strings.TrimPrefix(part.name, "@"))
			s.w.Value(part.value)
		}
	}
}

func (s *xmlSerializer) policyName(p *xmlPiece) string {
	if p.kind == xlinq.CommentNode {
		return "$comment"
	}
	name := s.usualName(p)
	if !s.policy.Friendly {
		return name
	}
	if strings.HasPrefix(name, "@") || strings.HasPrefix(name, "#") {
		name = "$" + name[1:]
	}
	return strings.NewReplacer(":", "_", "-", "_").Replace(name)
}
