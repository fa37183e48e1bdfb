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
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/exchange"
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
		Connections:     strings.Contains(s.section(optionsFile), "connections"),
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
	d := &s.Deployment
	fmt.Fprintf(&b, "service %s (id %s), gateway %s, region %q\n", d.ServiceName, d.ServiceID, d.GatewayID, d.Region)
	fmt.Fprintf(&b, "global policy %s\n", s.Global.Name)
	for _, v := range s.VersionSets {
		fmt.Fprintf(&b, "version set %s: %s\n", v.Name, strings.TrimSpace(v.Scheme+" "+v.Parameter))
	}
	for _, a := range s.APIs {
		showAPI(&b, a)
	}
	for _, p := range s.Products {
		showProduct(&b, p)
	}
	for _, g := range s.Groups[len(builtInGroups):] {
		fmt.Fprintf(&b, "group %s\n", named(g.ID, g.Name))
	}
	for _, u := range s.Users {
		fmt.Fprintf(&b, "user %s: %s %s <%s>, note %q, since %s, groups %v, identities %v\n",
			u.ID, u.FirstName, u.LastName, u.Email, u.Note, u.RegistrationDate.Format(time.RFC3339), u.Groups, u.Identities)
	}
	for _, sub := range s.Subscriptions {
		showSubscription(&b, sub)
	}
	for _, id := range sortedKeys(s.Deployment.Backends) {
		showBackend(&b, s.Deployment.Backends[id])
	}
	showRest(&b, s)
	return b.String()
}

var builtInGroups = []string{"administrators", "developers", "guests"}

// named is an id, and the display name if it is another.
func named(id, name string) string {
	if id == name {
		return id
	}
	return fmt.Sprintf("%s (%s)", id, name)
}

func showAPI(b *strings.Builder, a *service.API) {
	v := &a.View
	fmt.Fprintf(b, "api %s at /%s -> %s", named(v.ID, v.Name), a.Prefix(), a.Backend.String())
	fmt.Fprintf(b, " (version %q, revision %q, service URL %s)\n", v.Version, v.Revision, v.ServiceURL)
	if a.VersionSet != nil {
		fmt.Fprintf(b, "  in version set %s\n", a.VersionSet.Name)
	}
	if a.RevisionOf != nil {
		fmt.Fprintf(b, "  not current: %s is\n", a.RevisionOf.View.Revision)
	}
	if a.Protocols != nil {
		fmt.Fprintf(b, "  by %v\n", a.Protocols)
	}
	fmt.Fprintf(b, "  key: required %t, header %s, query %s\n", a.SubscriptionRequired, v.SubscriptionHeader, v.SubscriptionQuery)
	if a.Policy != nil {
		fmt.Fprintf(b, "  policy %s in scope %s\n", a.Policy.Name, a.Policy.Scope)
	}
	for _, p := range a.Products {
		fmt.Fprintf(b, "  in product %s\n", p.View.ID)
	}
	for _, o := range a.Operations {
		fmt.Fprintf(b, "  operation %s: %s %s", named(o.View.ID, o.View.Name), o.View.Method, o.View.URLTemplate)
		if o.Policy != nil {
			fmt.Fprintf(b, ", policy %s in scope %s", o.Policy.Name, o.Policy.Scope)
		}
		b.WriteByte('\n')
	}
}

func showProduct(b *strings.Builder, p *service.Product) {
	v := &p.View
	fmt.Fprintf(b, "product %s: key required %t, approval required %t, published %t", named(v.ID, v.Name), p.SubscriptionRequired, v.ApprovalRequired, v.Published)
	if v.SubscriptionLimit != nil {
		fmt.Fprintf(b, ", at most %d each", *v.SubscriptionLimit)
	}
	if p.Policy != nil {
		fmt.Fprintf(b, ", policy %s in scope %s", p.Policy.Name, p.Policy.Scope)
	}
	for _, a := range v.APIs {
		fmt.Fprintf(b, ", has %s", a.ID)
	}
	for _, g := range v.Groups {
		fmt.Fprintf(b, ", for %s", g.Name)
	}
	b.WriteByte('\n')
}

func showSubscription(b *strings.Builder, sub *service.Subscription) {
	v := &sub.View
	fmt.Fprintf(b, "subscription %s: active %t, keys %q and %q, to ", named(v.ID, v.Name), sub.Active, v.PrimaryKey, v.SecondaryKey)
	switch {
	case sub.Product != nil:
		fmt.Fprintf(b, "product %s", sub.Product.View.ID)
	case sub.API != nil:
		fmt.Fprintf(b, "api %s", sub.API.View.ID)
	default:
		b.WriteString("all APIs")
	}
	if sub.Owner != nil {
		fmt.Fprintf(b, ", of %s", sub.Owner.ID)
	}
	fmt.Fprintf(b, ", since %s", v.CreatedDate.Format(time.DateOnly))
	if v.StartDate != nil && v.EndDate != nil {
		fmt.Fprintf(b, ", from %s until %s", v.StartDate.Format(time.RFC3339), v.EndDate.Format(time.RFC3339))
	}
	b.WriteByte('\n')
}

func showBackend(b *strings.Builder, e *exchange.BackendEntity) {
	if p := e.Pool; p != nil {
		fmt.Fprintf(b, "backend %s: pool, cookie %q\n", e.ID, p.Cookie)
		for _, m := range p.Members {
			fmt.Fprintf(b, "  %s: priority %d, weight %d, session %s\n", m.Backend.ID, m.Priority, m.Weight, m.Session)
		}
		return
	}
	fmt.Fprintf(b, "backend %s -> %s (any chain %t, any name %t)\n", e.ID, e.URL.String(), e.AnyChain, e.AnyName)
	fmt.Fprintf(b, "  credentials %+v\n", e.Credentials)
	if e.Breaker != nil {
		fmt.Fprintf(b, "  breaker %+v\n", *e.Breaker)
	}
}

func showRest(b *strings.Builder, s *service.Service) {
	if c := s.Cache; c != nil {
		fmt.Fprintf(b, "cache at %s, %s and a password of %d\n", c.Address, map[bool]string{true: "with TLS", false: "without TLS"}[c.TLS], len(c.Password))
	}
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
