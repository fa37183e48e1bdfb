package liquid

// variable is what stands in {{...}} and behind the = of assign: a value and the
// filters that it goes through.
type variable struct {
	value   expression
	filters []filterCall
}

// parseVariable reads value | Filter: argument, argument | ... ; nil if there is
// no value.
func parseVariable(k markup) (*variable, error) {
	at := valuePattern().FindStringIndex(k.text)
	if at == nil {
		return nil, nil
	}
	v := &variable{value: parseExpression(k.text[at[0]:at[1]])}
	rest, _ := k.part(at[1], len(k.text))
	for i, piece := range rest.split('|') {
		if i == 0 {
			continue // what stands between the value and the first filter is passed over
		}
		call, found, err := parseFilter(piece)
		if err != nil {
			return nil, err
		}
		if found {
			v.filters = append(v.filters, call)
		}
	}
	return v, nil
}

func (v *variable) eval(r *run) (any, error) {
	value, err := v.value.eval(r)
	for i := range v.filters {
		if err != nil {
			return nil, err
		}
		value, err = v.filters[i].apply(r, value)
	}
	return value, err
}
