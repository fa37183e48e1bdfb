package service

import (
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// config is apim.yaml. docs/apim.schema.json describes it to editors; a test
// keeps the two alike.
type config struct {
	Name          text                  `yaml:"name"`
	Region        text                  `yaml:"region"`
	Policy        text                  `yaml:"policy"`
	NamedValues   map[string]namedValue `yaml:"namedValues"`
	Fragments     map[string]text       `yaml:"fragments"`
	Certificates  map[string]text       `yaml:"certificates"`
	APIs          []apiConfig           `yaml:"apis"`
	Products      []productConfig       `yaml:"products"`
	Subscriptions []subscriptionConfig  `yaml:"subscriptions"`
	Hosts         map[string]text       `yaml:"hosts"`

	Entra           section `yaml:"entra"`
	ManagedIdentity section `yaml:"managedIdentity"`
	AzureOpenAI     section `yaml:"azureOpenAI"`
}

type apiConfig struct {
	Name                 text              `yaml:"name"`
	Path                 text              `yaml:"path"`
	Version              text              `yaml:"version"`
	Revision             text              `yaml:"revision"`
	Backend              text              `yaml:"backend"`
	Policy               text              `yaml:"policy"`
	SubscriptionRequired *bool             `yaml:"subscriptionRequired"`
	SubscriptionKey      keyNames          `yaml:"subscriptionKey"`
	Operations           []operationConfig `yaml:"operations"`
}

type keyNames struct {
	Header text `yaml:"header"`
	Query  text `yaml:"query"`
}

type operationConfig struct {
	Name        text `yaml:"name"`
	Method      text `yaml:"method"`
	URLTemplate text `yaml:"urlTemplate"`
	Policy      text `yaml:"policy"`
}

type productConfig struct {
	Name                 text   `yaml:"name"`
	APIs                 []text `yaml:"apis"`
	Policy               text   `yaml:"policy"`
	SubscriptionRequired *bool  `yaml:"subscriptionRequired"`
}

type subscriptionConfig struct {
	Name         text `yaml:"name"`
	Product      text `yaml:"product"`
	API          text `yaml:"api"`
	PrimaryKey   text `yaml:"primaryKey"`
	SecondaryKey text `yaml:"secondaryKey"`
	State        text `yaml:"state"`
}

// namedValue is written as its text, or as a mapping with value, env or file.
type namedValue struct {
	at     position
	Value  *text `yaml:"value"`
	Env    text  `yaml:"env"`
	File   text  `yaml:"file"`
	Secret bool  `yaml:"secret"`
}

func (v *namedValue) UnmarshalYAML(node ast.Node) error {
	v.at = positionOf(node)
	if _, ok := node.(*ast.MappingNode); !ok {
		var plain text
		if err := plain.UnmarshalYAML(node); err != nil {
			return err
		}
		v.Value = &plain
		return nil
	}
	type mapping namedValue
	at := v.at
	if err := yaml.NodeToValue(node, (*mapping)(v), yaml.Strict()); err != nil {
		return err
	}
	v.at = at
	return nil
}

// text is a scalar with its place in the file.
type text struct {
	Value string
	at    position
}

func (t *text) UnmarshalYAML(node ast.Node) error {
	t.at = positionOf(node)
	switch n := node.(type) {
	case *ast.NullNode:
		return nil
	case *ast.StringNode:
		t.Value = n.Value
	case *ast.LiteralNode:
		t.Value = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		t.Value = node.GetToken().Value // as it was written
	default:
		return &fault{t.at, fmt.Sprintf("a text is wanted here, not a %s", node.Type())}
	}
	return nil
}

// section is the raw YAML of an emulated party.
type section struct{ node ast.Node }

func (s *section) UnmarshalYAML(node ast.Node) error {
	s.node = node
	return nil
}

// Parties are the sections of apim.yaml for the emulated parties.
type Parties struct {
	file                                string
	entra, managedIdentity, azureOpenAI ast.Node
}

// DecodeEntra, DecodeManagedIdentity and DecodeAzureOpenAI read a section into
// v, which holds the defaults; without the section they leave v as it is. An
// error says file, line and column.

// DecodeEntra reads the section "entra".
func (p *Parties) DecodeEntra(v any) error { return p.decode(p.entra, v) }

// DecodeManagedIdentity reads the section "managedIdentity".
func (p *Parties) DecodeManagedIdentity(v any) error { return p.decode(p.managedIdentity, v) }

// DecodeAzureOpenAI reads the section "azureOpenAI".
func (p *Parties) DecodeAzureOpenAI(v any) error { return p.decode(p.azureOpenAI, v) }

func (p *Parties) decode(node ast.Node, v any) error {
	if node == nil {
		return nil
	}
	if err := yaml.NodeToValue(node, v, yaml.Strict()); err != nil {
		return locate(p.file, err)
	}
	if c, ok := v.(interface{ Validate() error }); ok {
		if err := c.Validate(); err != nil {
			at := positionOf(node)
			return fmt.Errorf("%s:%d:%d: %w", p.file, at.line, at.col, err)
		}
	}
	return nil
}
