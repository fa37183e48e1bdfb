package lint

import (
	"maps"
	"slices"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// state is what holds when a statement begins to run, on any of the ways that lead
// to it.
type state struct {
	// set are the variables that may have a value, and where they may have got it.
	set map[string][]set
	// open says that a statement before this may have set others.
	open bool
	// asked are variables that a condition around this found to be there.
	asked map[string]bool
	// consumed are the bodies that may be gone, and who took them.
	consumed map[string]consumer
	// checkedToken says that a token was validated on every way, checkedHeaders
	// which headers were compared with what is allowed.
	checkedToken   bool
	checkedHeaders map[string]bool
	// base says that a wider scope's statements have run.
	base bool
	// identity is the statement that put a token of the managed identity into the
	// request, host the one that says where it goes.
	identity, backend *policy.Node
}

type consumer struct {
	expression
	start, end int // of the read in the expression's text
}

func (s *state) clone() *state {
	c := *s
	c.set, c.asked, c.consumed, c.checkedHeaders = maps.Clone(s.set), maps.Clone(s.asked), maps.Clone(s.consumed), maps.Clone(s.checkedHeaders)
	return &c
}

// join is the state after one of several branches.
func join(branches []*state) *state {
	if len(branches) == 0 {
		return newState()
	}
	s := branches[0].clone()
	for _, b := range branches[1:] {
		for name, sets := range b.set {
			for _, one := range sets {
				if !slices.Contains(s.set[name], one) {
					s.set[name] = append(slices.Clip(s.set[name]), one)
				}
			}
		}
		for of, by := range b.consumed {
			if _, ok := s.consumed[of]; !ok {
				s.consumed[of] = by
			}
		}
		for name := range s.checkedHeaders {
			if !b.checkedHeaders[name] {
				delete(s.checkedHeaders, name)
			}
		}
		s.open = s.open || b.open
		s.base = s.base || b.base
		s.checkedToken = s.checkedToken && b.checkedToken
		if b.identity != s.identity {
			s.identity = nil
		}
		if b.backend != s.backend {
			s.backend = nil
		}
	}
	return s
}

func newState() *state {
	return &state{set: make(map[string][]set), asked: make(map[string]bool), consumed: make(map[string]consumer), checkedHeaders: make(map[string]bool)}
}

// flow goes through the statements in the order in which they run and shows each to
// the rules.
type flow struct {
	o *outcome
	// facts of the document itself.
	own *facts
	// around are those of the documents that run around it; nil if they are not known.
	around *facts
	// ends are the sections that no way leads out of.
	ends map[exchange.Section]bool
	// all are the statements in order.
	all []*statement
}

var sectionOrder = []exchange.Section{exchange.Inbound, exchange.Backend, exchange.Outbound, exchange.OnError}

// run goes through the document.
func (f *flow) run() {
	if f.o.section != "" {
		s := newState()
		s.open, s.base = true, true // whoever includes a fragment ran before it
		f.block(f.o.root.Children, s, nil, f.o.section, true)
		return
	}
	s := newState()
	everything := newState()
	for _, section := range sectionOrder {
		for _, n := range f.o.root.Children {
			if exchange.Section(n.Name) != section {
				continue
			}
			if section == exchange.OnError {
				s = everything.clone()
				s.consumed, s.checkedToken = make(map[string]consumer), false
			}
			s.base = false
			end, ended := f.block(n.Children, s, nil, section, true)
			f.ends[section] = ended
			f.sectionEnds(section, end, ended)
			everything = join([]*state{everything, end})
			s = end
			if ended {
				s = everything.clone() // on the ways that did not end
			}
			s.checkedHeaders = make(map[string]bool)
		}
	}
}

// sectionEnds judges what a section leaves behind.
func (f *flow) sectionEnds(section exchange.Section, s *state, ended bool) {
	if ended {
		return
	}
	switch section {
	case exchange.Inbound, exchange.Backend:
		f.bodyLost(s, "request")
	case exchange.Outbound:
		f.bodyLost(s, "response")
	}
}

// block goes through statements side by side. ended says that no way leads out of
// them.
func (f *flow) block(nodes []*policy.Node, s *state, parent *statement, section exchange.Section, always bool) (after *state, ended bool) {
	for i, n := range nodes {
		if n.Element() == nil {
			continue // told already: unknown, or where it must not be
		}
		st := &statement{node: n, section: section, parent: parent, always: always}
		f.all = append(f.all, st)
		s, ended = f.statement(st, s)
		if ended {
			if i+1 < len(nodes) {
				f.unreachable(n, nodes[i+1])
			}
			return s, true
		}
	}
	return s, false
}

// statement shows one to the rules and gives the state after it.
func (f *flow) statement(st *statement, s *state) (after *state, ended bool) {
	n := st.node
	switch n.Name {
	case "base":
		s = s.clone()
		s.base = true
		if f.around == nil {
			s.open = true
		} else {
			s.checkedToken = s.checkedToken || f.around.checksToken
		}
		return s, false
	case "include-fragment":
		if root := n.Fragment(); root != nil {
			return f.block(root.Children, s, st, st.section, st.always)
		}
		s = s.clone()
		s.open, s.base = true, true
		return s, false
	case "choose":
		return f.choose(st, s)
	case "retry":
		return f.retry(st, s)
	case "wait", "limit-concurrency":
		f.expressions(st, s)
		return f.together(st, s)
	}
	f.expressions(st, s)
	f.forgeable(st, s)
	f.tokenHost(st, s)
	s = f.effects(st, s)
	if holdsStatements(n) { // cache-value, and what may come
		after, _ := f.block(n.Children, s.clone(), st, st.section, false)
		return join([]*state{s, after}), false
	}
	return s, n.Name == "return-response"
}

// expressions shows what the statement itself reads.
func (f *flow) expressions(st *statement, s *state) {
	for _, e := range st.expressions() {
		f.readVariables(e, s)
		f.readBodies(e, s)
	}
	for _, name := range readsByName(st.node) {
		f.readByName(st.node, name, s)
	}
}

// effects is the state after the statement.
func (f *flow) effects(st *statement, s *state) *state {
	n := st.node
	s = s.clone()
	found, open := sets(n)
	s.open = s.open || open
	for _, one := range found {
		if st.always {
			s.set[one.name] = []set{one}
		} else {
			s.set[one.name] = append(slices.Clip(s.set[one.name]), one)
		}
		delete(s.consumed, "$"+one.name)
	}
	for _, c := range n.Children {
		found, open := sets(c) // authentication-managed-identity in a send-request
		s.open = s.open || open
		for _, one := range found {
			s.set[one.name] = append(slices.Clip(s.set[one.name]), one)
		}
	}
	switch n.Name {
	case "set-body", "find-and-replace", "json-to-xml", "xml-to-json", "xsl-transform":
		if st.section == exchange.Inbound || st.section == exchange.Backend {
			delete(s.consumed, "request")
		} else {
			delete(s.consumed, "response")
		}
	case "forward-request", "mock-response":
		delete(s.consumed, "response")
	case "validate-jwt", "validate-azure-ad-token":
		s.checkedToken = true
	case "check-header":
		if name, ok := literal(n, "name"); ok {
			s.checkedHeaders[canonical(name)] = true
		}
	case "authentication-managed-identity":
		if !n.Has("output-token-variable-name") {
			s.identity = n
		}
	case "set-backend-service":
		s.backend = n
	}
	return s
}

// choose goes through the branches, of which one runs.
func (f *flow) choose(st *statement, s *state) (after *state, ended bool) {
	var ends []*state
	otherwise := false
	condition := s
	for _, branch := range st.node.Children {
		inner := condition.clone()
		if branch.Name == "otherwise" {
			otherwise = true
		}
		if v := branch.Attr("condition"); v != nil {
			w := &statement{node: st.node, section: st.section, parent: st.parent, looked: true}
			w.add(branch, v)
			f.expressions(w, condition)
			f.alwaysSame(branch, v, w.known)
			condition = f.afterConditions(w, condition)
			inner = condition.clone()
			for _, e := range w.known {
				for _, u := range e.uses.Variables {
					inner.asked[u.Name] = inner.asked[u.Name] || u.Test || u.Optional
				}
			}
		}
		if branch.Element() == nil {
			continue
		}
		end, ended := f.block(branch.Children, inner, st, st.section, false)
		if !ended {
			end.asked = maps.Clone(s.asked)
			ends = append(ends, end)
		}
	}
	if !otherwise {
		ends = append(ends, condition)
	}
	if len(ends) == 0 {
		return s, true
	}
	return join(ends), false
}

// afterConditions is the state once a condition was evaluated: it may have read a
// body.
func (f *flow) afterConditions(w *statement, s *state) *state {
	s = s.clone()
	for _, e := range w.known {
		consume(e, s)
	}
	return s
}

// retry goes through statements that may run again after their own.
func (f *flow) retry(st *statement, s *state) (after *state, ended bool) {
	again := s.clone()
	ahead(st.node, again)
	after, ended = f.block(st.node.Children, again, st, st.section, st.always)
	f.expressions(st, after) // its condition comes after the first run
	return after, ended
}

// together goes through statements that run side by side, or are let in one by one.
func (f *flow) together(st *statement, s *state) (after *state, ended bool) {
	if st.node.Name == "wait" {
		s = s.clone()
		ahead(st.node, s)
		for _, c := range st.node.Children {
			after, _ := f.block([]*policy.Node{c}, s, st, st.section, st.always)
			s = join([]*state{s, after})
		}
		return s, false
	}
	return f.block(st.node.Children, s, st, st.section, st.always)
}

// ahead adds to s what the statements in n set.
func ahead(n *policy.Node, s *state) {
	for _, c := range n.Children {
		found, open := sets(c)
		s.open = s.open || open
		for _, one := range found {
			s.set[one.name] = append(slices.Clip(s.set[one.name]), one)
		}
		ahead(c, s)
		if root := c.Fragment(); root != nil {
			ahead(root, s)
		} else if c.Name == "include-fragment" {
			s.open = true
		}
	}
}
