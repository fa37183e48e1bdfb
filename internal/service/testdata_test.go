package service_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/statements"
)

var update = flag.Bool("update", false, "write the wanted texts of testdata anew")

// A sample is a file of testdata: an apim.yaml, the files it names, what loading
// it says ("want"), and optionally the environment ("env", NAME=value lines) and
// the options ("options", words). Its comment says what it shows; a line "schema:"
// tells whether docs/apim.schema.json accepts the apim.yaml, refuses it, or, with
// "-", can't be asked, because it is no YAML.
type sample struct {
	file    string
	archive *txtar.Archive
}

const (
	apimYAML    = "apim.yaml"
	wantFile    = "want"
	envFile     = "env"
	optionsFile = "options"
)

func samples(t testing.TB, folder string) map[string]*sample {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples in testdata/%s: %v", folder, err)
	}
	found := make(map[string]*sample)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found[strings.TrimSuffix(filepath.Base(file), ".txtar")] = &sample{file, archive}
	}
	return found
}

// section is a file of the sample, "" if there is none.
func (s *sample) section(name string) string {
	if s.archive == nil {
		return ""
	}
	data, _ := s.ReadFile(name)
	return string(data)
}

// ReadFile reads a file of the sample as loading would; names are relative.
func (s *sample) ReadFile(name string) ([]byte, error) {
	for _, f := range s.archive.Files {
		if f.Name == path.Clean(filepath.ToSlash(name)) {
			return f.Data, nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("no such file")}
}

func (s *sample) options() service.Options {
	return service.Options{
		Catalogue:       statements.Catalogue(),
		SkipUnsupported: strings.Contains(s.section(optionsFile), "skip-unsupported"),
		Key:             func(subscription, slot string) string { return slot + " of " + subscription },
		Getenv: func(name string) (string, bool) {
			for line := range strings.Lines(s.section(envFile)) {
				if value, ok := strings.CutPrefix(line, name+"="); ok {
					return strings.TrimSuffix(value, "\n"), true
				}
			}
			return "", false
		},
		ReadFile: s.ReadFile,
	}
}

func (s *sample) load() (*service.Service, error) {
	return service.Load(apimYAML, s.options())
}

// compare holds what came out against the sample's "want".
func (s *sample) compare(t *testing.T, got string) {
	t.Helper()
	if want := s.section(wantFile); got == want {
		return
	} else if !*update {
		t.Errorf("%s\n-- apim.yaml --\n%s-- got (+), want (-) --\n%s", s.file, s.section(apimYAML), cmp.Diff(want, got))
		return
	}
	for i, f := range s.archive.Files {
		if f.Name == wantFile {
			s.archive.Files[i].Data = []byte(got)
			s.write(t)
			return
		}
	}
	s.archive.Files = append(s.archive.Files, txtar.File{Name: wantFile, Data: []byte(got)})
	s.write(t)
}

func (s *sample) write(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(s.file, txtar.Format(s.archive), 0o666); err != nil {
		t.Fatal(err)
	}
}

// schemaVerdict is what the comment says of the schema: "accepts", "refuses" or
// "-".
func (s *sample) schemaVerdict(t *testing.T) string {
	t.Helper()
	for line := range bytes.Lines(s.archive.Comment) {
		if verdict, ok := bytes.CutPrefix(line, []byte("schema: ")); ok {
			return string(bytes.TrimSpace(verdict))
		}
	}
	t.Fatalf("%s: its comment has no line schema: accepts, refuses or -", s.file)
	return ""
}

// show is a service as a text, by which a sample says what it wants.
func show(s *service.Service) string {
	var b strings.Builder
	fmt.Fprintf(&b, "service %s, gateway %s, region %q\n", s.Name, s.Deployment.GatewayID, s.Deployment.Region)
	fmt.Fprintf(&b, "global policy %s\n", s.Global.Name)
	for _, a := range s.APIs {
		v := &a.View
		fmt.Fprintf(&b, "api %s at /%s -> %s", v.Name, v.Path, a.Backend.String())
		fmt.Fprintf(&b, " (version %q, revision %q, service URL %s)\n", v.Version, v.Revision, v.ServiceURL)
		fmt.Fprintf(&b, "  key: required %t, header %s, query %s\n", a.SubscriptionRequired, v.SubscriptionHeader, v.SubscriptionQuery)
		if a.Policy != nil {
			fmt.Fprintf(&b, "  policy %s in scope %s\n", a.Policy.Name, a.Policy.Scope)
		}
		for _, p := range a.Products {
			fmt.Fprintf(&b, "  in product %s\n", p.View.Name)
		}
		for _, o := range a.Operations {
			fmt.Fprintf(&b, "  operation %s: %s %s", o.View.Name, o.View.Method, o.View.URLTemplate)
			if o.Policy != nil {
				fmt.Fprintf(&b, ", policy %s in scope %s", o.Policy.Name, o.Policy.Scope)
			}
			b.WriteByte('\n')
		}
	}
	for _, p := range s.Products {
		fmt.Fprintf(&b, "product %s: key required %t", p.View.Name, p.SubscriptionRequired)
		if p.Policy != nil {
			fmt.Fprintf(&b, ", policy %s in scope %s", p.Policy.Name, p.Policy.Scope)
		}
		b.WriteByte('\n')
	}
	for _, sub := range s.Subscriptions {
		fmt.Fprintf(&b, "subscription %s: active %t, keys %q and %q, to ", sub.View.Name, sub.Active, sub.Primary, sub.Secondary)
		switch {
		case sub.Product != nil:
			fmt.Fprintf(&b, "product %s\n", sub.Product.View.Name)
		case sub.API != nil:
			fmt.Fprintf(&b, "api %s\n", sub.API.View.Name)
		default:
			b.WriteString("all APIs\n")
		}
	}
	showRest(&b, s)
	return b.String()
}

func showRest(b *strings.Builder, s *service.Service) {
	for _, host := range sortedKeys(s.Hosts) {
		fmt.Fprintf(b, "host %s -> %s\n", host, s.Hosts[host])
	}
	for _, r := range s.References {
		fmt.Fprintf(b, "refers to %s at %s:%d:%d\n", r.URL.String(), r.At.Document, r.At.Line, r.At.Col)
	}
	for _, d := range s.Warnings {
		fmt.Fprintln(b, d)
	}
	for _, d := range s.Skipped {
		fmt.Fprintln(b, d)
	}
	for _, f := range s.Files {
		fmt.Fprintf(b, "read %s\n", filepath.Base(f))
	}
}
