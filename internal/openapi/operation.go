package openapi

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// maxMade is the most parameters, responses and bodies of all operations, those that
// references repeat counted as often as they are repeated.
const maxMade = 500_000

// definer makes the definition of a document that has been checked.
type definer struct {
	*document
	schemas
	made int
}

// define makes the definition of a document, its operations being in the document's order.
func define(document *document) (*Definition, error) {
	f := &definer{document: document, schemas: schemas{source: document}}
	d := &Definition{}
	taken := make(ids)
	for _, m := range document.root.entries("paths") {
		if isExtension(m.name) || m.value.kind != mapping {
			continue
		}
		layers := document.layers(m.value)
		for _, method := range methodsOf(layers) {
			o, err := f.operation(m.name, method, layers)
			if err != nil {
				return nil, err
			}
			o.ID = taken.unique(o.ID)
			d.Operations = append(d.Operations, o)
		}
	}
	d.Schemas = f.finish()
	return d, nil
}

// count counts a parameter, a response or a body, and fails once there are too many.
func (f *definer) count(at place) error {
	if f.made++; f.made > maxMade {
		return faultAt(at, "the operations have more than %d parameters, responses and bodies, those that references repeat included", maxMade)
	}
	return nil
}

// layers are a path and the paths that it refers to. What stands in an earlier one counts.
func (d *document) layers(item *node) []*node {
	layers := []*node{item}
	for range maxHops {
		ref := item.reference()
		if ref == nil {
			break
		}
		to, err := d.follow(ref)
		if err != nil {
			break
		}
		layers, item = append(layers, to), to
	}
	return layers
}

// methodsOf are the members of a path that are operations, in the order of the document.
// Azure leaves trace out.
func methodsOf(layers []*node) []member {
	var all []member
	for _, method := range methods {
		for _, layer := range layers {
			if m := layer.member(method); m != nil && m.value.kind == mapping && method != "trace" {
				all = append(all, *m)
				break
			}
		}
	}
	slices.SortFunc(all, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.at.line, b.at.line), cmp.Compare(a.at.col, b.at.col))
	})
	return all
}

func (f *definer) operation(path string, method member, layers []*node) (Operation, error) {
	operation := method.value
	var ofPath []member
	for _, layer := range layers {
		if ofPath = layer.items("parameters"); len(ofPath) > 0 {
			break
		}
	}
	parameters, err := f.parameters(ofPath, operation.items("parameters"))
	if err != nil {
		return Operation{}, err
	}
	name := strings.ToUpper(method.name)
	o := Operation{Method: name, URLTemplate: path + requiredQuery(parameters), Line: int(method.at.line), Col: int(method.at.col)}
	id := operation.textOf("operationId")
	o.ID = normalID(cmp.Or(id, name+"-"+path))
	o.Name = cmp.Or(shortened(operation.textOf("summary")), id, o.ID)
	o.Messages = &exchange.OperationDefinition{}
	if f.version == version2 {
		err = f.messages2(o.Messages, path, method, parameters)
	} else {
		err = f.messages(o.Messages, path, method)
	}
	return o, err
}

// maxName is the most characters of a display name.
const maxName = 300

func shortened(s string) string {
	if r := []rune(s); len(r) > maxName {
		return string(r[:maxName])
	}
	return s
}

// parameters are those of an operation. One of its own is instead of its path's.
func (f *definer) parameters(ofPath, ofOperation []member) ([]*node, error) {
	var all []*node
	places := make(map[[2]string]int)
	for _, m := range slices.Concat(ofPath, ofOperation) {
		p, err := f.resolved(m.value)
		if err == nil {
			err = f.count(m.value.at)
		}
		if err != nil {
			return nil, err
		}
		key := [2]string{p.textOf("in"), p.textOf("name")}
		if i, there := places[key]; there {
			all[i] = nil
		}
		places[key] = len(all)
		all = append(all, p)
	}
	return slices.DeleteFunc(all, func(p *node) bool { return p == nil || p.kind != mapping }), nil
}

// requiredQuery is the required query parameters as they stand in a template, as Azure
// imports them by default.
func requiredQuery(parameters []*node) string {
	var b strings.Builder
	separator := byte('?')
	for _, p := range parameters {
		if p.textOf("in") == "query" && p.isTrue("required") {
			b.WriteByte(separator)
			fmt.Fprintf(&b, "%s={%[1]s}", p.textOf("name"))
			separator = '&'
		}
	}
	return b.String()
}

// maxID is the most characters of an id, before a number that tells it from others.
const maxID = 76

// normalID is an operationId as Azure spells it
// (api-management-api-import-restrictions.md, Normalization rules for operationId).
func normalID(id string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(id) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if text := b.String(); text != "" && !strings.HasSuffix(text, "-") {
			b.WriteByte('-')
		}
	}
	text := b.String()
	return strings.Trim(text[:min(len(text), maxID)], "-")
}

// ids are the ids that are taken, each with the next number to put behind it.
type ids map[string]int

// unique is an id that is not taken yet, with a number behind it if need be.
func (taken ids) unique(id string) string {
	id = cmp.Or(id, "operation")
	free := id
	for taken[free] > 0 {
		free = fmt.Sprintf("%s-%d", id, taken[id])
		taken[id]++
	}
	taken[free] = 1
	return free
}
