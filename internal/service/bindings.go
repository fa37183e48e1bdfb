package service

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/apimulator/apimulator/policy"
)

// bindings reads what documents refer to by name.
func (l *loader) bindings(c *config) {
	values := l.namedValues(c.NamedValues)
	fragments := make(map[string]*policy.Document)
	for _, name := range slices.Sorted(maps.Keys(c.Fragments)) {
		file := c.Fragments[name]
		if file.Value == "" {
			l.fail(file.place, "fragment %s needs the path of its file", name)
		} else if d := l.document(file); d != nil {
			fragments[name] = d
		}
	}
	certificates := make(map[string]crypto.PublicKey)
	for _, name := range slices.Sorted(maps.Keys(c.Certificates)) {
		if key := l.certificate(name, c.Certificates[name]); key != nil {
			certificates[name] = key
		}
	}
	l.bound = policy.Bindings{
		NamedValue:  func(name string) (string, bool) { v, ok := values[name]; return v, ok },
		Fragment:    func(id string) (*policy.Document, bool) { d, ok := fragments[id]; return d, ok },
		Certificate: func(id string) (crypto.PublicKey, bool) { k, ok := certificates[id]; return k, ok },
	}
}

// referable is a name that {{name}} can refer to.
var referable = regexp.MustCompile(`^[A-Za-z0-9_.\-]+$`)

// maxNamedValue is the most characters of a named value (runtime.md, Named
// values).
const maxNamedValue = 4096

// namedValues reads the values. One that is wrong keeps its name, so that
// documents which refer to it are not blamed.
func (l *loader) namedValues(configured map[string]namedValue) map[string]string {
	values := make(map[string]string)
	for _, name := range slices.Sorted(maps.Keys(configured)) {
		v := configured[name]
		if !referable.MatchString(name) {
			l.fail(v.place, "no policy can refer to the named value %q: a name holds letters, digits, dots, dashes and underscores", name)
		}
		value, ok := l.namedValue(name, v)
		values[name] = value
		switch n := utf8.RuneCountInString(value); {
		case ok && n == 0:
			l.fail(v.place, "named value %s is empty", name)
		case n > maxNamedValue:
			l.fail(v.place, "named value %s has %d characters; APIM takes %d", name, n, maxNamedValue)
		}
	}
	return values
}

func (l *loader) namedValue(name string, v namedValue) (value string, ok bool) {
	given := 0
	for _, set := range []bool{v.Value != nil, v.Env.Value != "", v.File.Value != ""} {
		if set {
			given++
		}
	}
	switch {
	case given != 1:
		l.fail(v.place, "named value %s needs one of value, env and file", name)
		return "", false
	case v.Env.Value != "":
		if l.Getenv != nil {
			value, ok = l.Getenv(v.Env.Value)
		}
		if !ok {
			l.fail(v.Env.place, "named value %s: the environment variable %s is not set", name, v.Env.Value)
		}
		return value, ok
	case v.File.Value != "":
		data, err := l.read(l.path(v.File.Value))
		if err != nil {
			l.fail(v.File.place, "named value %s: file %s: %s", name, v.File.Value, reason(err))
		}
		return strings.TrimRight(string(data), "\r\n"), err == nil
	}
	return v.Value.Value, true
}

func (l *loader) certificate(name string, file text) crypto.PublicKey {
	if file.Value == "" {
		l.fail(file.place, "certificate %s needs the path of its file", name)
		return nil
	}
	data, err := l.read(l.path(file.Value))
	if err != nil {
		l.fail(file.place, "certificate %s: file %s: %s", name, file.Value, reason(err))
		return nil
	}
	if block, _ := pem.Decode(data); block != nil && block.Type == "CERTIFICATE" {
		data = block.Bytes
	}
	certificate, err := x509.ParseCertificate(data)
	if err != nil {
		l.fail(file.place, "certificate %s: file %s is neither a PEM nor a DER certificate", name, file.Value)
		return nil
	}
	return certificate.PublicKey
}
