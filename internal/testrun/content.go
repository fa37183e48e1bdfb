package testrun

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// content is a message's body as it is written: at most one of these.
type content struct {
	text *yamlfile.Text
	json ast.Node
	form lines
	file yamlfile.Text
}

func (c *content) given() int {
	n := 0
	for _, set := range []bool{c.text != nil, c.json != nil, c.form != nil, c.file.Value != ""} {
		if set {
			n++
		}
	}
	return n
}

// bytes are the body, and the content type that goes with how it is written, "" if
// none does. Files are those of f.
func (c *content) bytes(f *File) (data []byte, contentType string, err error) {
	switch {
	case c.text != nil:
		return []byte(c.text.Value), "", nil
	case c.json != nil:
		data, err := jsonOf(c.json)
		return data, "application/json", err
	case c.form != nil:
		var b bytes.Buffer
		for _, l := range c.form {
			for _, v := range l.values {
				if b.Len() > 0 {
					b.WriteByte('&')
				}
				b.WriteString(url.QueryEscape(l.name) + "=" + url.QueryEscape(v))
			}
		}
		return b.Bytes(), "application/x-www-form-urlencoded", nil
	case c.file.Value != "":
		data, err := os.ReadFile(f.path(c.file.Value))
		if err != nil {
			return nil, "", c.file.Place.Fault(f.Path, "file %s: %s", c.file.Value, reason(err))
		}
		return data, "", nil
	}
	return nil, "", nil
}

// reason is an error's text without the path, which the message names already.
func reason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// jsonOf is YAML as JSON, on one line, its members in their order.
func jsonOf(node ast.Node) ([]byte, error) {
	var b bytes.Buffer
	if err := writeJSON(&b, node); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func writeJSON(b *bytes.Buffer, node ast.Node) error {
	switch n := node.(type) {
	case *ast.MappingNode:
		b.WriteByte('{')
		for i, entry := range n.Values {
			if i > 0 {
				b.WriteByte(',')
			}
			writeText(b, yamlfile.ScalarText(entry.Key))
			b.WriteByte(':')
			if err := writeJSON(b, entry.Value); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	case *ast.SequenceNode:
		b.WriteByte('[')
		for i, v := range n.Values {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, v); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	}
	switch node.Type() {
	case ast.StringType, ast.LiteralType:
		writeText(b, yamlfile.ScalarText(node))
		return nil
	case ast.IntegerType, ast.FloatType:
		if written := yamlfile.ScalarText(node); json.Valid([]byte(written)) {
			b.WriteString(written) // 1.10 stays 1.10
			return nil
		}
	}
	var value any
	if err := yaml.NodeToValue(node, &value); err != nil {
		return fmt.Errorf("%s is no JSON value", yamlfile.Describe(node))
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("%s is no JSON value", yamlfile.Describe(node))
	}
	b.Write(data)
	return nil
}

func writeText(b *bytes.Buffer, text string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(err) // a string has its JSON
	}
	b.Truncate(b.Len() - 1) // the newline
}
