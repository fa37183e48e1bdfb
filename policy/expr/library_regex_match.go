package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Match is a Group, and that a Capture: a part of the input.

var _ = declare("class "+regexNamespace+"Capture", func() []memberDecl {
	return []memberDecl{
		member("int Index { get; }", func(_ *Machine, a []any) (any, error) { return int32(captureArg(a).span().Index), nil }),
		member("int Length { get; }", func(_ *Machine, a []any) (any, error) { return int32(captureArg(a).span().Length), nil }),
		member("string Value { get; }", func(m *Machine, a []any) (any, error) { return m.Text(a[0]) }),
	}
})

var _ = declare("class "+regexNamespace+"Group : "+regexNamespace+"Capture", func() []memberDecl {
	return []memberDecl{
		member("bool Success { get; }", func(_ *Machine, a []any) (any, error) { return len(groupArg(a).captures) > 0, nil }),
		member("string Name { get; }", func(_ *Machine, a []any) (any, error) { return groupArg(a).name, nil }),
		member("CaptureCollection Captures { get; }", func(_ *Machine, a []any) (any, error) {
			g := groupArg(a)
			if g.all == nil {
				g.all = &capturesObject{group: g, last: a[0]}
			}
			return g.all, nil
		}),
	}
})

var _ = declare("class "+regexNamespace+"Match : "+regexNamespace+"Group", func() []memberDecl {
	return []memberDecl{
		member("static Match Empty { get; }", func(*Machine, []any) (any, error) { return emptyMatch, nil }),
		member("GroupCollection Groups { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*matchObject).groups, nil }),
		member("Match NextMatch()", func(m *Machine, a []any) (any, error) { return a[0].(*matchObject).next(m) }),
		member("string Result(string replacement)", func(m *Machine, a []any) (any, error) {
			found := a[0].(*matchObject).found
			switch {
			case a[1] == nil:
				return nil, dotnet.ArgumentNull("replacement")
			case found == nil:
				return nil, notSupported("Result cannot be called on a failed Match.")
			}
			replacement, err := found.Regex().NewReplacement(a[1].(string))
			if err != nil {
				return nil, err
			}
			s := replacement.Of(found)
			return s, m.Allocate(len(s))
		}),
		member("static Match Synchronized(Match inner)", func(_ *Machine, a []any) (any, error) { return a[0], notNull(a, "inner") }),
	}
})

// captureObject is a Capture, and part of the others.
type captureObject struct {
	in *dotnet.RegexInput // nil of what was not found
	at dotnet.RegexSpan
}

func (c *captureObject) span() dotnet.RegexSpan { return c.at }

// DotnetType is part of Object.
func (*captureObject) DotnetType() *Type { return typeOf(regexNamespace + "Capture") }

// ToString is part of Texter.
func (c *captureObject) ToString(m *Machine) (string, error) {
	if c.in == nil {
		return "", nil
	}
	return c.in.Slice(c.at.Index, c.at.Index+c.at.Length), m.Allocate(c.at.Length)
}

// groupObject is a Group: as a capture it is its last one.
type groupObject struct {
	captureObject
	name     string
	captures []dotnet.RegexSpan
	all      *capturesObject // made when it is asked for
}

// DotnetType is part of Object.
func (*groupObject) DotnetType() *Type { return typeOf(regexNamespace + "Group") }

func (g *groupObject) group() *groupObject { return g }

func newGroup(in *dotnet.RegexInput, name string, captures []dotnet.RegexSpan) groupObject {
	g := groupObject{name: name, captures: captures}
	if n := len(captures); n > 0 {
		g.captureObject = captureObject{in, captures[n-1]}
	}
	return g
}

// matchObject is a Match.
type matchObject struct {
	groupObject
	found  *dotnet.RegexMatch // nil of Match.Empty
	groups *groupsObject
}

// DotnetType is part of Object.
func (*matchObject) DotnetType() *Type { return typeOf(regexNamespace + "Match") }

// matchSize is what a match takes, roughly.
const matchSize = 200

// newMatch is what was found; nil is Match.Empty.
func newMatch(found *dotnet.RegexMatch) *matchObject {
	if found == nil {
		return emptyMatch
	}
	o := &matchObject{groupObject: newGroup(found.Input(), "0", found.Groups[0]), found: found}
	o.groups = &groupsObject{match: o}
	return o
}

// emptyMatch is Match.Empty, what every search that finds nothing gives. It is
// complete, since evaluations share it.
var emptyMatch = func() *matchObject {
	o := &matchObject{groupObject: groupObject{name: "0"}}
	o.groups = &groupsObject{match: o}
	o.all = &capturesObject{group: &o.groupObject, last: o}
	return o
}()

func (o *matchObject) next(m *Machine) (any, error) {
	if o.found == nil {
		return o, nil
	}
	return m.search(o.found.Next)
}

// search makes a Match of what a search finds.
func (m *Machine) search(how func() (*dotnet.RegexMatch, error)) (*matchObject, error) {
	var found *dotnet.RegexMatch
	err := m.timed(func() (err error) {
		found, err = how()
		return err
	})
	if err != nil {
		return nil, err
	}
	return newMatch(found), m.Allocate(matchSize)
}

func captureArg(a []any) interface{ span() dotnet.RegexSpan } {
	return a[0].(interface{ span() dotnet.RegexSpan })
}

func groupArg(a []any) *groupObject { return a[0].(interface{ group() *groupObject }).group() }

func regexMatch(m *Machine, r *dotnet.Regex, a []any) (any, error) {
	in, err := inputArg(m, a[0])
	if err != nil {
		return nil, err
	}
	if len(a) > 2 {
		from, length := intArg(a[1]), intArg(a[2])
		return m.search(func() (*dotnet.RegexMatch, error) { return r.MatchPart(in, from, length) })
	}
	start := startArg(r, in, a, 1)
	return m.search(func() (*dotnet.RegexMatch, error) { return r.Match(in, start) })
}

func regexMatches(m *Machine, r *dotnet.Regex, a []any) (any, error) {
	in, err := inputArg(m, a[0])
	if err != nil {
		return nil, err
	}
	start := startArg(r, in, a, 1)
	if err := r.CheckStart(in, start); err != nil {
		return nil, err
	}
	return &matchesObject{search: func() (*dotnet.RegexMatch, error) { return r.Match(in, start) }}, nil
}
