package testrun

import (
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// documentConfig is a policy document: the path of its file, or itself.
type documentConfig struct {
	yamlfile.Text
	line int // of the file on which the document begins; 0: Value is a path
}

// DecodeYAML tells a document from a path by how it begins.
func (c *documentConfig) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	d.Into(node, &c.Text)
	if !strings.HasPrefix(strings.TrimSpace(c.Value), "<") {
		return
	}
	c.line = c.Line
	if _, ok := node.(*ast.LiteralNode); ok {
		c.line++ // it begins below the line of the bar
	}
}

// inline reports whether the document itself is given.
func (c *documentConfig) inline() bool { return c.line > 0 }

// padded is the document on the lines that it has in the file, so that what is said of
// it leads there. Its columns are those of the text, without the file's indentation.
func (c *documentConfig) padded() string { return strings.Repeat("\n", c.line-1) + c.Value }
