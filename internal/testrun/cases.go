package testrun

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/internal/yamlfile"
)

// A testCase is one line of a table of variables: ${name} in the test stands for its
// value. A scalar that is ${name} alone becomes the value itself, be it a number, null or
// a mapping; elsewhere the value's text is put in. Values keep their places in the
// table, so that messages about them lead there.
type testCase struct {
	names  []string
	values map[string]ast.Node
}

const casesKey = "cases"

// casesOf are the cases of a raw test; nil if it has none.
func casesOf(d *yamlfile.Decoder, test ast.Node) []testCase {
	table := valueOf(test, casesKey)
	if table == nil {
		return nil
	}
	sequence, ok := table.(*ast.SequenceNode)
	if !ok || len(sequence.Values) == 0 {
		d.Fail(yamlfile.PlaceOf(table), "cases is a list of mappings: the variables of each")
		return nil
	}
	var all []testCase
	for _, line := range sequence.Values {
		mapping, ok := line.(*ast.MappingNode)
		if !ok {
			d.Fail(yamlfile.PlaceOf(line), "a case is a mapping of variables and their values, not %s", yamlfile.Describe(line))
			return nil
		}
		c := testCase{values: make(map[string]ast.Node)}
		for _, entry := range mapping.Values {
			name := yamlfile.ScalarText(entry.Key)
			if c.values[name] != nil {
				d.Fail(yamlfile.PlaceOf(entry.Key), "the variable %q stands here for the second time", name)
			}
			c.names, c.values[name] = append(c.names, name), entry.Value
		}
		all = append(all, c)
	}
	return all
}

// valueOf is what a mapping has under a key, nil if nothing.
func valueOf(node ast.Node, key string) ast.Node {
	if mapping, ok := node.(*ast.MappingNode); ok {
		for _, entry := range mapping.Values {
			if yamlfile.ScalarText(entry.Key) == key {
				return entry.Value
			}
		}
	}
	return nil
}

// String tells the case from the others of its test.
func (c testCase) String() string {
	var parts []string
	for _, name := range c.names {
		value := yamlfile.Describe(c.values[name])
		if isScalar(c.values[name]) {
			value = c.text(name)
		}
		parts = append(parts, name+"="+value)
	}
	return strings.Join(parts, ", ")
}

func (c testCase) inName(test ast.Node) bool {
	name := valueOf(test, "name")
	return name != nil && isScalar(name) && variable().MatchString(yamlfile.ScalarText(name))
}

// text is a variable's value inside of a text.
func (c testCase) text(name string) string {
	if c.values[name].Type() == ast.NullType {
		return ""
	}
	return yamlfile.ScalarText(c.values[name])
}

func isScalar(node ast.Node) bool {
	_, ok := node.(ast.ScalarNode)
	return ok
}

// variable is ${name}; a further $ before it lets it stand as it is.
var variable = pattern.Lazy(`\$?\$\{([^{}]*)\}`)

// into is a test with the case put in; the table itself is left out.
func (c testCase) into(d *yamlfile.Decoder, test ast.Node) ast.Node {
	whole, ok := test.(*ast.MappingNode)
	if !ok {
		return test
	}
	without := *whole
	without.Values = slices.DeleteFunc(slices.Clone(whole.Values), func(entry *ast.MappingValueNode) bool {
		return yamlfile.ScalarText(entry.Key) == casesKey
	})
	return c.put(d, &without)
}

func (c testCase) put(d *yamlfile.Decoder, node ast.Node) ast.Node {
	switch n := node.(type) {
	case *ast.MappingNode:
		copied := *n
		copied.Values = nil
		for _, entry := range n.Values {
			e := *entry
			e.Value = c.put(d, entry.Value)
			if key, ok := entry.Key.(ast.ScalarNode); ok {
				if k, ok := c.scalar(d, key).(ast.MapKeyNode); ok {
					e.Key = k
				}
			}
			copied.Values = append(copied.Values, &e)
		}
		return &copied
	case *ast.SequenceNode:
		copied := *n
		copied.Values = make([]ast.Node, len(n.Values))
		for i, v := range n.Values {
			copied.Values[i] = c.put(d, v)
		}
		return &copied
	case ast.ScalarNode:
		return c.scalar(d, n)
	}
	return node
}

func (c testCase) scalar(d *yamlfile.Decoder, node ast.ScalarNode) ast.Node {
	if node.Type() != ast.StringType && node.Type() != ast.LiteralType {
		return node
	}
	text := yamlfile.ScalarText(node)
	if !variable().MatchString(text) {
		return node
	}
	if m := variable().FindStringSubmatch(text); m[0] == text && !strings.HasPrefix(text, "$$") {
		if value, ok := c.values[m[1]]; ok {
			return value
		}
	}
	replaced := variable().ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, "$$") {
			return found[1:]
		}
		name := variable().FindStringSubmatch(found)[1]
		value, ok := c.values[name]
		switch {
		case !ok:
			d.Fail(yamlfile.PlaceOf(node), "no case has a variable %q; this one has %s", name, strings.Join(c.names, ", "))
		case !isScalar(value):
			d.Fail(yamlfile.PlaceOf(node), "the variable %q is %s, which can't stand inside of a text", name, yamlfile.Describe(value))
		default:
			return c.text(name)
		}
		return found
	})
	at := *node.GetToken()
	return ast.String(&token.Token{Type: token.StringType, Value: replaced, Origin: replaced, Position: at.Position})
}
