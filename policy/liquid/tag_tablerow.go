package liquid

import (
	"strconv"
	"strings"
)

// tableRowNode is tablerow: the cells of an HTML table.
type tableRowNode struct {
	loop
	columns expression
}

func parseTableRow(p *parser, t *token) (node, error) {
	k := markupOf(t)
	m := tableRowPattern().FindStringSubmatch(k.text)
	wrong := &Error{t.open, "Syntax Error in 'tablerow' tag - Valid syntax: tablerow [item] in [collection] cols:[number]"}
	if m == nil {
		return nil, wrong
	}
	n := &tableRowNode{}
	n.begin(t, m[1], m[2])
	for _, a := range attributePattern().FindAllStringSubmatch(k.text, -1) {
		switch a[1] {
		case "cols":
			n.columns = parseExpression(a[2])
		case "offset":
			n.skip = parseExpression(a[2])
		case "limit":
			n.limit = parseExpression(a[2])
		}
	}
	if n.columns == nil {
		return nil, wrong
	}
	var err error
	n.nodes, _, err = p.block(t)
	return n, err
}

func (n *tableRowNode) render(r *run, w *strings.Builder) error {
	part, _, err := n.part(r)
	if err != nil || part == nil {
		return err
	}
	columns, err := r.integer(n.columns)
	if err != nil {
		return err
	}
	if err := r.write(w, "<tr class=\"row1\">\n"); err != nil {
		return err
	}
	state := &rowState{loopState: loopState{length: part.Len()}, columns: int(columns)}
	depth := len(r.locals)
	r.locals = append(r.locals, local{n.variable, nil}, local{"tablerowloop", state})
	defer func() { r.locals = r.locals[:depth] }()
	row := 1
	for i := range part.Len() {
		state.index = i
		if r.locals[depth].value, err = r.element(part, i); err != nil {
			return err
		}
		if err := n.cell(r, w, state.column+1); err != nil {
			return err
		}
		if state.column++; state.column == state.columns && i != part.Len()-1 {
			state.column = 0
			row++
			if err := r.write(w, "</tr>\n<tr class=\"row"+strconv.Itoa(row)+"\">"); err != nil {
				return err
			}
		}
	}
	return r.write(w, "</tr>\n")
}

// cell writes a cell once it is rendered.
func (n *tableRowNode) cell(r *run, w *strings.Builder, column int) error {
	var inner strings.Builder
	if err := r.all(&inner, n.nodes); err != nil {
		return err
	}
	return r.write(w, "<td class=\"col"+strconv.Itoa(column)+"\">"+inner.String()+"</td>")
}

// rowState is tablerowloop.
type rowState struct {
	loopState
	column, columns int
}

func (s *rowState) member(r *run, name string) (any, bool, error) {
	switch strings.ToLower(name) {
	case "name":
		return nil, false, nil
	case "col":
		return int32(s.column + 1), true, nil
	case "col0":
		return int32(s.column), true, nil
	case "col_first":
		return s.column == 0, true, nil
	case "col_last":
		return s.column == s.columns-1, true, nil
	}
	return s.loopState.member(r, name)
}

func (s *rowState) pairs(r *run) ([]pair, error) {
	return pairsOf(r, s, "length", "index", "index0", "col", "col0", "rindex", "rindex0", "first", "last", "col_first", "col_last")
}
