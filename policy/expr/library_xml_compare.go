package expr

import (
	"hash/maphash"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// nodeComparer is an XNodeEqualityComparer, or an XNodeDocumentOrderComparer.
type nodeComparer struct{ order bool }

const (
	nodeEqualityType = "System.Xml.Linq.XNodeEqualityComparer"
	nodeOrderType    = "System.Xml.Linq.XNodeDocumentOrderComparer"
)

// DotnetType is part of Object.
func (c *nodeComparer) DotnetType() *Type {
	if c.order {
		return typeOf(nodeOrderType)
	}
	return typeOf(nodeEqualityType)
}

// Equivalent is part of equivalence.
func (*nodeComparer) Equivalent(m *Machine, x, y any) (bool, error) {
	for i, v := range []any{x, y} {
		if _, ok := v.(xlinq.Node); v != nil && !ok {
			return false, mustDerive([]string{"x", "y"}[i])
		}
	}
	equal, err := deepEqualNodes(m, []any{x, y})
	if err != nil {
		return false, err
	}
	return equal.(bool), nil
}

// HashOf is part of equivalence: of nodes that are equal the same.
func (*nodeComparer) HashOf(m *Machine, v any) (int32, error) {
	if v == nil {
		return 0, nil
	}
	n, ok := v.(xlinq.Node)
	if !ok {
		return 0, mustDerive("obj")
	}
	name := n.TypeName()
	if e, ok := n.(*xlinq.Element); ok {
		name = e.Name().Local
	}
	return int32(maphash.String(hashSeed, name)), m.Spend(1)
}

// Order is part of ordering.
func (*nodeComparer) Order(m *Machine, x, y any) (int, error) {
	for i, v := range []any{x, y} {
		if _, ok := v.(xlinq.Node); v != nil && !ok {
			return 0, mustDerive([]string{"x", "y"}[i])
		}
	}
	order, err := compareNodes(x, y)
	if err == nil {
		err = m.Spend(1)
	}
	return int(order), err
}

func mustDerive(param string) error {
	return dotnet.Argument("The argument must be derived from System.Xml.Linq.XNode.", param)
}

var (
	_ = declare("class "+nodeEqualityType+" : System.Collections.IEqualityComparer, System.Collections.Generic.IEqualityComparer<System.Xml.Linq.XNode>", func() []memberDecl {
		return []memberDecl{
			member("new()", func(*Machine, []any) (any, error) { return &nodeComparer{}, nil }),
			member("bool Equals(XNode x, XNode y)", comparerEquals),
			member("int GetHashCode(XNode obj)", comparerHash),
		}
	})
	_ = declare("class "+nodeOrderType+" : System.Collections.IComparer, System.Collections.Generic.IComparer<System.Xml.Linq.XNode>", func() []memberDecl {
		return []memberDecl{
			member("new()", func(*Machine, []any) (any, error) { return &nodeComparer{order: true}, nil }),
			member("int Compare(XNode x, XNode y)", comparerCompare),
		}
	})
	_ = extend("System.Xml.Linq.XNode", func() []memberDecl {
		return []memberDecl{
			member("static XNodeEqualityComparer EqualityComparer { get; }", func(*Machine, []any) (any, error) { return &nodeComparer{}, nil }),
			member("static XNodeDocumentOrderComparer DocumentOrderComparer { get; }", func(*Machine, []any) (any, error) { return &nodeComparer{order: true}, nil }),
		}
	})
	_ = extend("System.Xml.Linq.XObject", func() []memberDecl {
		return []memberDecl{
			member("void AddAnnotation(object annotation)", func(m *Machine, a []any) (any, error) {
				if a[1] == nil {
					return nil, dotnet.ArgumentNull("annotation")
				}
				notes := annotationsOf(a[0])
				*notes = append(*notes, a[1])
				return nil, m.Allocate(16)
			}),
			member("T Annotation<T>()", func(_ *Machine, t []*Type, a []any) (any, error) { return firstAnnotation(a[0], t[0]), nil }),
			member("object Annotation(Type type)", func(_ *Machine, a []any) (any, error) {
				if a[1] == nil {
					return nil, dotnet.ArgumentNull("type")
				}
				return firstAnnotation(a[0], a[1].(*typeObject).t), nil
			}),
			member("IEnumerable<T> Annotations<T>()", func(_ *Machine, t []*Type, a []any) (any, error) { return annotationsAs(a[0], t[0], t[0]), nil }),
			member("IEnumerable<object> Annotations(Type type)", func(_ *Machine, a []any) (any, error) {
				if a[1] == nil {
					return nil, dotnet.ArgumentNull("type")
				}
				return annotationsAs(a[0], a[1].(*typeObject).t, basic.object), nil
			}),
			member("void RemoveAnnotations<T>()", func(_ *Machine, t []*Type, a []any) (any, error) { removeAnnotations(a[0], t[0]); return nil, nil }),
			member("void RemoveAnnotations(Type type)", func(_ *Machine, a []any) (any, error) {
				if a[1] == nil {
					return nil, dotnet.ArgumentNull("type")
				}
				removeAnnotations(a[0], a[1].(*typeObject).t)
				return nil, nil
			}),
		}
	})
)

func annotationsOf(o any) *[]any { return o.(interface{ Annotations() *[]any }).Annotations() }

func firstAnnotation(o any, t *Type) any {
	for _, v := range *annotationsOf(o) {
		if isInstance(v, t) {
			return v
		}
	}
	return nil
}

func annotationsAs(o any, t, elem *Type) any {
	return newSequence(elem, func(*Machine) (Iterator, error) {
		var found []any
		for _, v := range *annotationsOf(o) {
			if isInstance(v, t) {
				found = append(found, v)
			}
		}
		return &sliceIterator{elems: found}, nil
	})
}

func removeAnnotations(o any, t *Type) {
	notes := annotationsOf(o)
	var kept []any
	for _, v := range *notes {
		if !isInstance(v, t) {
			kept = append(kept, v)
		}
	}
	*notes = kept
}
