package limits

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// counted is an api or operation child: an entity of the product with a limit of
// its own.
func counted(name, doc string, limit []policy.Attribute) policy.Element {
	return policy.Element{
		Name: name,
		Doc:  doc,
		Attributes: slices.Concat([]policy.Attribute{
			{Name: "name", Doc: "It by its name.", Type: policy.String, ExpressionOpen: true},
			{Name: "id", Doc: "It by its id, which wins over the name.", Type: policy.String, ExpressionOpen: true},
		}, limit),
		AtLeastOne: [][]string{{"name", "id"}},
	}
}

// entity is an API or an operation that a child names.
type entity struct {
	name, id policy.Operand[string]
	byID     bool
}

func newEntity(n *policy.Node) entity {
	return entity{n.String("name"), n.String("id"), n.Has("id")}
}

// is reports whether it is the one with that id and name. Of several with one name each is
// meant.
func (e *entity) is(r *policy.Run, id, name string) (bool, error) {
	if e.byID {
		wanted, err := e.id.Get(r)
		return wanted == id, err
	}
	wanted, err := e.name.Get(r)
	return wanted == name, err
}

// limited is a statement, or a child of it, with a limit of its own of type L.
type limited[L any] struct {
	entity
	limit    L
	children []limited[L]
}

// newLimited reads the limits of a statement and of its children.
func newLimited[L any](n *policy.Node, read func(n *policy.Node) L) limited[L] {
	l := limited[L]{limit: read(n)}
	for _, child := range []string{"api", "operation"} {
		for _, c := range n.ChildrenNamed(child) {
			own := newLimited(c, read)
			own.entity = newEntity(c)
			l.children = append(l.children, own)
		}
	}
	return l
}

// level is how deep a limit stands: that of the statement, of an API, of an operation.
type level int

// most is how many limits a request can meet.
const most = 3

// met calls f for each limit that a request meets, the widest first.
func (l *limited[L]) met(r *policy.Run, f func(at level, limit *L)) error {
	f(0, &l.limit)
	api, err := find(r, l.children, r.API.ID, r.API.Name)
	if api == nil {
		return err
	}
	f(1, &api.limit)
	operation, err := find(r, api.children, r.Operation.ID, r.Operation.Name)
	if operation != nil {
		f(2, &operation.limit)
	}
	return err
}

func find[L any](r *policy.Run, children []limited[L], id, name string) (*limited[L], error) {
	for i := range children {
		if is, err := children[i].is(r, id, name); is || err != nil {
			return &children[i], err
		}
	}
	return nil, nil
}

// counterID names the counter of a limit of the subscription: what the statement is for,
// by its scope, and what the child is for count apart.
func counterID(r *policy.Run, statement string, scope exchange.Scope, at level) policy.CounterID {
	id := policy.CounterID{Statement: statement, Key: r.Subscription.ID}
	switch {
	case scope == exchange.ScopeProduct && r.Product != nil:
		id.Product = r.Product.ID
	case scope == exchange.ScopeAPI:
		id.API = r.API.ID
	case scope == exchange.ScopeOperation:
		id.API, id.Operation = r.API.ID, r.Operation.ID
	}
	switch at {
	case 1:
		id.Statement += "/api"
		id.API = r.API.ID
	case 2:
		id.Statement += "/api/operation"
		id.API, id.Operation = r.API.ID, r.Operation.ID
	}
	return id
}
