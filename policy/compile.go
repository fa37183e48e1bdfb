package policy

import (
	"errors"
	"fmt"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Compiled is a document made ready to run in one scope.
type Compiled struct {
	// Name is the document's.
	Name  string
	Scope exchange.Scope
	// Unsupported are the statements and attributes that are known but don't run
	// in this version. A program that holds any must not be executed.
	Unsupported Diagnostics
	// Warnings are findings that don't keep it from running.
	Warnings Diagnostics
	// References are the addresses that its statements will call.
	References []Reference
	// InClear are the secrets that stand in it, where named values should.
	InClear []string

	sections map[exchange.Section]Block
}

// Compile binds, checks and compiles a document for a scope. The error is
// [Diagnostics] of severity Error, all that were found.
func Compile(d *Document, scope exchange.Scope, b Bindings, c *Catalogue) (*Compiled, error) {
	root, found := Bind(d, b)
	return compile(root, append(found, Check(root, scope, c)...), scope, c)
}

// Remarks are what compiling tells of a document that Check has nothing against.
func Remarks(root *Node, scope exchange.Scope, c *Catalogue) Diagnostics {
	compiled, err := compile(root, nil, scope, c)
	if err != nil {
		return err.(Diagnostics) // as compile promises
	}
	return append(compiled.Unsupported, compiled.Warnings...)
}

// compile makes a checked document ready, of which so much was found.
func compile(root *Node, found Diagnostics, scope exchange.Scope, c *Catalogue) (*Compiled, error) {
	compiled := &Compiled{Name: root.doc.Name, Scope: scope, sections: make(map[exchange.Section]Block)}
	compiler := compiler{catalogue: c, scope: scope, found: found}
	if len(found.Of(Error)) == 0 && root.Name == policiesRoot { // no resolver runs
		for _, n := range root.Children {
			section := exchange.Section(n.Name)
			compiler.section = section
			compiled.sections[section] = compiler.block(n.Children, "")
		}
	}
	compiler.found.Sort()
	found = compiler.found.Unique()
	if faults := found.Of(Error); len(faults) > 0 {
		return nil, faults
	}
	compiled.References, compiled.InClear = compiler.references, root.inClear()
	compiled.Unsupported, compiled.Warnings = found.Of(Unsupported), found.Of(Warning)
	return compiled, nil
}

type compiler struct {
	catalogue *Catalogue
	scope     exchange.Scope
	section   exchange.Section
	found     Diagnostics

	references []Reference
}

// block compiles statements that stand side by side at path.
func (c *compiler) block(nodes []*Node, path string) Block {
	nodes = included(nodes)
	paths := levelPaths(path, nodes)
	var b Block
	for i, n := range nodes {
		d := c.catalogue.Lookup(n.Name)
		if !d.Runs() || !n.runs() {
			continue // Check has said so
		}
		n.place(c.siteOf(n, paths[i]))
		c.nested(n, paths[i])
		step, err := d.Compile(n)
		c.gather(n)
		if err != nil {
			var fault Diagnostic
			if !errors.As(err, &fault) {
				fault = n.Fault(Error, nil, "%s", err)
			}
			rule := RuleStatementInvalid
			if fault.Severity == Unsupported {
				rule = RuleNotEmulated
			}
			c.found = append(c.found, fault.orUnder(rule))
			continue
		}
		s := statement{site: n.site, step: step, keeps: c.keeps(n)}
		if n.Name == baseName {
			s.site = nil
		}
		b = append(b, s)
	}
	return b
}

// keeps are the Keeps of n and of the statements in it.
func (c *compiler) keeps(n *Node) []string {
	var all []string
	if d := c.catalogue.Lookup(n.Name); d != nil && d.Keeps != "" {
		all = append(all, d.Keeps)
	}
	children := n.Children
	if n.fragment != nil {
		children = n.fragment.Children
	}
	for _, child := range children {
		all = append(all, c.keeps(child)...)
	}
	return all
}

// nested compiles the statements that stand in n, which is at path.
func (c *compiler) nested(n *Node, path string) {
	n.path = path
	if n.def.Statements {
		n.block = c.block(n.Children, path)
		return
	}
	paths := levelPaths(path, n.Children)
	for i, child := range n.Children {
		c.nested(child, paths[i])
	}
}

// included are the statements with those of fragments in their places.
func included(nodes []*Node) []*Node {
	var all []*Node
	for _, n := range nodes {
		switch {
		case n.Name != includeFragment:
			all = append(all, n)
		case n.fragment != nil:
			all = append(all, n.fragment.Children...)
		}
	}
	return all
}

// gather collects what compiling left on n and below it.
func (c *compiler) gather(n *Node) {
	c.references = append(c.references, n.references...)
	c.found = append(c.found, n.warnings...)
	if n.def.Statements {
		return // which were statements of their own
	}
	for _, child := range n.Children {
		c.gather(child)
	}
}

func (c *compiler) siteOf(n *Node, path string) *exchange.Site {
	line, col := n.doc.lineCol(n.at)
	site := &exchange.Site{Statement: n.Name, Document: n.doc.Name, Line: line, Col: col, Scope: c.scope, Section: c.section, Path: path}
	if id := n.Attr("id"); id != nil {
		site.PolicyID = id.Text
	}
	return site
}

// place tells n and what stands below it where the statement is.
func (n *Node) place(site *exchange.Site) {
	n.site = site
	for _, c := range n.Children {
		c.place(site)
	}
}

// levelPaths are the LastError.Path of statements that stand side by side: their
// names, numbered from 1 where the same element is repeated.
func levelPaths(parent string, nodes []*Node) []string {
	if parent != "" {
		parent += `\`
	}
	total, before := make(map[string]int), make(map[string]int)
	for _, n := range nodes {
		total[n.Name]++
	}
	paths := make([]string, len(nodes))
	for i, n := range nodes {
		paths[i] = parent + n.Name
		if total[n.Name] > 1 {
			before[n.Name]++
			paths[i] += fmt.Sprintf("[%d]", before[n.Name])
		}
	}
	return paths
}
