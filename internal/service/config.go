package service

import "github.com/goccy/go-yaml/ast"

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
	place
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
	place
	Name        text `yaml:"name"`
	Method      text `yaml:"method"`
	URLTemplate text `yaml:"urlTemplate"`
	Policy      text `yaml:"policy"`
}

type productConfig struct {
	place
	Name                 text   `yaml:"name"`
	APIs                 []text `yaml:"apis"`
	Policy               text   `yaml:"policy"`
	SubscriptionRequired *bool  `yaml:"subscriptionRequired"`
}

type subscriptionConfig struct {
	place
	Name         text `yaml:"name"`
	Product      text `yaml:"product"`
	API          text `yaml:"api"`
	PrimaryKey   text `yaml:"primaryKey"`
	SecondaryKey text `yaml:"secondaryKey"`
	State        text `yaml:"state"`
}

// activeState is the state of a subscription whose keys let calls through;
// states are all that there are (runtime.md, Subscription keys).
const activeState = "active"

var states = []string{activeState, "suspended", "cancelled", "rejected", "submitted", "expired"}

// namedValue is written as its text, or as a mapping with value, env or file.
type namedValue struct {
	place
	Value *text `yaml:"value"`
	Env   text  `yaml:"env"`
	File  text  `yaml:"file"`
}

func (v *namedValue) decodeYAML(d *decoder, node ast.Node) {
	type mapping namedValue // which does not decode itself
	if _, ok := node.(*ast.MappingNode); ok {
		d.into(node, (*mapping)(v))
		return
	}
	d.into(node, &v.Value)
}

// text is a scalar with its place in the file.
type text struct {
	place
	Value string
}

func (t *text) decodeYAML(d *decoder, node ast.Node) {
	if _, ok := node.(ast.ScalarNode); !ok {
		d.fail(t.place, "a text is wanted here, not %s", describe(node))
		return
	}
	t.Value = scalarText(node)
}

// or is where the text stands, or where what lacks it stands.
func (t *text) or(owner place) place {
	if t.line == 0 {
		return owner
	}
	return t.place
}

// section is the raw YAML of an emulated party; nil if there is none.
type section struct{ node ast.Node }

func (s *section) decodeYAML(_ *decoder, node ast.Node) { s.node = node }
