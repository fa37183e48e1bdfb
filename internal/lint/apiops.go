package lint

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// layout is a folder as Azure/apiops extracts a service into: apis/NAME/policy.xml,
// apis/NAME/operations/NAME/policy.xml, products/NAME/policy.xml,
// "policy fragments"/NAME/policy.xml, "named values"/NAME/namedValueInformation.json,
// backends/NAME/backendInformation.json, and policy.xml for all APIs.
type layout struct {
	dir   string
	world *world
}

// apiopsLayout reads what the folders say; nil where they are not laid out so.
func apiopsLayout(dir string) *layout {
	sub := func(names ...string) string {
		for _, name := range names {
			if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.IsDir() {
				return filepath.Join(dir, name)
			}
		}
		return ""
	}
	values := sub("named values", "namedValues", "named-values")
	fragments := sub("policy fragments", "policyFragments", "policy-fragments")
	backends := sub("backends")
	found, _ := filepath.Glob(filepath.Join(dir, "apis", "*", "policy.xml"))
	information, _ := filepath.Glob(filepath.Join(dir, "apis", "*", "apiInformation.json"))
	if values == "" && fragments == "" && len(information) == 0 && (len(found) == 0 || sub("products") == "") {
		return nil
	}
	w := &world{name: "the folder"}
	if values != "" {
		w.namedValues, w.unknown = make(map[string]string), make(map[string]bool)
		for _, file := range glob2(values, "*", "namedValueInformation.json") {
			w.addNamedValue(file)
		}
	}
	if fragments != "" {
		w.fragments = make(map[string]string)
		for _, file := range glob2(fragments, "*", "policy.xml") {
			w.fragments[filepath.Base(filepath.Dir(file))] = file
		}
	}
	if backends != "" {
		w.backends = make(map[string]bool)
		for _, file := range glob2(backends, "*", "backendInformation.json") {
			w.backends[filepath.Base(filepath.Dir(file))] = true
		}
	}
	return &layout{dir, w}
}

func glob2(dir string, parts ...string) []string {
	found, _ := filepath.Glob(filepath.Join(append([]string{dir}, parts...)...))
	return found
}

// addNamedValue takes one from its file. A secret's value is not in it, and another
// may differ from one environment to the next: only the name counts.
func (w *world) addNamedValue(file string) {
	var information struct {
		Properties struct {
			DisplayName string `json:"displayName"`
		} `json:"properties"`
	}
	name := filepath.Base(filepath.Dir(file))
	if data, err := os.ReadFile(file); err == nil && json.Unmarshal(data, &information) == nil && information.Properties.DisplayName != "" {
		name = information.Properties.DisplayName
	}
	w.unknown[name] = true
}

// apiops takes the documents of an APIOps folder.
func (c *collector) apiops(l *layout) error {
	global := glob2(l.dir, "policy.xml")
	products := glob2(l.dir, "products", "*", "policy.xml")
	apis := glob2(l.dir, "apis", "*", "policy.xml")
	operations := glob2(l.dir, "apis", "*", "operations", "*", "policy.xml")
	l.world.readFacts(c, slices.Concat(global, products, apis, operations))
	for _, path := range global {
		t := &target{path: path, scope: exchange.ScopeGlobal, world: l.world, around: slices.Concat(products, apis, operations)}
		if err := c.document(t); err != nil {
			return err
		}
	}
	for _, path := range products {
		t := &target{path: path, scope: exchange.ScopeProduct, world: l.world, around: slices.Concat(global, apis, operations), wider: global}
		if err := c.document(t); err != nil {
			return err
		}
	}
	for _, path := range apis {
		own := glob2(filepath.Dir(path), "operations", "*", "policy.xml")
		t := &target{path: path, scope: exchange.ScopeAPI, world: l.world, around: slices.Concat(global, products, own), wider: slices.Concat(global, products)}
		if err := c.document(t); err != nil {
			return err
		}
	}
	for _, path := range operations {
		api := filepath.Join(filepath.Dir(filepath.Dir(filepath.Dir(path))), "policy.xml")
		wider := slices.Concat(global, products, []string{api})
		t := &target{path: path, scope: exchange.ScopeOperation, world: l.world, around: wider, wider: wider}
		if err := c.document(t); err != nil {
			return err
		}
	}
	for _, path := range l.world.fragments {
		if err := c.document(&target{path: path, world: l.world}); err != nil {
			return err
		}
	}
	return nil
}

// readFacts reads what the world's documents set and read, for each other.
func (w *world) readFacts(c *collector, paths []string) {
	w.facts = make(map[string]*facts)
	for _, path := range paths {
		if f := w.factsOf(c, path); f != nil {
			w.facts[path] = f
		}
	}
}

// factsOf are those of one document; nil of one that can't be read.
func (w *world) factsOf(c *collector, path string) (f *facts) {
	defer func() {
		if recover() != nil { // which is told when the document's turn comes
			f = &facts{sets: make(map[string]bool), reads: make(map[string]bool), setsOthers: true, readsOthers: true}
		}
	}()
	source, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	d, fault := policy.Read(path, source)
	if fault != nil || strings.EqualFold(d.Root().Tag, "fragment") {
		return nil
	}
	l := &linter{Options: Options{Catalogue: c.catalogue}, placeholder: c.placeholder}
	o := &outcome{l: l, t: &target{path: path, world: w}, document: d, assumed: make(map[string]bool), lines: make(map[*policy.Document][]string), included: make(map[string]*policy.Document)}
	o.check()
	return o.facts()
}
