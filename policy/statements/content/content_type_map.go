package content

import (
	"github.com/apimulator/apimulator/policy"
)

// typeMap is a <content-type-map>.
type typeMap struct {
	any, missing string
	types        []typeMapping
}

// typeMapping is a <type> of it.
type typeMapping struct {
	from, to policy.Operand[string]
	when     policy.Operand[bool]
	hasFrom  bool
	hasWhen  bool
}

func compileTypeMap(n *policy.Node) *typeMap {
	m := &typeMap{}
	m.any, _ = n.String("any-content-type-value").Constant()
	m.missing, _ = n.String("missing-content-type-value").Constant()
	for _, t := range n.ChildrenNamed("type") {
		m.types = append(m.types, typeMapping{t.String("from"), t.String("to"), t.Bool("when"), t.Has("from"), t.Has("when")})
	}
	return m
}

// of is the content type to validate as: by the first mapping that is for it, or else the
// value for any or for none.
func (m *typeMap) of(r *policy.Run, contentType string) (string, error) {
	if m == nil {
		return contentType, nil
	}
	for i := range m.types {
		if is, err := m.types[i].isFor(r, contentType); err != nil {
			return "", err
		} else if is {
			to, err := m.types[i].to.Get(r)
			return mediaType(to), err
		}
	}
	switch {
	case m.any != "":
		return mediaType(m.any), nil
	case contentType == "" && m.missing != "":
		return mediaType(m.missing), nil
	}
	return contentType, nil
}

// isFor reports whether the mapping is for a message of that type. Chosen: with both from
// and when, both have to hold.
func (t *typeMapping) isFor(r *policy.Run, contentType string) (bool, error) {
	if t.hasFrom {
		if from, err := t.from.Get(r); err != nil || mediaType(from) != contentType {
			return false, err
		}
	}
	if !t.hasWhen {
		return true, nil
	}
	return t.when.Get(r)
}
