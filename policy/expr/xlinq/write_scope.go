package xlinq

import (
	"slices"
	"strconv"
)

// scope knows which prefixes are bound where the writer stands. Two of .NET's
// parts work together: LINQ to XML looks for a declaration among the attributes
// of the elements around, the newest first; where there is none, the XmlWriter
// looks among what it has written and declares what is missing, making up p1,
// p2 ... for attributes.
type scope struct {
	declared []binding // by attributes of elements, the newest last
	written  []binding // by the XmlWriter, one for each element at least
	starts   []start   // of the elements around
	omit     bool      // declarations that change nothing are left out
}

type binding struct {
	prefix string
	space  Namespace
	state  bindingState
}

type bindingState uint8

const (
	implied  bindingState = iota // it is bound further out
	missing                      // it must be declared in the start tag
	declared                     // an attribute declares it
	special                      // it is bound by XML itself
)

type start struct{ declared, written int }

func (s *scope) init(omitDuplicates bool) {
	s.omit = omitDuplicates
	s.written = []binding{{"xmlns", XMLNSNamespace, special}, {"xml", XMLNamespace, special}, {"", "", implied}}
}

// pushAncestors adds what the elements around n declare. The first attribute of
// an element counts as the newest.
func (s *scope) pushAncestors(n Node) {
	for e := n.base().Parent(); e != nil; e = e.Parent() {
		for a := e.firstAttr; a != nil; a = a.next {
			if a.IsNamespaceDeclaration() {
				prefix, space := a.declares()
				s.declared = append(s.declared, binding{prefix: prefix, space: space})
			}
		}
	}
	slices.Reverse(s.declared)
}

func (s *scope) push(e *Element) {
	s.starts = append(s.starts, start{len(s.declared), len(s.written)})
	for a := e.firstAttr; a != nil; a = a.next {
		if a.IsNamespaceDeclaration() {
			prefix, space := a.declares()
			s.declared = append(s.declared, binding{prefix: prefix, space: space})
		}
	}
}

func (s *scope) pop() {
	last := len(s.starts) - 1
	s.declared, s.written = s.declared[:s.starts[last].declared], s.written[:s.starts[last].written]
	s.starts = s.starts[:last]
}

// find is the newest binding of space whose prefix is not bound anew after it.
func find(bindings []binding, space Namespace, allowDefault bool) (string, bool) {
	for i := len(bindings) - 1; i >= 0; i-- {
		b := bindings[i]
		if b.space != space || b.prefix == "" && !allowDefault {
			continue
		}
		if !slices.ContainsFunc(bindings[i+1:], func(later binding) bool { return later.prefix == b.prefix }) {
			return b.prefix, true
		}
	}
	return "", false
}

// resolve is the prefix of a name in space, as far as attributes declare it.
func (s *scope) resolve(space Namespace, allowDefault bool) (string, bool) {
	if space == "" {
		return "", true
	}
	if prefix, ok := find(s.declared, space, allowDefault); ok {
		return prefix, true
	}
	switch space {
	case XMLNamespace:
		return "xml", true
	case XMLNSNamespace:
		return "xmlns", true
	}
	return "", false
}

// lookup is the prefix that the XmlWriter has for space: the newest, unless it
// is hidden.
func (s *scope) lookup(space Namespace) string {
	for i := len(s.written) - 1; i >= 0; i-- {
		if s.written[i].space != space {
			continue
		}
		prefix := s.written[i].prefix
		if slices.ContainsFunc(s.written[i+1:], func(later binding) bool { return later.prefix == prefix }) {
			return ""
		}
		return prefix
	}
	return ""
}

// element is the prefix of an element's name.
func (s *scope) element(space Namespace) (string, error) {
	prefix, ok := s.resolve(space, true)
	if !ok {
		prefix = s.lookup(space)
	}
	return prefix, s.imply(prefix, space)
}

// attribute is the prefix of an attribute's name.
func (s *scope) attribute(space Namespace) (string, error) {
	prefix, ok := s.resolve(space, false)
	switch {
	case space == "" || prefix == "xml":
		return prefix, nil
	case !ok:
		prefix = s.lookup(space)
	}
	if prefix == "" {
		prefix = s.generate()
	} else if i := s.index(prefix); i >= s.local() && s.written[i].space != space {
		prefix = s.generate()
	}
	return prefix, s.imply(prefix, space)
}

// generate makes up a prefix that is not bound.
func (s *scope) generate() string {
	prefix := "p" + strconv.Itoa(len(s.written)-3)
	if s.index(prefix) < 0 {
		return prefix
	}
	for i := 0; ; i++ {
		if numbered := prefix + strconv.Itoa(i); s.index(numbered) < 0 {
			return numbered
		}
	}
}

// index is where prefix is bound, -1 if it is not.
func (s *scope) index(prefix string) int {
	for i := len(s.written) - 1; i >= 0; i-- {
		if s.written[i].prefix == prefix {
			return i
		}
	}
	return -1
}

// local is where the bindings of the current element begin.
func (s *scope) local() int { return s.starts[len(s.starts)-1].written }

// imply makes sure that prefix is bound to space in the start tag.
func (s *scope) imply(prefix string, space Namespace) error {
	state := missing
	if i := s.index(prefix); i >= 0 {
		if i >= s.local() {
			return s.same(i, space)
		}
		if s.written[i].space == space {
			state = implied
		}
	}
	s.written = append(s.written, binding{prefix, space, state})
	return nil
}

func (s *scope) same(i int, space Namespace) error {
	if b := s.written[i]; b.space != space {
		return xmlException("The prefix '" + b.prefix + "' cannot be redefined from '" + string(b.space) + "' to '" + string(space) + "' within the same start element tag.")
	}
	return nil
}

// declare tells that an attribute declares a namespace, and whether it has to be
// written.
func (s *scope) declare(prefix string, space Namespace) (written bool, err error) {
	i := s.index(prefix)
	if i >= s.local() {
		b := &s.written[i]
		written = !(s.omit && b.state == implied)
		b.state = declared
		return written, s.same(i, space)
	}
	if s.omit && i >= 0 && s.written[i].space == space {
		return false, nil
	}
	s.written = append(s.written, binding{prefix, space, declared})
	return true, nil
}

// undeclared are the bindings of the start tag that no attribute declares, the
// newest first.
func (s *scope) undeclared() []binding {
	var found []binding
	for i := len(s.written) - 1; i >= s.local(); i-- {
		if s.written[i].state == missing {
			found = append(found, s.written[i])
		}
	}
	return found
}
