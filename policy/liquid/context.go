package liquid

import (
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// NewContext is the value of context for an exchange. The page of set-body
// documents Request and Response only; the other members are those that
// expressions have. They are read when a template asks for them.
func NewContext(x *exchange.Exchange) any { return &record[*exchange.Exchange]{x, contextMembers} }

// record is an object whose members are computed from a value.
type record[T any] struct {
	of      T
	members []recordMember[T]
}

type recordMember[T any] struct {
	name string
	get  func(of T) any
	read func(r *run, of T) (any, error) // in place of get, if it can fail
}

func (m *recordMember[T]) value(r *run, of T) (any, error) {
	if m.read != nil {
		return m.read(r, of)
	}
	return m.get(of), nil
}

// opaque: a record leaves nothing where it is written.
func (*record[T]) opaque() {}

func (o *record[T]) member(r *run, name string) (any, bool, error) {
	for _, m := range o.members {
		if sameName(m.name, name) {
			v, err := m.value(r, o.of)
			return v, true, err
		}
	}
	return nil, false, nil
}

func (o *record[T]) pairs(r *run) ([]pair, error) {
	all := make([]pair, len(o.members))
	for i, m := range o.members {
		v, err := m.value(r, o.of)
		if err != nil {
			return nil, err
		}
		all[i] = pair{m.name, v}
	}
	return all, r.m.Allocate(48 * len(all))
}

// property is a member that can't fail.
func property[T any](name string, get func(of T) any) recordMember[T] {
	return recordMember[T]{name: name, get: get}
}

// entity is a record of what may be missing, nil then.
func entity[T any](of *T, members []recordMember[*T]) any {
	if of == nil {
		return nil
	}
	return &record[*T]{of, members}
}

var contextMembers = []recordMember[*exchange.Exchange]{
	property("Request", func(x *exchange.Exchange) any { return &record[*exchange.Request]{&x.Request, requestMembers} }),
	property("Response", func(x *exchange.Exchange) any { return newResponse(x.Response, x.Request.Method) }),
	property("Variables", func(x *exchange.Exchange) any { return variables{x} }),
	property("Api", func(x *exchange.Exchange) any { return entity(x.API, apiMembers) }),
	property("Operation", func(x *exchange.Exchange) any { return entity(x.Operation, operationMembers) }),
	property("Product", func(x *exchange.Exchange) any { return entity(x.Product, productMembers) }),
	property("Subscription", func(x *exchange.Exchange) any { return entity(x.Subscription, subscriptionMembers) }),
	property("User", func(x *exchange.Exchange) any { return entity(x.User, userMembers) }),
	property("Deployment", func(x *exchange.Exchange) any { return entity(x.Deployment, deploymentMembers) }),
	property("LastError", func(x *exchange.Exchange) any { return entity(x.LastError, lastErrorMembers) }),
	property("RequestId", func(x *exchange.Exchange) any { return x.ID }),
	property("Timestamp", func(x *exchange.Exchange) any { return dateTime(&x.Timestamp) }),
	property("Elapsed", func(x *exchange.Exchange) any {
		if x.Clock == nil {
			return nil
		}
		return dotnet.TimeSpan(x.Clock.Now().Sub(x.Timestamp).Nanoseconds() / 100)
	}),
	property("Tracing", func(x *exchange.Exchange) any { return x.Observed() }),
}

// variables are context.Variables.
type variables struct{ x *exchange.Exchange }

func (v variables) member(_ *run, name string) (any, bool, error) {
	if value, ok := v.x.Variables.Get(name); ok {
		return value, true, nil
	}
	for key, value := range v.x.Variables.All() {
		if sameName(key, name) {
			return value, true, nil
		}
	}
	return nil, false, nil
}

func (v variables) pairs(r *run) ([]pair, error) {
	all := make([]pair, 0, v.x.Variables.Len())
	for key, value := range v.x.Variables.All() {
		all = append(all, pair{key, value})
	}
	return all, r.m.Allocate(48 * len(all))
}

// headers are the headers of a message: each name once, with a string[].
type headers struct{ h *exchange.Header }

func (h headers) member(_ *run, name string) (any, bool, error) {
	values := h.h.Values(name)
	return texts(values), len(values) > 0, nil
}

func (h headers) pairs(r *run) ([]pair, error) {
	var all []pair
	for name := range h.h.All() {
		known := false
		for _, p := range all {
			known = known || sameName(p.key, name)
		}
		if !known {
			all = append(all, pair{name, texts(h.h.Values(name))})
		}
		if err := r.m.Spend(len(all)); err != nil {
			return nil, err
		}
	}
	return all, r.m.Allocate(64 * len(all))
}

// query are the parameters of a URL: each name once, with a string[].
type query string

func (q query) member(_ *run, name string) (any, bool, error) {
	values := exchange.QueryValues(string(q), name)
	return texts(values), len(values) > 0, nil
}

func (q query) pairs(r *run) ([]pair, error) {
	var all []pair
	known := make(map[string]bool)
	for piece := range strings.SplitSeq(string(q), "&") {
		name, _, _ := strings.Cut(piece, "=")
		name = dotnet.URLDecode(name)
		if name == "" || known[name] {
			continue
		}
		known[name] = true
		if err := r.m.Spend(len(q)/32 + 1); err != nil {
			return nil, err
		}
		all = append(all, pair{name, texts(exchange.QueryValues(string(q), name))})
	}
	return all, r.m.Allocate(64 * len(all))
}

// address is a URL: unlike other records, it has a text.
type address struct{ parts record[exchange.URL] }

func newAddress(u exchange.URL) any { return &address{record[exchange.URL]{u, urlMembers}} }

func (a *address) written() string { return a.parts.of.String() }

func (a *address) member(r *run, name string) (any, bool, error) { return a.parts.member(r, name) }

func (a *address) pairs(r *run) ([]pair, error) { return a.parts.pairs(r) }
