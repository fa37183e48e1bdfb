package liquid

import "strings"

// caseNode is case. Each when whose value is equal is rendered, not the first
// only; else if none was.
type caseNode struct {
	place
	branches []branch
}

func parseCase(p *parser, t *token) (node, error) {
	at := fragmentPattern().FindStringIndex(t.text)
	if at == nil {
		return nil, &Error{t.open, "Syntax Error in 'case' tag - Valid syntax: case [condition]"}
	}
	left := parseExpression(t.text[at[0]:at[1]])
	n := &caseNode{place: place(t.open)}
	// What stands before the first when is left out.
	_, tag, err := p.block(t, "when", "else")
	for err == nil && tag.name != "endcase" {
		var values []expression
		if values, err = parseWhen(tag); err != nil {
			return nil, err
		}
		when := tag
		var nodes []node
		if nodes, tag, err = p.block(t, "when", "else"); err != nil {
			return nil, err
		}
		if when.name == "else" {
			n.branches = append(n.branches, branch{nil, nodes})
		}
		for _, value := range values {
			n.branches = append(n.branches, branch{&condition{left: left, operator: (*run).equal, right: value}, nodes})
		}
	}
	return n, err
}

// parseWhen reads the values of a when, which are parted by commas or by or. Else
// has none.
func parseWhen(t *token) ([]expression, error) {
	k := markupOf(t)
	if t.name == "else" {
		if k.text != "" {
			return nil, &Error{k.at, "Syntax Error in 'case' tag - Valid else condition: {% else %} (no parameters)"}
		}
		return nil, nil
	}
	var values []expression
	for rest := k.text; ; {
		at := fragmentPattern().FindStringIndex(rest)
		if at == nil {
			return nil, &Error{t.open, "Syntax Error in 'case' tag - Valid when condition: {% when [condition] [or condition2...] %}"}
		}
		values = append(values, parseExpression(rest[at[0]:at[1]]))
		rest = rest[at[1]:]
		separator := whenSeparator().FindString(rest)
		rest = rest[len(separator):]
		if separator == "" || rest == "" {
			return values, nil
		}
	}
}

func (n *caseNode) render(r *run, w *strings.Builder) error {
	none := true
	for _, b := range n.branches {
		holds := none
		if b.condition != nil {
			var err error
			if holds, err = b.condition.holds(r); err != nil {
				return err
			}
			none = none && !holds
		}
		if holds {
			if err := r.all(w, b.nodes); err != nil {
				return err
			}
		}
	}
	return nil
}
