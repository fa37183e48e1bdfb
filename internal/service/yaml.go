package service

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// MaxConfig is the most bytes apim.yaml may have.
const MaxConfig = 1 << 20

type position struct{ line, col int }

// fault is something wrong at a place of apim.yaml.
type fault struct {
	at      position
	message string
}

func (f *fault) Error() string { return f.message }

func positionOf(node ast.Node) position {
	// A mapping's own token is its first colon; it begins at its first key.
	if m, ok := node.(*ast.MappingNode); ok && len(m.Values) > 0 {
		node = m.Values[0].Key
	}
	if t := node.GetToken(); t != nil && t.Position != nil {
		return position{t.Position.Line, t.Position.Column}
	}
	return position{1, 1}
}

// decode reads apim.yaml strictly: unknown and repeated keys are errors, and so
// are anchors' aliases, which could blow a small file up.
func decode(file string, data []byte) (*config, error) {
	if len(data) > MaxConfig {
		return nil, fmt.Errorf("%s: the file has %d bytes; the most that is read is %d", file, len(data), MaxConfig)
	}
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, locate(file, err)
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return nil, fmt.Errorf("%s:1:1: the file holds no service: it begins with apis:", file)
	}
	body := tree.Docs[0].Body
	if at, found := firstAlias(body); found {
		return nil, locate(file, &fault{at, "aliases (*name) are not accepted: write the value out"})
	}
	if _, ok := body.(*ast.MappingNode); !ok {
		return nil, locate(file, &fault{positionOf(body), "the file is a mapping that begins with apis:"})
	}
	var c config
	if err := yaml.NodeToValue(body, &c, yaml.Strict()); err != nil {
		return nil, locate(file, err)
	}
	return &c, nil
}

type aliasFinder struct {
	at    position
	found bool
}

func (f *aliasFinder) Visit(node ast.Node) ast.Visitor {
	if node.Type() == ast.AliasType && !f.found {
		f.at, f.found = positionOf(node), true
	}
	return f
}

func firstAlias(node ast.Node) (position, bool) {
	var f aliasFinder
	ast.Walk(&f, node)
	return f.at, f.found
}

// locate makes err one line that begins with file:line:col.
func locate(file string, err error) error {
	var f *fault
	if errors.As(err, &f) {
		return fmt.Errorf("%s:%d:%d: %s", file, f.at.line, f.at.col, f.message)
	}
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil {
		at := y.GetToken().Position
		message, _, _ := strings.Cut(y.GetMessage(), "\n")
		return fmt.Errorf("%s:%d:%d: %s", file, at.Line, at.Column, message)
	}
	message, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("%s: %s", file, message)
}
