package openapi

import "encoding/json"

// plain is a value as encoding/json decodes it, its numbers being of the type json.Number.
func plain(n *node) any { return (&plainer{modern: true}).value(n) }

// plainer makes values plain.
type plainer struct {
	// modern says that they need not be modernized.
	modern bool
	// nullable is another name of that keyword; "" if it has none.
	nullable string
	// kept are those that stand in messages, which are not made twice.
	kept map[*node]any
}

func (p *plainer) value(n *node) any {
	var made any
	switch n.kind {
	case boolean:
		made = n.text == "true"
	case number:
		made = json.Number(n.text)
	case text:
		made = n.text
	case list:
		all := make([]any, len(n.members))
		for i, m := range n.members {
			all[i] = p.value(m.value)
		}
		made = all
	case mapping:
		made = p.mapping(n)
	}
	if n.inline && p.kept != nil {
		p.kept[n] = made
	}
	return made
}

func (p *plainer) mapping(n *node) map[string]any {
	all := make(map[string]any, len(n.members))
	for _, m := range n.members {
		all[m.name] = p.value(m.value)
	}
	if !p.modern {
		p.modernize(all)
	}
	return all
}

// modernize turns what schemas of OpenAPI before 3.1 have of their own into JSON Schema. It
// is for all of the document: what it changes means nothing elsewhere.
func (p *plainer) modernize(s map[string]any) {
	if ref, ok := s["$ref"].(string); ok {
		clear(s) // what stands beside a reference is ignored
		s["$ref"] = ref
		return
	}
	for _, bound := range [][2]string{{"exclusiveMinimum", "minimum"}, {"exclusiveMaximum", "maximum"}} {
		exclusive, ok := s[bound[0]].(bool)
		if !ok {
			continue
		}
		delete(s, bound[0])
		if limit, there := s[bound[1]]; exclusive && there {
			s[bound[0]] = limit
			delete(s, bound[1])
		}
	}
	if s["nullable"] == true || p.nullable != "" && s[p.nullable] == true {
		if kind, ok := s["type"].(string); ok {
			s["type"] = []any{kind, "null"}
		}
		if values, ok := s["enum"].([]any); ok {
			s["enum"] = append(values, nil)
		}
	}
}
