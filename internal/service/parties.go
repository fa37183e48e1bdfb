package service

import (
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/internal/yamlfile"
)

// Parties are the sections of apim.yaml for the emulated parties. Their packages
// own the types that the sections are read into; here is only how.
type Parties struct {
	file                                string
	entra, managedIdentity, azureOpenAI ast.Node
}

// DecodeEntra reads the section "entra" into v, which points to a struct with
// the defaults; without the section v stays as it is. If v has a method Validate
// it is called. The error is a line for each fault, file:line:col first.
func (p *Parties) DecodeEntra(v any) error { return p.decode(p.entra, v) }

// DecodeManagedIdentity is [Parties.DecodeEntra] for the section
// "managedIdentity".
func (p *Parties) DecodeManagedIdentity(v any) error { return p.decode(p.managedIdentity, v) }

// DecodeAzureOpenAI is [Parties.DecodeEntra] for the section "azureOpenAI".
func (p *Parties) DecodeAzureOpenAI(v any) error { return p.decode(p.azureOpenAI, v) }

func (p *Parties) decode(node ast.Node, v any) error {
	if node == nil {
		return nil
	}
	d := &yamlfile.Decoder{File: p.file}
	d.Into(node, v)
	if c, ok := v.(interface{ Validate() error }); ok && len(d.Found) == 0 {
		if err := c.Validate(); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				d.Fail(placeOfPath(node, line), "%s", line)
			}
		}
	}
	return yamlfile.Report(d.Found, "")
}

// pathStep is a key or an index of a path such as entra.tenants[0].apps[1].name.
var pathStep = pattern.Lazy(`^(?:\.([^.\[:]+)|\[(\d+)\])`)

// placeOfPath is where the member stands whose path, from the section on, a
// message begins with; the last member of the path that is written down, if not
// all are.
func placeOfPath(section ast.Node, message string) yamlfile.Place {
	node, rest := section, message[max(strings.IndexAny(message, ".[:"), 0):]
	for {
		step := pathStep().FindStringSubmatch(rest)
		if step == nil {
			return yamlfile.PlaceOf(node)
		}
		next := child(node, step[1], step[2])
		if next == nil {
			return yamlfile.PlaceOf(node)
		}
		node, rest = next, rest[len(step[0]):]
	}
}

func child(node ast.Node, key, index string) ast.Node {
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, entry := range n.Values {
			if key != "" && yamlfile.ScalarText(entry.Key) == key {
				return entry.Value
			}
		}
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(index); err == nil && i < len(n.Values) {
			return n.Values[i]
		}
	}
	return nil
}
