package testrun

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
)

// File is a file of tests, read.
type File struct {
	// Path is the file's, as given.
	Path  string
	Tests []*Test

	config  fileConfig
	backend exchange.URL // of a lone document's API
}

// fileConfig is a *.test.yaml. docs/test.schema.json describes it to editors; a test
// keeps the two alike.
type fileConfig struct {
	Service     yamlfile.Text            `yaml:"service"`
	Policy      documentConfig           `yaml:"policy"`
	Section     pieceConfig              `yaml:"section"`
	Fragment    pieceConfig              `yaml:"fragment"`
	Backend     yamlfile.Text            `yaml:"backend"`
	NamedValues map[string]yamlfile.Text `yaml:"namedValues"`
	Fragments   map[string]yamlfile.Text `yaml:"fragments"`
	Tests       testList                 `yaml:"tests"`
}

// pieceConfig names statements that stand without a document around them.
type pieceConfig struct {
	yamlfile.Place
	File documentConfig `yaml:"file"`
	In   yamlfile.Text  `yaml:"in"`
}

// testList is the raw tests: their cases are put in before they are decoded.
type testList struct {
	yamlfile.Place
	nodes []ast.Node
}

func (l *testList) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		d.Fail(l.Place, "a list of tests is wanted here, not %s", yamlfile.Describe(node))
		return
	}
	l.nodes = sequence.Values
}

// Test is one test: a name and what is done, step by step.
type Test struct {
	yamlfile.Place
	Name string
	// Tags are words by which a report groups tests.
	Tags []string

	at      time.Time
	backend backendConfig // of all steps that name none
	steps   []stepConfig
	random  float64
}

// testConfig is a test as it is written, with its one step in line or several in a list.
type testConfig struct {
	yamlfile.Place
	Name    yamlfile.Text `yaml:"name"`
	Tags    []string      `yaml:"tags"`
	Cases   rawNode       `yaml:"cases"`
	At      *time.Time    `yaml:"at"`
	Backend backendConfig `yaml:"backend"`
	Steps   *[]stepConfig `yaml:"steps"`

	Request    *requestConfig `yaml:"request"`
	Expect     *expectConfig  `yaml:"expect"`
	Repeat     *int           `yaml:"repeat"`
	Concurrent *int           `yaml:"concurrent"`
}

// stepConfig is a request, or something that happens between requests.
type stepConfig struct {
	yamlfile.Place
	Request    *requestConfig `yaml:"request"`
	Backend    backendConfig  `yaml:"backend"`
	Expect     *expectConfig  `yaml:"expect"`
	Repeat     *int           `yaml:"repeat"`
	Concurrent *int           `yaml:"concurrent"`

	Advance  *time.Duration `yaml:"advance"`
	RollKeys rollConfig     `yaml:"rollKeys"`
	KeysDown *bool          `yaml:"keysDown"`
	Set      *setConfig     `yaml:"set"`
}

// rawNode is a piece that is looked at as YAML.
type rawNode struct{ node ast.Node }

func (r *rawNode) DecodeYAML(_ *yamlfile.Decoder, node ast.Node) { r.node = node }

const form = "a test file is a mapping with service:, policy:, section: or fragment:, and tests:"

// Read reads the text of a test file; path is how messages call it, and what its paths
// are relative to. The error holds everything that is wrong, a line each: file:line:col
// and a sentence.
func Read(path string, data []byte) (*File, error) {
	mapping, found := yamlfile.Parse(path, data, form)
	if found != nil {
		return nil, yamlfile.Report(found, "")
	}
	f := &File{Path: path}
	d := &yamlfile.Decoder{File: path}
	d.Into(mapping, &f.config)
	if d.Found == nil {
		f.checkSubject(d)
		if len(f.config.Tests.nodes) == 0 {
			d.Fail(yamlfile.PlaceOf(mapping), "the file has no tests: list at least one under tests:")
		}
	}
	for _, node := range f.config.Tests.nodes {
		f.readTest(d, node)
	}
	f.checkNames(d)
	return f, yamlfile.Report(d.Found, "")
}

// sections are where the statements of a section or fragment can stand.
var sections = []string{string(exchange.Inbound), string(exchange.Backend), string(exchange.Outbound), string(exchange.OnError)}

// checkSubject checks what the file says it tests.
func (f *File) checkSubject(d *yamlfile.Decoder) {
	c := &f.config
	given := 0
	for _, set := range []bool{c.Service.Value != "", c.Policy.Value != "", c.Section.Line != 0, c.Fragment.Line != 0} {
		if set {
			given++
		}
	}
	if given != 1 {
		d.Fail(yamlfile.Start, "the file needs one of service, policy, section and fragment: what its tests are about")
	}
	for _, piece := range []pieceConfig{c.Section, c.Fragment} {
		if piece.Line != 0 && (piece.File.Value == "" || !slices.Contains(sections, piece.In.Value)) {
			d.Fail(piece.In.Or(piece.Place), "this needs file: the path of the statements, and in: the section they stand in, which is inbound, backend, outbound or on-error")
		}
	}
	if c.Service.Value != "" {
		if c.Backend.Value != "" {
			d.Fail(c.Backend.Place, "backend goes with policy, section and fragment; a service names its backends itself")
		}
		if len(c.Fragments) > 0 {
			d.Fail(yamlfile.Start, "fragments go with policy, section and fragment; a service names its own")
		}
		return
	}
	address := c.Backend.Value
	if address == "" {
		address = defaultBackend
	}
	var err error
	if f.backend, err = exchange.ParseURL(address); err != nil {
		d.Fail(c.Backend.Place, "backend: %s", err)
	}
}

// defaultBackend is where the API of a lone document sends its requests.
const defaultBackend = "https://backend.example"

// checkNames reports names that stand for two tests.
func (f *File) checkNames(d *yamlfile.Decoder) {
	seen := make(map[string]bool)
	for _, t := range f.Tests {
		if seen[t.Name] {
			d.Fail(t.Place, "there are two tests named %q; a name with the variables of its cases in it tells them apart", t.Name)
		}
		seen[t.Name] = true
	}
}

// path is a path written in the file, as it is opened.
func (f *File) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(filepath.Dir(f.Path), filepath.FromSlash(p))
}
