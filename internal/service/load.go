package service

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/apimulator/apimulator/internal/yamlfile"
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
	// NamedValues are put in place of the service's, or beside them.
	NamedValues map[string]string
	// Fragments are policy fragments beside the service's: the id and the file.
	Fragments map[string]string
	// Inspect, if set, gets each document with its scope instead of having it
	// compiled, as a linter wants; what is compiled then holds nothing but its name
	// and scope, certificates are not read, and a service with mistakes is given
	// beside the error.
	Inspect func(d *policy.Document, scope exchange.Scope)
	// Connections has the connections of loggers read. Without it, all write files.
	Connections bool
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
		return nil, unreadable(file, err)
	}
	return l.parse(data)
}

// Parse is Load for the text of an apim.yaml; name is how errors call it, and
// what its paths are relative to.
func Parse(name string, data []byte, o Options) (*Service, error) {
	return newLoader(name, o).parse(data)
}

// Single is a service of one API at the root, with the document as its policy
// and a subscription named "default".
func Single(policyFile string, backend exchange.URL, o Options) (*Service, error) {
	return single(policyFile, backend, nil, o)
}

// Open is [Single] with an API that asks for no subscription key.
func Open(policyFile string, backend exchange.URL, o Options) (*Service, error) {
	return single(policyFile, backend, new(bool), o)
}

func single(policyFile string, backend exchange.URL, subscriptionRequired *bool, o Options) (*Service, error) {
	l := newLoader(policyFile, o)
	if _, err := l.read(policyFile); err != nil {
		return nil, unreadable(policyFile, err)
	}
	return l.build(&config{
		APIs: []apiConfig{{
			Place:                yamlfile.Start,
			Name:                 yamlfile.Text{Value: "api"},
			Backend:              yamlfile.Text{Value: backend.String()},
			Policy:               yamlfile.Text{Value: filepath.Base(policyFile)},
			SubscriptionRequired: subscriptionRequired,
		}},
		Subscriptions: []subscriptionConfig{{Place: yamlfile.Start, Name: yamlfile.Text{Value: "default"}}},
	})
}

func unreadable(file string, err error) error { return fmt.Errorf("%s: %s", file, reason(err)) }

// reason is an error's text without the path, which the message names already.
func reason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

type loader struct {
	Options
	file     string // apim.yaml, as given
	dir      string
	files    []string
	found    policy.Diagnostics
	values   map[string]string // of named values
	bound    policy.Bindings
	docs     map[string]*policy.Document // by path; nil for one that can't be read
	compiled map[attachment]*policy.Compiled
}

// attachment is a document in a scope, in which it is compiled once however many
// entities name it.
type attachment struct {
	document *policy.Document
	scope    exchange.Scope
}

func newLoader(file string, o Options) *loader {
	if o.ReadFile == nil {
		o.ReadFile = os.ReadFile
	}
	return &loader{
		Options: o, file: file, dir: filepath.Dir(file),
		docs: make(map[string]*policy.Document), compiled: make(map[attachment]*policy.Compiled),
	}
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

func (l *loader) fail(at yamlfile.Place, format string, args ...any) {
	l.found = append(l.found, at.Fault(l.file, format, args...))
}

func (l *loader) parse(data []byte) (*Service, error) {
	mapping, found := yamlfile.Parse(l.file, data, "an apim.yaml is a mapping that begins with apis:")
	if found != nil {
		return nil, yamlfile.Report(found, "")
	}
	var c config
	d := &yamlfile.Decoder{File: l.file}
	d.Into(mapping, &c)
	if d.Found != nil {
		// What has a misspelled key would be blamed for lacking the right one.
		return nil, yamlfile.Report(d.Found, "")
	}
	return l.build(&c)
}

// managedGateway is the id of the gateway in Azure; a self-hosted one has its own
// (expressions.yaml, context.Deployment.GatewayId).
const managedGateway = "managed"

func (l *loader) build(c *config) (*Service, error) {
	s := &Service{Name: or(c.Name.Value, "apimulator"), Hosts: make(map[string]string)}
	s.NegotiateClientCertificate = c.Negotiate
	s.Deployment = exchange.Deployment{
		ServiceID: or(c.ServiceID.Value, s.Name), ServiceName: s.Name, GatewayID: or(c.GatewayID.Value, managedGateway), Region: c.Region.Value,
	}
	s.Parties = Parties{l.file, c.Entra.node, c.ManagedIdentity.node, c.AzureOpenAI.node}
	for host, address := range c.Hosts {
		if address.Value == "" {
			l.fail(address.Place, "host %s needs an address (host:port), or the word real to be taken off the map", host)
		}
		s.Hosts[host] = address.Value
	}
	s.Cache = l.externalCache(c.Cache)
	l.bindings(s, c)
	s.Global = l.globalPolicy(s, c.Policy)
	l.versionSets(s, c.VersionSets)
	l.apis(s, c.APIs)
	l.groups(s, c.Groups)
	l.users(s, c.Users)
	l.products(s, c.Products)
	l.subscriptions(s, c.Subscriptions)
	if len(c.APIs) == 0 {
		l.fail(yamlfile.Start, "the service has no API: list at least one under apis:")
	}
	s.Documents = make(map[string]*policy.Document, len(l.docs))
	for _, d := range l.docs {
		if d != nil {
			s.Documents[d.Name] = d
		}
	}
	s.Warnings, s.Skipped = inOrder(s.Warnings), inOrder(s.Skipped)
	remark := ""
	if len(s.Skipped) > 0 && !l.SkipUnsupported {
		l.found = append(l.found, s.Skipped...)
		remark = "\n(with --skip-unsupported the rest is served, and operations that need what is unsupported answer 501)"
	}
	if err := yamlfile.Report(l.found, remark); err != nil && l.Inspect != nil {
		return s, err // as far as it goes
	} else if err != nil {
		return nil, err
	}
	s.Files = l.files
	return s, nil
}

// inOrder sorts findings and takes out those of a document that is attached in
// several scopes.
func inOrder(found policy.Diagnostics) policy.Diagnostics {
	found.Sort()
	return slices.Compact(found)
}

// document reads a policy document or fragment once.
func (l *loader) document(file yamlfile.Text) *policy.Document {
	path := l.path(file.Value)
	if d, ok := l.docs[path]; ok {
		return d
	}
	l.docs[path] = nil
	data, err := l.read(path)
	if err != nil {
		l.fail(file.Place, "file %s: %s", file.Value, reason(err))
		return nil
	}
	d, fault := policy.Read(path, data)
	if fault != nil {
		l.found = append(l.found, *fault)
		return nil
	}
	l.docs[path] = d
	return d
}

// compile makes the policy of a scope; nil where there is none.
func (l *loader) compile(s *Service, file yamlfile.Text, scope exchange.Scope) *policy.Compiled {
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
	at := attachment{d, scope}
	if c, ok := l.compiled[at]; ok {
		return c
	}
	if l.Inspect != nil {
		l.Inspect(d, scope)
		l.compiled[at] = &policy.Compiled{Name: d.Name, Scope: scope}
		return l.compiled[at]
	}
	c, err := policy.Compile(d, scope, l.bound, l.Catalogue)
	l.compiled[at] = c
	if err != nil {
		l.found = append(l.found, err.(policy.Diagnostics)...) // as Compile promises
		return nil
	}
	s.inClear = append(s.inClear, c.InClear...)
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

func (l *loader) globalPolicy(s *Service, file yamlfile.Text) *policy.Compiled {
	if file.Value != "" {
		return l.compile(s, file, exchange.ScopeGlobal)
	}
	d, fault := policy.Read("(default policy of all APIs)", []byte(defaultGlobal))
	if fault != nil {
		panic(fault)
	}
	l.docs[d.Name] = d
	return l.compileDocument(s, d, exchange.ScopeGlobal)
}
