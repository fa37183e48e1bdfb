package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// define makes the definition of a document.
func define(document *openapi3.T) (*Definition, error) {
	schemas := &schemas{}
	d := &Definition{}
	taken := make(map[string]bool)
	for _, path := range slices.Sorted(maps.Keys(document.Paths.Map())) {
		item := document.Paths.Value(path)
		if item == nil {
			continue
		}
		operations := item.Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			if method == http.MethodTrace {
				continue // which Azure leaves out
			}
			o := operationOf(path, method, item, operations[method])
			o.ID = unique(o.ID, taken)
			o.Messages = schemas.messages(path, method, operations[method])
			d.Operations = append(d.Operations, o)
		}
	}
	slices.SortStableFunc(d.Operations, func(a, b Operation) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col)) })
	return d, schemas.finish(d, document)
}

func operationOf(path, method string, item *openapi3.PathItem, operation *openapi3.Operation) Operation {
	template := path + requiredQuery(item.Parameters, operation.Parameters)
	id := cmp.Or(operation.OperationID, method+"-"+path)
	o := Operation{ID: normalID(id), Method: method, URLTemplate: template}
	o.Name = cmp.Or(shortened(operation.Summary), operation.OperationID, o.ID)
	if origin := operation.Origin; origin != nil && origin.Key != nil {
		o.Line, o.Col = origin.Key.Line, origin.Key.Column
	}
	return o
}

// maxName is the most characters of a display name.
const maxName = 300

func shortened(s string) string {
	if r := []rune(s); len(r) > maxName {
		return string(r[:maxName])
	}
	return s
}

// requiredQuery is the required query parameters as they stand in a template, as Azure
// imports them by default. An operation's parameter is instead of its path's.
func requiredQuery(ofPath, ofOperation openapi3.Parameters) string {
	var names []string
	for _, p := range append(slices.Clone(ofPath), ofOperation...) {
		if p == nil || p.Value == nil || p.Value.In != openapi3.ParameterInQuery {
			continue
		}
		names = slices.DeleteFunc(names, func(name string) bool { return name == p.Value.Name })
		if p.Value.Required {
			names = append(names, p.Value.Name)
		}
	}
	var b strings.Builder
	for i, name := range names {
		separator := byte('&')
		if i == 0 {
			separator = '?'
		}
		b.WriteByte(separator)
		fmt.Fprintf(&b, "%s={%[1]s}", name)
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

// unique is an id that is not taken yet, with a number behind it if need be.
func unique(id string, taken map[string]bool) string {
	if id == "" {
		id = "operation"
	}
	free := id
	for i := 1; taken[free]; i++ {
		free = fmt.Sprintf("%s-%d", id, i)
	}
	taken[free] = true
	return free
}
