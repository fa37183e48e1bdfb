package testrun

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/gateway"
	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/parties"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements"
)

// Subject is what tests are about: a service, compiled and linked. Any number of worlds
// share one.
type Subject struct {
	service *service.Service
	gateway *gateway.Gateway
	hosts   hosts.Map
	parties parties.Configs
	secrets map[string]string // what stands for each secret text in what is shown
}

// NewSubject makes a subject of a service.
func NewSubject(s *service.Service) (*Subject, error) {
	configs, err := parties.Read(s)
	if err != nil {
		return nil, err
	}
	// Nothing in a test runs but what the emulator plays: every host that a service
	// takes off the map or sends elsewhere is the stubs' business.
	m := hosts.Default()
	for host := range s.Hosts {
		if taken, err := m.Remove(host); err == nil {
			m = taken
		}
	}
	for _, host := range configs.OpenAI.Hosts {
		if m, err = m.Add(host, hosts.AzureOpenAI); err != nil {
			return nil, err
		}
	}
	return &Subject{service: s, gateway: gateway.New(&policy.Env{}, nil, s), hosts: m, parties: configs, secrets: s.Secrets()}, nil
}

// Load loads and compiles what the file's tests are about. The error is a line for each
// fault, file:line:col first; statements that do not run are faults.
func (f *File) Load() (*Subject, error) { return f.load(nil, func(string) {}) }

// load is Load that tells opening of each file before it is read, and reads each policy
// document as change gives it, unless that is nil.
func (f *File) load(change func(document string, text []byte) []byte, opening func(path string)) (*Subject, error) {
	o := loadOptions()
	o.ReadFile = func(name string) ([]byte, error) {
		opening(name)
		text, err := f.readDocument(name)
		if err == nil && change != nil {
			text = change(name, text)
		}
		return text, err
	}
	for name, value := range f.config.NamedValues {
		o.NamedValues[name] = value.Value
	}
	for name, file := range f.config.Fragments {
		path, err := filepath.Abs(f.path(file.Value))
		if err != nil {
			return nil, err
		}
		o.Fragments[name] = path
	}
	return subjectOf(f.loadService(o))
}

// readDocument reads a file of what is tested; a document that stands in the test file
// itself goes by that file's name.
func (f *File) readDocument(name string) ([]byte, error) {
	for _, c := range []*documentConfig{&f.config.Policy, &f.config.Section.File} {
		if c.inline() && f.isItself(name) {
			return []byte(c.padded()), nil
		}
	}
	return os.ReadFile(name)
}

func (f *File) isItself(name string) bool {
	if name == f.Path {
		return true
	}
	own, err := filepath.Abs(f.Path)
	return err == nil && name == own
}

// loadOptions are how services are loaded for tests.
func loadOptions() service.Options {
	return service.Options{
		Catalogue: statements.Catalogue(), Key: testKey, Getenv: os.LookupEnv, ReadFile: os.ReadFile,
		NamedValues: make(map[string]string), Fragments: make(map[string]string),
	}
}

// subjectOf makes a subject of what was loaded.
func subjectOf(s *service.Service, err error) (*Subject, error) {
	if err != nil {
		return nil, reported(err)
	}
	return NewSubject(s)
}

// reported is a fault of loading without the remark on what serve could do.
func reported(err error) error {
	var found policy.Diagnostics
	if errors.As(err, &found) {
		return yamlfile.Report(found, "")
	}
	return err
}

func (f *File) loadService(o service.Options) (*service.Service, error) {
	c := &f.config
	switch {
	case c.Service.Value != "":
		return service.Load(f.path(c.Service.Value), o)
	case c.Policy.inline():
		return service.Open(f.Path, f.backend, o)
	case c.Policy.Value != "":
		return service.Open(f.path(c.Policy.Value), f.backend, o)
	case c.Section.Line != 0:
		return f.loadSection(o)
	}
	return f.loadFragment(o)
}

func (f *File) loadSection(o service.Options) (*service.Service, error) {
	c := &f.config.Section
	path, line := f.path(c.File.Value), 1
	if c.File.inline() {
		path, line = f.Path, c.File.line
	}
	head, tail := around(c.In.Value)
	read := o.ReadFile
	o.ReadFile = func(name string) ([]byte, error) {
		data, err := read(name)
		if err != nil || name != path {
			return data, err
		}
		lines := strings.Repeat("\n", line-1)
		return []byte(lines + head + strings.TrimPrefix(string(data), lines) + tail), nil
	}
	s, err := service.Open(path, f.backend, o)
	return s, shifted(err, path, line, len(head))
}

func (f *File) loadFragment(o service.Options) (*service.Service, error) {
	c := &f.config
	const id, name = "the-fragment-under-test", "(policy around the fragment)"
	path, err := filepath.Abs(f.path(c.Fragment.File.Value))
	if err != nil {
		return nil, err
	}
	o.Fragments[id] = path
	document := filepath.Join(filepath.Dir(path), name)
	read := o.ReadFile
	o.ReadFile = func(file string) ([]byte, error) {
		if file != document {
			return read(file)
		}
		head, tail := around(c.Fragment.In.Value)
		return []byte(head + `<include-fragment fragment-id="` + id + `" />` + tail), nil
	}
	return service.Open(document, f.backend, o)
}

// around is the document that stands around statements of a section. All of it is on the
// statements' first line, so that lines keep their numbers.
func around(section string) (head, tail string) {
	var b strings.Builder
	b.WriteString("<policies>")
	for _, s := range sections {
		base := "<base />"
		if s == section {
			if s == string(exchange.Backend) {
				base = ""
			}
			b.WriteString("<" + s + ">" + base)
			head = b.String()
			b.Reset()
			base = ""
		} else {
			b.WriteString("<" + s + ">")
		}
		b.WriteString(base + "</" + s + ">")
	}
	b.WriteString("</policies>")
	return head, b.String()
}

// shifted takes what stands around a section, which begins on line, out of the columns of
// an error.
func shifted(err error, document string, line, by int) error {
	var found policy.Diagnostics
	if !errors.As(err, &found) {
		return err
	}
	for i := range found {
		if d := &found[i]; d.Document == document && d.Line == line {
			d.Col = max(d.Col-by, 1)
		}
	}
	return yamlfile.Report(found, "")
}

// testKey is the key of a subscription that names none.
func testKey(subscription, slot string) string { return "test-" + slot + "-key-of-" + subscription }

// key is a subscription's primary key, or the secondary one where it has no other.
func (s *Subject) key(name string) (string, bool) {
	for _, sub := range s.service.Subscriptions {
		if !strings.EqualFold(sub.View.ID, name) {
			continue
		}
		for _, key := range []string{sub.View.PrimaryKey, sub.View.SecondaryKey} {
			if key != "" {
				return key, true
			}
		}
	}
	return "", false
}

func (s *Subject) subscriptions() []string {
	var names []string
	for _, sub := range s.service.Subscriptions {
		names = append(names, sub.View.ID)
	}
	return names
}

// keyHeader is the header in which the API at a path looks for a subscription key.
func (s *Subject) keyHeader(path string) string {
	header, longest := service.DefaultKeyHeader, -1
	for _, a := range s.service.APIs {
		prefix := a.Prefix()
		if p := "/" + prefix; len(prefix) > longest && (prefix == "" || strings.EqualFold(path, p) || len(path) > len(p) && strings.EqualFold(path[:len(p)+1], p+"/")) {
			header, longest = a.View.SubscriptionHeader, len(prefix)
		}
	}
	return header
}

// isOwnBackend reports whether a call goes to the backend of one of the service's APIs.
func (s *Subject) isOwnBackend(u *exchange.URL) bool {
	return slices.ContainsFunc(s.service.APIs, func(a *service.API) bool {
		return strings.EqualFold(a.Backend.Host, u.Host) && a.Backend.Port == u.Port
	})
}

// Files are all that the subject was read from.
func (s *Subject) Files() []string { return slices.Clone(s.service.Files) }
