package expr

import (
	"strings"
	"sync"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// A member of an interface calls what the receiver's own type has for it: an
// explicit implementation, or else its public member.

// explicit are explicit implementations of interface members, by the full name
// of the type and "ICollection.Add" of the interface; what sets has a = behind.
var explicit = make(map[string]map[string]Func)

// implement adds the explicit implementations of a type. As declare, it is called
// from package-level variables only.
func implement(name string, members map[string]Func) struct{} {
	explicit[name] = members
	return struct{}{}
}

// virtual declares a member of an interface that its implementations have.
func virtual(of, name, signature string) memberDecl {
	if strings.Contains(signature, "set;") {
		return member(signature, virtualCall(of, name, false), virtualCall(of, name, true))
	}
	return member(signature, virtualCall(of, name, false))
}

type slot struct {
	receiver *Type
	of, name string
	args     int
	set      bool
}

var slots sync.Map // slot -> Func

func virtualCall(of, name string, set bool) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		s := slot{DynamicType(a[0]), of, name, len(a) - 1, set}
		f, ok := slots.Load(s)
		if !ok {
			f = s.find()
			slots.Store(s, f)
		}
		return f.(Func)(m, a)
	}
}

// find is the implementation of a member; one that throws if the type has none.
func (s slot) find() Func {
	var best *Member
	for _, level := range s.receiver.levels() {
		if level.def == nil {
			continue
		}
		key := s.of + "." + s.name
		if s.set {
			key += "="
		}
		if f := explicit[level.def.Name][key]; f != nil {
			return f
		}
		if level.kind == Interface {
			continue // its members lead here
		}
		for _, m := range level.def.MembersNamed(s.name) {
			if m.Static || m.generic != nil || s.implementation(m) == nil || best != nil && takesObject(m) {
				continue
			}
			best = m
		}
		if best != nil {
			return s.implementation(best)
		}
	}
	return func(*Machine, []any) (any, error) {
		return nil, dotnet.NewException("System.NotSupportedException", "Specified method is not supported.")
	}
}

// implementation is m's where it takes the arguments; nil where it does not.
func (s slot) implementation(m *Member) Func {
	params := len(m.Params)
	if s.set {
		if params++; params == s.args {
			return m.set
		}
		return nil
	}
	if params == s.args {
		return m.get
	}
	return nil
}

func takesObject(m *Member) bool {
	for _, p := range m.Params {
		if p.Type == basic.object {
			return true
		}
	}
	return false
}
