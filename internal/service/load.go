package service

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Options are what loading needs besides the files.
type Options struct {
	Catalogue *policy.Catalogue
	// SkipUnsupported loads a service although some of its statements don't run;
	// operations whose policies hold one answer 501.
	SkipUnsupported bool
	// Key gives the key of a subscription that names none, the same for the same
	// name; slot is "primary" or "secondary".
	Key func(subscription, slot string) string
	// Getenv looks up the environment for named values; nil: there is none.
	Getenv func(name string) (string, bool)
	// ReadFile reads a file the service names; nil: os.ReadFile.
	ReadFile func(name string) ([]byte, error)
}

// Load reads apim.yaml and all that it names, paths being relative to it. The
// error holds everything that is wrong, a line each: file:line:col and a
// sentence.
func Load(file string, o Options) (*Service, error) {
	l := newLoader(file, o)
	data, err := l.read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", file, reason(err))
	}
	c, err := decode(file, data)
	if err != nil {
		return nil, err
	}
	return l.build(c)
}

// Parse is Load for the text of an apim.yaml; name is how errors call it, and
// what its paths are relative to.
func Parse(name string, data []byte, o Options) (*Service, error) {
	c, err := decode(name, data)
	if err != nil {
		return nil, err
	}
	return newLoader(name, o).build(c)
}

// Single is a service of one API at the root, with the document as its policy
// and a subscription named "default".
func Single(policyFile string, backend exchange.URL, o Options) (*Service, error) {
	l := newLoader(policyFile, o)
	c := &config{
		APIs: []apiConfig{{
			Name:    text{Value: "api"},
			Backend: text{Value: backend.String()},
			Policy:  text{Value: filepath.Base(policyFile)},
		}},
		Subscriptions: []subscriptionConfig{{Name: text{Value: "default"}}},
	}
	return l.build(c)
}

type loader struct {
	Options
	file  string // apim.yaml, as given
	dir   string
	files []string
	errs  []error
	bound policy.Bindings
	docs  map[string]*policy.Document
}

func newLoader(file string, o Options) *loader {
	if o.ReadFile == nil {
		o.ReadFile = os.ReadFile
	}
	return &loader{Options: o, file: file, dir: filepath.Dir(file), docs: make(map[string]*policy.Document)}
}

func (l *loader) read(file string) ([]byte, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		abs = file
	}
	if !slices.Contains(l.files, abs) {
		l.files = append(l.files, abs)
	}
	return l.ReadFile(file)
}

// path is a path written in the configuration, as it is opened.
func (l *loader) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(l.dir, filepath.FromSlash(p))
}

func (l *loader) fail(at position, format string, args ...any) {
	l.errs = append(l.errs, locate(l.file, &fault{at, fmt.Sprintf(format, args...)}))
}

// reason is an error's text without the path, which the message names already.
func reason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func (l *loader) build(c *config) (*Service, error) {
	s := &Service{Name: c.Name.Value, Hosts: make(map[string]string)}
	if s.Name == "" {
		s.Name = "apimulator"
	}
	s.Deployment = exchange.Deployment{ServiceName: s.Name, GatewayID: "managed", Region: c.Region.Value}
	s.Parties = Parties{l.file, c.Entra.node, c.ManagedIdentity.node, c.AzureOpenAI.node}
	for host, address := range c.Hosts {
		s.Hosts[host] = address.Value
	}
	l.bindings(c)
	s.Global = l.globalPolicy(s, c.Policy)
	l.apis(s, c.APIs)
	l.products(s, c.Products)
	l.subscriptions(s, c.Subscriptions)
	if len(s.APIs) == 0 && len(l.errs) == 0 {
		l.fail(position{1, 1}, "the service has no API: list at least one under apis:")
	}
	if len(l.errs) > 0 {
		return nil, errors.Join(l.errs...)
	}
	slices.SortStableFunc(s.Warnings, compareDiagnostics)
	if len(s.Skipped) > 0 && !l.SkipUnsupported {
		s.Skipped.Sort()
		return nil, fmt.Errorf("%w\n(with --skip-unsupported the rest is served, and operations that need these answer 501)", slices.Compact(s.Skipped))
	}
	s.Files = l.files
	return s, nil
}

func compareDiagnostics(a, b policy.Diagnostic) int { return strings.Compare(a.String(), b.String()) }

// bindings reads what documents refer to by name.
func (l *loader) bindings(c *config) {
	values := l.namedValues(c.NamedValues)
	fragments := make(map[string]*policy.Document)
	for _, name := range slices.Sorted(maps.Keys(c.Fragments)) {
		if d := l.document(c.Fragments[name]); d != nil {
			fragments[name] = d
		}
	}
	certificates := make(map[string]crypto.PublicKey)
	for _, name := range slices.Sorted(maps.Keys(c.Certificates)) {
		if key := l.certificate(c.Certificates[name]); key != nil {
			certificates[name] = key
		}
	}
	l.bound = policy.Bindings{
		NamedValue:  func(name string) (string, bool) { v, ok := values[name]; return v, ok },
		Fragment:    func(id string) (*policy.Document, bool) { d, ok := fragments[id]; return d, ok },
		Certificate: func(id string) (crypto.PublicKey, bool) { k, ok := certificates[id]; return k, ok },
	}
}

func (l *loader) namedValues(configured map[string]namedValue) map[string]string {
	values := make(map[string]string)
	for _, name := range slices.Sorted(maps.Keys(configured)) {
		v := configured[name]
		given := 0
		for _, set := range []bool{v.Value != nil, v.Env.Value != "", v.File.Value != ""} {
			if set {
				given++
			}
		}
		switch {
		case given != 1:
			l.fail(v.at, "named value %s needs one of value, env and file", name)
		case v.Value != nil:
			values[name] = v.Value.Value
		case v.Env.Value != "":
			value, ok := "", false
			if l.Getenv != nil {
				value, ok = l.Getenv(v.Env.Value)
			}
			if !ok {
				l.fail(v.Env.at, "named value %s: the environment variable %s is not set", name, v.Env.Value)
			}
			values[name] = value
		default:
			data, err := l.read(l.path(v.File.Value))
			if err != nil {
				l.fail(v.File.at, "named value %s: file %s: %s", name, v.File.Value, reason(err))
			}
			values[name] = strings.TrimRight(string(data), "\r\n")
		}
	}
	return values
}

// document reads a policy document or fragment once.
func (l *loader) document(file text) *policy.Document {
	path := l.path(file.Value)
	if d, ok := l.docs[path]; ok {
		return d
	}
	l.docs[path] = nil
	data, err := l.read(path)
	if err != nil {
		l.fail(file.at, "policy file %s: %s", file.Value, reason(err))
		return nil
	}
	d, fault := policy.Read(path, data)
	if fault != nil {
		l.errs = append(l.errs, *fault)
		return nil
	}
	l.docs[path] = d
	return d
}

func (l *loader) certificate(file text) crypto.PublicKey {
	data, err := l.read(l.path(file.Value))
	if err != nil {
		l.fail(file.at, "certificate %s: %s", file.Value, reason(err))
		return nil
	}
	if block, _ := pem.Decode(data); block != nil && block.Type == "CERTIFICATE" {
		data = block.Bytes
	}
	certificate, err := x509.ParseCertificate(data)
	if err != nil {
		l.fail(file.at, "certificate %s is neither a PEM nor a DER certificate", file.Value)
		return nil
	}
	return certificate.PublicKey
}

// compile makes the policy of a scope; nil where there is none.
func (l *loader) compile(s *Service, file text, scope exchange.Scope) *policy.Compiled {
	if file.Value == "" {
		return nil
	}
	d := l.document(file)
	if d == nil {
		return nil
	}
	return l.compileDocument(s, d, scope)
}

func (l *loader) compileDocument(s *Service, d *policy.Document, scope exchange.Scope) *policy.Compiled {
	c, err := policy.Compile(d, scope, l.bound, l.Catalogue)
	if err != nil {
		l.errs = append(l.errs, err)
		return nil
	}
	s.Warnings = append(s.Warnings, c.Warnings...)
	s.Skipped = append(s.Skipped, c.Unsupported...)
	s.References = append(s.References, c.References...)
	return c
}

// defaultGlobal is the policy of all APIs that a new instance has.
const defaultGlobal = `<policies>
    <inbound />
    <backend>
        <forward-request />
    </backend>
    <outbound />
</policies>
`

func (l *loader) globalPolicy(s *Service, file text) *policy.Compiled {
	if file.Value != "" {
		return l.compile(s, file, exchange.ScopeGlobal)
	}
	d, fault := policy.Read("(default policy of all APIs)", []byte(defaultGlobal))
	if fault != nil {
		panic(fault)
	}
	return l.compileDocument(s, d, exchange.ScopeGlobal)
}
