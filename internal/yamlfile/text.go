package yamlfile

import "github.com/goccy/go-yaml/ast"

// Text is a scalar with its place in the file.
type Text struct {
	Place
	Value string
}

// DecodeYAML is part of SelfDecoding.
func (t *Text) DecodeYAML(d *Decoder, node ast.Node) {
	if _, ok := node.(ast.ScalarNode); !ok {
		d.Fail(t.Place, "a text is wanted here, not %s", Describe(node))
		return
	}
	t.Value = ScalarText(node)
}

// Or is where the text stands, or where what lacks it stands.
func (t *Text) Or(owner Place) Place {
	if t.Line == 0 {
		return owner
	}
	return t.Place
}
