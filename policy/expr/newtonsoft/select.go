package newtonsoft

// Query is a JSONPath as Newtonsoft.Json's JPath understands it.
type Query struct{ filters []pathFilter }

// Select are the tokens that the path finds below t, in document order. With
// strict a step that leads nowhere is a JsonException. Spend is told how many
// tokens are looked at, and may stop the search; nil counts nothing.
func (q *Query) Select(t Token, strict bool, spend func(n int) error) ([]Token, error) {
	if spend == nil {
		spend = func(int) error { return nil }
	}
	s := &selection{root: t, strict: strict, spend: spend}
	return s.all([]Token{t}, q.filters)
}

// SelectTokens are the tokens that a JSONPath finds below t.
func SelectTokens(t Token, path string, strict bool) ([]Token, error) {
	q, err := ParseQuery(path)
	if err != nil {
		return nil, err
	}
	return q.Select(t, strict, nil)
}

// One is the one token that the path finds below t, nil if there is none. More
// than one is a JsonException.
func (q *Query) One(t Token, strict bool, spend func(n int) error) (Token, error) {
	found, err := q.Select(t, strict, spend)
	switch {
	case err != nil || len(found) == 0:
		return nil, err
	case len(found) > 1:
		return nil, jsonException("Path returned multiple tokens.")
	}
	return found[0], nil
}

// selection is one search.
type selection struct {
	root   Token // $ inside a condition
	strict bool
	spend  func(n int) error
}

// all takes the tokens through the steps.
func (s *selection) all(tokens []Token, filters []pathFilter) ([]Token, error) {
	for _, f := range filters {
		var next []Token
		if err := s.spend(len(tokens) + 1); err != nil {
			return nil, err
		}
		for _, t := range tokens {
			found, err := f.apply(s, t)
			if err != nil {
				return nil, err
			}
			next = append(next, found...)
		}
		tokens = next
	}
	return tokens, nil
}

// miss is the error of a step that leads nowhere, nil unless that is one.
func (s *selection) miss(message string) error {
	if s.strict {
		return jsonException(message)
	}
	return nil
}

// pathFilter is one step of a path: from a token to what it leads to.
type pathFilter interface {
	apply(s *selection, t Token) ([]Token, error)
}
