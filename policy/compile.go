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

	sections map[exchange.Section]block
}

// Compile binds, checks and compiles a document for a scope. The error is
// [Diagnostics] of severity Error, all that were found.
func Compile(d *Document, scope exchange.Scope, b Bindings, c *Catalogue) (*Compiled, error) {
	root, found := Bind(d, b)
	found = append(found, Check(root, c)...)
	compiled := &Compiled{Name: d.Name, Scope: scope, sections: make(map[exchange.Section]block)}
	compiler := compiler{catalogue: c, scope: scope, found: found}
	if len(found.Of(Error)) == 0 {
		for _, n := range root.Children {
			section := exchange.Section(n.Name)
			compiler.section = section
			compiled.sections[section] = compiler.block(n.Children, "")
		}
	}
	compiler.found.Sort()
	if faults := compiler.found.Of(Error); len(faults) > 0 {
		return nil, faults
	}
	compiled.References = compiler.references
	compiled.Unsupported, compiled.Warnings = compiler.found.Of(Unsupported), compiler.found.Of(Warning)
	return compiled, nil
}

type compiler struct {
	catalogue *Catalogue
	scope     exchange.Scope
	section   exchange.Section
	found     Diagnostics

	references []Reference
}

func (c *compiler) block(nodes []*Node, path string) block {
	var b block
	for i, n := range nodes {
		d := c.catalogue.Lookup(n.Name)
		if !d.Runs() {
			continue // Check has said so
		}
		if n.Name == includeFragment {
			b = append(b, c.block(n.Children, path)...)
			continue
		}
		if !n.runs() {
			continue
		}
		n.place(c.siteOf(n, levelPath(path, nodes, i)))
		step, err := d.Compile(n)
		if err != nil {
			var fault Diagnostic
			if !errors.As(err, &fault) {
				fault = n.Fault(Error, nil, "%s", err)
			}
			c.found = append(c.found, fault)
			continue
		}
		c.references = append(c.references, n.references...)
		s := statement{site: n.site, step: step}
		if n.Name == baseName {
			s.site = nil
		}
		b = append(b, s)
	}
	return b
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

// levelPath is a statement's LastError.Path: its name, numbered from 1 where the
// same element is repeated among its siblings.
func levelPath(parent string, siblings []*Node, i int) string {
	index, total := 0, 0
	for j, s := range siblings {
		if s.Name == siblings[i].Name {
			total++
			if j <= i {
				index++
			}
		}
	}
	name := siblings[i].Name
	if total > 1 {
		name = fmt.Sprintf("%s[%d]", name, index)
	}
	if parent == "" {
		return name
	}
	return parent + `\` + name
}
