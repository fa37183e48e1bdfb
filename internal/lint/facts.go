package lint

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
)

// facts are what a document tells the rules of other documents, which run before,
// after and around it.
type facts struct {
	sets        map[string]bool
	reads       map[string]bool
	setsOthers  bool // by names that are not known, or in fragments that are not
	readsOthers bool
	checksToken bool // it validates a token in inbound, whatever the request
}

// facts gathers them of a checked document.
func (o *outcome) facts() *facts {
	f := &facts{sets: make(map[string]bool), reads: make(map[string]bool)}
	for _, section := range o.root.Children {
		if o.section != "" {
			f.gather(&statement{node: section})
			continue
		}
		for _, n := range section.Children {
			f.gather(&statement{node: n})
			if section.Name == "inbound" && (n.Name == "validate-jwt" || n.Name == "validate-azure-ad-token") {
				f.checksToken = true
			}
		}
	}
	return f
}

func (f *facts) gather(st *statement) {
	n := st.node
	for _, e := range st.expressions() {
		f.readsOthers = f.readsOthers || e.uses.AllVariables
		for _, u := range e.uses.Variables {
			f.reads[u.Name] = true
		}
	}
	for _, name := range readsByName(n) {
		f.reads[name] = true
	}
	for _, one := range allSets(n, &f.setsOthers) {
		f.sets[one.name] = true
	}
	if n.Name == "include-fragment" && n.Fragment() == nil {
		f.setsOthers, f.readsOthers = true, true
	}
	if n.Element() == nil {
		f.readsOthers, f.setsOthers = true, true
	}
	if root := n.Fragment(); root != nil {
		for _, c := range root.Children {
			f.gather(&statement{node: c})
		}
	}
	f.nested(n)
}

// nested gathers of the statements that stand in n.
func (f *facts) nested(n *policy.Node) {
	for _, c := range n.Children {
		switch {
		case holdsStatements(n):
			f.gather(&statement{node: c})
		default:
			f.nested(c)
		}
	}
}

// allSets are the variables that a statement or its parts set.
func allSets(n *policy.Node, open *bool) []set {
	found, isOpen := sets(n)
	*open = *open || isOpen
	if !holdsStatements(n) {
		for _, c := range n.Children {
			if !holdsStatements(c) {
				found = append(found, allSets(c, open)...)
			}
		}
	}
	return found
}

// aroundFacts are those of the documents around the target together; nil if they are
// not known.
func (o *outcome) aroundFacts() *facts {
	w := o.t.world
	if w == nil || w.facts == nil {
		return nil
	}
	all := &facts{sets: make(map[string]bool), reads: make(map[string]bool)}
	for _, path := range o.t.around {
		f := w.facts[path]
		if f == nil {
			continue
		}
		for name := range f.sets {
			all.sets[name] = true
		}
		for name := range f.reads {
			all.reads[name] = true
		}
		all.setsOthers, all.readsOthers = all.setsOthers || f.setsOthers, all.readsOthers || f.readsOthers
		all.checksToken = all.checksToken || f.checksToken && slices.Contains(o.t.wider, path)
	}
	return all
}
