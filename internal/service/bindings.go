package service

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// bindings reads what documents refer to by name.
func (l *loader) bindings(s *Service, c *config) {
	values := l.namedValues(c.NamedValues)
	s.NamedValues, l.values = values, values
	fragments := make(map[string]*policy.Document)
	s.Fragments = fragments
	for _, name := range slices.Sorted(maps.Keys(c.Fragments)) {
		file := c.Fragments[name]
		if file.Value == "" {
			l.fail(file.Place, "fragment %s needs the path of its file", name)
		} else if d := l.document(file); d != nil {
			fragments[name] = d
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.Fragments)) {
		if d := l.document(yamlfile.Text{Place: yamlfile.Start, Value: l.Fragments[name]}); d != nil {
			fragments[name] = d
		}
	}
	l.certificates(s, c.Certificates)
	l.authorities(s, c.Authorities)
	l.credentialProviders(s, c.Credentials)
	schemas := l.schemas(c.Schemas)
	s.Deployment.Schemas = schemas
	l.backends(s, c.Backends)
	l.loggers(s, c.Loggers)
	l.bound = policy.Bindings{
		NamedValue:  func(name string) (string, bool) { v, ok := values[name]; return v, ok },
		Fragment:    func(id string) (*policy.Document, bool) { d, ok := fragments[id]; return d, ok },
		Logger:      func(id string) bool { _, ok := s.Loggers[id]; return ok || len(s.Loggers) == 0 },
		Certificate: func(id string) (*exchange.Certificate, bool) { k, ok := s.Certificates[id]; return k, ok },
		Schema:      func(id string) (*exchange.SchemaDocument, bool) { d, ok := schemas[id]; return d, ok },
		Backend:     func(id string) (*exchange.BackendEntity, bool) { b, ok := s.Deployment.Backends[id]; return b, ok },
	}
}

// referable is a name that {{name}} can refer to.
var referable = pattern.Lazy(`^[A-Za-z0-9_.\-]+$`)

// maxNamedValue is the most characters of a named value (runtime.md, Named
// values).
const maxNamedValue = 4096

// namedValues reads the values. One that is wrong keeps its name, so that
// documents which refer to it are not blamed.
func (l *loader) namedValues(configured map[string]namedValue) map[string]string {
	values := maps.Clone(l.NamedValues)
	if values == nil {
		values = make(map[string]string)
	}
	for _, name := range slices.Sorted(maps.Keys(configured)) {
		if _, replaced := values[name]; replaced {
			continue
		}
		v := configured[name]
		if !referable().MatchString(name) {
			l.fail(v.Place, "no policy can refer to the named value %q: a name holds letters, digits, dots, dashes and underscores", name)
		}
		value, ok := l.value("named value "+name, v)
		values[name] = value
		switch n := utf8.RuneCountInString(value); {
		case ok && n == 0:
			l.fail(v.Place, "named value %s is empty", name)
		case n > maxNamedValue:
			l.fail(v.Place, "named value %s has %d characters; APIM takes %d", name, n, maxNamedValue)
		}
	}
	return values
}

// unknownValue stands for a value that an inspection does not read.
const unknownValue = ""

// value is what is written as its text, or as where it stands; what is how
// messages call it.
func (l *loader) value(what string, v namedValue) (value string, ok bool) {
	given := 0
	for _, set := range []bool{v.Value != nil, v.Env.Value != "", v.File.Value != ""} {
		if set {
			given++
		}
	}
	switch {
	case given != 1:
		l.fail(v.Place, "%s needs one of value, env and file", what)
		return "", false
	case l.Inspect != nil && (v.Env.Value != "" || v.File.Value != ""):
		return unknownValue, false
	case v.Env.Value != "":
		return l.environment(what, v.Env)
	case v.File.Value != "":
		data, ok := l.contents(what, v.File)
		return strings.TrimRight(string(data), "\r\n"), ok
	}
	return v.Value.Value, true
}

func (l *loader) environment(what string, name yamlfile.Text) (value string, ok bool) {
	if l.Getenv != nil {
		value, ok = l.Getenv(name.Value)
	}
	if !ok {
		l.fail(name.Place, "%s: the environment variable %s is not set", what, name.Value)
	}
	return value, ok
}

// contents is what is in a file that the configuration names.
func (l *loader) contents(what string, file yamlfile.Text) ([]byte, bool) {
	data, err := l.read(l.path(file.Value))
	if err != nil {
		l.fail(file.Place, "%s: file %s: %s", what, file.Value, reason(err))
	}
	return data, err == nil
}
