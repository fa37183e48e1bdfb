package testrun

import (
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/azureopenai"
	"github.com/apimulator/apimulator/internal/yamlfile"
)

// expectConfig is what has to come of a request. What is left out is not looked at.
type expectConfig struct {
	yamlfile.Place
	Status    *placed[int]    `yaml:"status"`
	Statuses  []int           `yaml:"statuses"`
	Reason    textExpect      `yaml:"reason"`
	Headers   linesExpect     `yaml:"headers"`
	Body      textExpect      `yaml:"body"`
	JSON      membersExpect   `yaml:"json"`
	Schema    schemaConfig    `yaml:"schema"`
	Events    rawList         `yaml:"events"`
	Backend   callsExpect     `yaml:"backend"`
	Variables membersExpect   `yaml:"variables"`
	Cache     membersExpect   `yaml:"cache"`
	LastError lastErrorExpect `yaml:"lastError"`
	Trace     *traceExpect    `yaml:"trace"`
	Counters  []counterExpect `yaml:"counters"`
	Sinks     *sinksExpect    `yaml:"sinks"`
	Elapsed   elapsedExpect   `yaml:"elapsed"`
	Cut       bool            `yaml:"cut"`
	Snapshot  bool            `yaml:"snapshot"`
}

// placed is a value with where it stands.
type placed[T any] struct {
	yamlfile.Place
	value T
}

func (p *placed[T]) DecodeYAML(d *yamlfile.Decoder, node ast.Node) { d.Into(node, &p.value) }

// membersExpect are expected values under names: JSON paths or variables.
type membersExpect []memberExpect

type memberExpect struct {
	name  string
	value ast.Node
	text  textExpect // where the value is a mapping with contains or matches
}

func (m *membersExpect) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	eachEntry(d, node, func(name string, value ast.Node) {
		e := memberExpect{name: name, value: value}
		if valueOf(value, "contains") != nil || valueOf(value, "matches") != nil {
			d.Into(value, &e.text)
		}
		*m = append(*m, e)
	})
}

// schemaConfig is a JSON Schema: the path of its file, or itself.
type schemaConfig struct {
	yamlfile.Place
	file string
	node ast.Node
}

func (s *schemaConfig) DecodeYAML(_ *yamlfile.Decoder, node ast.Node) {
	if isScalar(node) {
		s.file = yamlfile.ScalarText(node)
		return
	}
	s.node = node
}

// callsExpect is what the backend has to receive in a step: a number of calls, a list
// of them in order, or a mapping with both.
type callsExpect struct {
	yamlfile.Place
	given    bool
	count    *int
	requests []callExpect
	listed   bool
}

type callsParts struct {
	Count    *int         `yaml:"count"`
	Requests []callExpect `yaml:"requests"`
}

func (c *callsExpect) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	c.given = true
	switch node.(type) {
	case *ast.SequenceNode:
		c.listed = true
		d.Into(node, &c.requests)
	case *ast.MappingNode:
		var parts callsParts
		d.Into(node, &parts)
		c.count, c.requests, c.listed = parts.Count, parts.Requests, parts.Requests != nil
	default:
		c.count = new(int)
		d.Into(node, c.count)
	}
}

// callExpect is one call that the backend has to receive.
type callExpect struct {
	yamlfile.Place
	Method  textExpect    `yaml:"method"`
	URL     textExpect    `yaml:"url"`
	Host    textExpect    `yaml:"host"`
	Path    textExpect    `yaml:"path"`
	Query   linesExpect   `yaml:"query"`
	Headers linesExpect   `yaml:"headers"`
	Body    textExpect    `yaml:"body"`
	JSON    membersExpect `yaml:"json"`
	// Certificate is the thumbprint of the gateway's certificate.
	Certificate textExpect `yaml:"certificate"`
	// HTTPVersion is the http-version that was asked for.
	HTTPVersion textExpect `yaml:"httpVersion"`
}

// lastErrorExpect is what LastError has to be; null: there is none.
type lastErrorExpect struct {
	yamlfile.Place
	given    bool
	Source   textExpect `yaml:"source"`
	Reason   textExpect `yaml:"reason"`
	Message  textExpect `yaml:"message"`
	Scope    textExpect `yaml:"scope"`
	Section  textExpect `yaml:"section"`
	Path     textExpect `yaml:"path"`
	PolicyID textExpect `yaml:"policyId"`
}

func (l *lastErrorExpect) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	type mapping lastErrorExpect // which does not decode itself
	d.Into(node, (*mapping)(l))
	l.given = true
}

// traceExpect is what has to have run, by file.xml:line, #id or the statement's name, and
// what its steps have to tell.
type traceExpect struct {
	yamlfile.Place
	Ran    []yamlfile.Text `yaml:"ran"`
	NotRan []yamlfile.Text `yaml:"notRan"`
	Notes  []yamlfile.Text `yaml:"notes"`
}

// counterExpect is a counter of a limit: how it has to stand, or is set to stand.
type counterExpect struct {
	yamlfile.Place
	Statement yamlfile.Text `yaml:"statement"`
	Key       yamlfile.Text `yaml:"key"`
	Unit      yamlfile.Text `yaml:"unit"`
	Value     int           `yaml:"value"`
}

func (c *counterExpect) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	type mapping counterExpect // which does not decode itself
	d.Into(node, (*mapping)(c))
	for _, name := range []string{"statement", "key", "value"} {
		if valueOf(node, name) == nil {
			d.Fail(yamlfile.PlaceOf(node), "a counter needs %s", name)
		}
	}
}

// elapsedExpect is how much time has to pass on the test's clock: exactly, or between
// bounds.
type elapsedExpect struct {
	yamlfile.Place
	given   bool
	exactly *time.Duration
	AtLeast *time.Duration `yaml:"atLeast"`
	AtMost  *time.Duration `yaml:"atMost"`
}

func (e *elapsedExpect) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	type mapping elapsedExpect // which does not decode itself
	e.given = true
	if isScalar(node) {
		e.exactly = new(time.Duration)
		d.Into(node, e.exactly)
		return
	}
	d.Into(node, (*mapping)(e))
}

// setConfig changes what is around the gateway between requests.
type setConfig struct {
	yamlfile.Place
	Random          *float64             `yaml:"random"`
	Cache           cachedValues         `yaml:"cache"`
	ManagedIdentity *identityFaultConfig `yaml:"managedIdentity"`
	Entra           *entraFaultConfig    `yaml:"entra"`
	AzureOpenAI     *openAIFaults        `yaml:"azureOpenAI"`
	Counters        []counterExpect      `yaml:"counters"`
}

// openAIFaults are what goes wrong with answers of the emulated Azure OpenAI: one fault,
// or a list; {} is none.
type openAIFaults struct{ list []azureopenai.Fault }

func (f *openAIFaults) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	switch n := node.(type) {
	case *ast.SequenceNode:
		d.Into(node, &f.list)
	case *ast.MappingNode:
		if len(n.Values) == 0 {
			return
		}
		f.list = make([]azureopenai.Fault, 1)
		d.Into(node, &f.list[0])
	default:
		d.Into(node, new(azureopenai.Fault)) // which says what is wanted
	}
}

// identityFaultConfig makes the emulated managed identity fail.
type identityFaultConfig struct {
	Status     int  `yaml:"status"`
	Times      int  `yaml:"times"`
	NoIdentity bool `yaml:"noIdentity"`
}

// entraFaultConfig makes the documents of issuers fail.
type entraFaultConfig struct {
	Discovery faultConfig `yaml:"discovery"`
	Keys      keysConfig  `yaml:"keys"`
}

type faultConfig struct {
	Status int `yaml:"status"`
	Times  int `yaml:"times"`
}

type keysConfig struct {
	Status   int  `yaml:"status"`
	Times    int  `yaml:"times"`
	EmptySet bool `yaml:"emptySet"`
}

// rollConfig changes the signing keys: true, or a mapping.
type rollConfig struct {
	yamlfile.Place
	roll      bool
	Mode      yamlfile.Text `yaml:"mode"`
	RemoveOld bool          `yaml:"removeOld"`
}

func (r *rollConfig) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	type mapping rollConfig // which does not decode itself
	if node.Type() == ast.BoolType {
		d.Into(node, &r.roll)
		return
	}
	r.roll = true
	d.Into(node, (*mapping)(r))
}
