package openapi

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxTagDirectives is the most %TAG of a document, for which the library takes time by the
// square of them. No definition needs one.
const maxTagDirectives = 16

// readYAML reads a document in YAML. Aliases are followed, and merge keys (<<) are
// supported: documents that people write by hand have them.
func readYAML(data []byte) (*node, error) {
	if bytes.Count(data, []byte("%TAG")) > maxTagDirectives {
		return nil, faultAt(placeAt(data, bytes.Index(data, []byte("%TAG"))), "the document has more than %d directives %%TAG", maxTagDirectives)
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthFunc(checkDepth))))
	if err != nil {
		return nil, yamlFault(err)
	}
	var document, second yaml.Node
	switch err = loader.Load(&document); {
	case err == io.EOF, err == nil && len(document.Content) == 0:
		return &node{at: start}, nil
	case err != nil:
		return nil, yamlFault(err)
	}
	switch err = loader.Load(&second); {
	case err == nil:
		return nil, faultAt(placeOf(&second), "a second YAML document begins here; a definition is one")
	case err != io.EOF:
		return nil, yamlFault(err)
	}
	r := &yamlReader{within: make(map[*yaml.Node]bool)}
	return r.value(document.Content[0], 0)
}

// checkDepth lets the library nest as deep as we do. What aliases repeat we count.
func checkDepth(depth int, _ *yaml.DepthContext) error {
	if depth > maxNesting {
		return errNesting
	}
	return nil
}

type yamlReader struct {
	builder
	within map[*yaml.Node]bool // the anchored nodes that are being read
}

func placeOf(n *yaml.Node) place { return place{int32(max(n.Line, 1)), int32(max(n.Column, 1))} }

func (r *yamlReader) value(n *yaml.Node, depth int) (*node, error) {
	if n.Kind == yaml.AliasNode {
		if r.within[n.Alias] {
			return nil, faultAt(placeOf(n), "the alias *%s stands in what it stands for", n.Value)
		}
		n = n.Alias
	}
	if n.Anchor != "" {
		r.within[n] = true
		defer delete(r.within, n)
	}
	switch n.Kind {
	case yaml.MappingNode:
		return r.mapping(n, depth)
	case yaml.SequenceNode:
		return r.list(n, depth)
	}
	return r.scalar(n)
}

func (r *yamlReader) list(n *yaml.Node, depth int) (*node, error) {
	all, err := r.enter(list, placeOf(n), depth)
	if err != nil {
		return nil, err
	}
	height := len(r.stack)
	for _, item := range n.Content {
		value, err := r.value(item, depth+1)
		if err != nil {
			return nil, err
		}
		r.stack = append(r.stack, member{value: value})
	}
	r.take(all, height)
	return all, nil
}

func (r *yamlReader) mapping(n *yaml.Node, depth int) (*node, error) {
	all, err := r.enter(mapping, placeOf(n), depth)
	if err != nil {
		return nil, err
	}
	height := len(r.stack)
	var merged []*node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		made, err := r.value(value, depth+1)
		if err != nil {
			return nil, err
		}
		if key.Tag == "!!merge" {
			if merged, err = mergeable(merged, made); err != nil {
				return nil, err
			}
			continue
		}
		m := member{at: placeOf(key), value: made}
		if m.name, err = r.key(key); err != nil {
			return nil, err
		}
		r.stack = append(r.stack, m)
	}
	r.take(all, height)
	if err := repeated(all.members); err != nil {
		return nil, err
	}
	merge(all, merged)
	return all, nil
}

// key is a key's text: that of 200: is 200.
func (r *yamlReader) key(n *yaml.Node) (string, error) {
	at := placeOf(n)
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode {
		return "", faultAt(at, "a key is a text, not a mapping or a list")
	}
	return r.name(n.Value), nil
}

// mergeable appends the mappings that a merge key names: one, or a list of them.
func mergeable(merged []*node, value *node) ([]*node, error) {
	if value.kind == mapping {
		return append(merged, value), nil
	}
	if value.kind != list {
		return nil, faultAt(value.at, "a merge key (<<) takes a mapping or a list of mappings, not %s", value.kind)
	}
	for _, item := range value.members {
		if item.value.kind != mapping {
			return nil, faultAt(item.value.at, "a merge key (<<) takes a mapping or a list of mappings, not %s in it", item.value.kind)
		}
		merged = append(merged, item.value)
	}
	return merged, nil
}

// merge puts members of others behind a mapping's own, which come before them, as do those
// of an earlier one.
func merge(into *node, others []*node) {
	if len(others) == 0 {
		return
	}
	there := make(map[string]bool)
	for _, m := range into.members {
		there[m.name] = true
	}
	for _, other := range others {
		for _, m := range other.members {
			if !there[m.name] {
				there[m.name] = true
				into.members = append(into.members, m)
			}
		}
	}
}

// scalar makes what a scalar is by the core schema: a date is a text.
func (r *yamlReader) scalar(n *yaml.Node) (*node, error) {
	at := placeOf(n)
	switch n.Tag {
	case "!!null":
		return r.node(null, at, "")
	case "!!int", "!!float":
		return r.number(at, n.Value)
	case "!!bool":
		if lower := strings.ToLower(n.Value); lower == "true" || lower == "false" {
			return r.node(boolean, at, lower)
		}
	}
	return r.node(text, at, n.Value)
}

// yamlFault is an error of the YAML reader at its place.
func yamlFault(err error) *Error {
	var at yaml.Mark
	message := err.Error()
	var known *yaml.LoadError
	if errors.As(err, &known) {
		at, message = known.Mark, known.Message
		if at.Line == 0 {
			at = known.ContextMark
		}
	}
	if message != errNesting.Error() {
		message = "this is not YAML: " + message
	}
	return faultAt(place{int32(max(at.Line, 1)), int32(max(at.Column, 1))}, "%s", message)
}
