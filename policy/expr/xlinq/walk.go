package xlinq

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// Walk gives one object after another, nil at the end. It goes on from where it
// is while the tree changes, as .NET's iterators do.
type Walk func() (Object, error)

// accepts tells whether a filter by name lets e pass; no name lets all pass.
func accepts(name *Name, e *Element) bool { return e != nil && (name == nil || e.name == *name) }

// Nodes are c's nodes.
func Nodes(c Container) Walk {
	at, begun := Node(nil), false
	return func() (Object, error) {
		switch {
		case !begun:
			at, begun = First(c), true
		case at == nil || at.base().parent != c:
			at = nil
		default:
			at = Next(at)
		}
		if at == nil {
			return nil, nil
		}
		return at, nil
	}
}

// Elements are c's elements, those of a name if it is not nil.
func Elements(c Container, name *Name) Walk {
	return OnlyElements(Nodes(c), name)
}

// Attributes are e's attributes, those of a name if it is not nil.
func Attributes(e *Element, name *Name) Walk {
	var at *Attribute
	begun := false
	return func() (Object, error) {
		for {
			switch {
			case !begun:
				at, begun = e.firstAttr, true
			case at == nil || at.parent != e:
				at = nil
			default:
				at = at.next
			}
			if at == nil {
				return nil, nil
			}
			if name == nil || at.name == *name {
				return at, nil
			}
		}
	}
}

// Descendants are the nodes within c in document order, with c itself if self.
func Descendants(c Container, self bool) Walk {
	var at Node = c
	begun, ended := false, false
	return func() (Object, error) {
		if ended {
			return nil, nil
		}
		if !begun {
			begun = true
			if self {
				return c, nil
			}
		}
		if in, ok := at.(Container); ok && First(in) != nil {
			at = First(in)
			return at, nil
		}
		for at != Node(c) && Next(at) == nil {
			parent := at.base().parent
			if parent == nil { // it was taken out of the tree meanwhile
				ended = true
				return nil, dotnet.NullReference()
			}
			at = parent
		}
		if at == Node(c) {
			ended = true
			return nil, nil
		}
		at = Next(at)
		return at, nil
	}
}

// DescendantElements are the elements within c in document order, those of a
// name if it is not nil, with c itself if self.
func DescendantElements(c Container, self bool, name *Name) Walk {
	return OnlyElements(Descendants(c, self), name)
}

// Ancestors are the elements around n from the inside out, those of a name if it
// is not nil, with n itself if self.
func Ancestors(n Node, self bool, name *Name) Walk {
	e := n.base().Parent()
	if self {
		e, _ = n.(*Element)
	}
	return func() (Object, error) {
		for e != nil {
			found := e
			e = e.Parent()
			if accepts(name, found) {
				return found, nil
			}
		}
		return nil, nil
	}
}

// After are the nodes after n in its parent.
func After(n Node) Walk {
	return func() (Object, error) {
		if n.base().parent == nil || Next(n) == nil {
			return nil, nil
		}
		n = Next(n)
		return n, nil
	}
}

// Before are the nodes before n in its parent, in document order.
func Before(n Node) Walk {
	var at Node
	begun := false
	return func() (Object, error) {
		switch {
		case n.base().parent == nil:
			return nil, nil
		case !begun:
			at, begun = First(n.base().parent), true
		case at != nil && at.base().parent == n.base().parent:
			at = Next(at)
		default:
			at = nil
		}
		if at == nil || at == n {
			at = nil
			return nil, nil
		}
		return at, nil
	}
}

// OnlyElements are a walk's elements, those of a name if it is not nil.
func OnlyElements(w Walk, name *Name) Walk {
	return filter(w, func(o Object) bool {
		e, _ := o.(*Element)
		return accepts(name, e)
	})
}

// Empty is a walk of nothing.
func Empty() Walk { return func() (Object, error) { return nil, nil } }

func filter(w Walk, keep func(Object) bool) Walk {
	return func() (Object, error) {
		for {
			o, err := w()
			if o == nil || err != nil || keep(o) {
				return o, err
			}
		}
	}
}
