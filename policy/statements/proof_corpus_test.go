package statements_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/apimulator/apimulator/internal/testrun"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// runsFile holds what came of each real document, read by eye when it changes.
const runsFile = "testdata/corpus-runs.txt"

// TestCorpusRuns takes one request through every real document that loads: no panic, no
// hang, no error of the emulator's own. What a document refers to is made up: named values
// and placeholders of scripts, fragments without statements, backends, certificates,
// schemas; every call is answered with the same JSON.
func TestCorpusRuns(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpus", "policies", "*", "*.xml"))
	if len(files) == 0 {
		t.Skip("the corpus of real policy documents is not here (../shared/corpus/policies beside the checkout)")
	}
	outcomes := make([]string, len(files))
	var next int
	var mu sync.Mutex
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(files) {
					return
				}
				name := filepath.Base(filepath.Dir(files[i])) + "/" + filepath.Base(files[i])
				outcomes[i] = name + "\n    " + runDocument(t, files[i]) + "\n"
			}
		})
	}
	workers.Wait()
	refusals(t, outcomes)
	slices.Sort(outcomes)
	got := strings.Join(outcomes, "")
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(runsFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(runsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs (- want, + got):\n%s", runsFile, strings.Join(testrun.Diff(string(want), got), "\n"))
	}
}

// refusals wants a reason in testdata/corpus-refused.txt for each document that does not
// load, and for no other.
func refusals(t *testing.T, outcomes []string) {
	t.Helper()
	reasons := listed(t, "corpus-refused.txt")
	for _, outcome := range outcomes {
		name, _, _ := strings.Cut(outcome, "\n")
		_, explained := reasons[name]
		if refused := strings.Contains(outcome, "\n    "+unloaded); refused != explained {
			t.Errorf("testdata/corpus-refused.txt has a reason: %t, of\n%s", explained, outcome)
		}
		delete(reasons, name)
	}
	for name := range reasons {
		t.Errorf("testdata/corpus-refused.txt: there is no %s", name)
	}
}

// guesses are what a named value may stand for, tried in this order. The first is Base64,
// as keys have to be, a name and a host; 100 is above what a document compares it with by
// chance, and 1 for what may not be so much.
var guesses = []string{"c2FtcGxlc2FtcGxlc2FtcGxlc2FtcGxl", "100", "1", "true", "https://sample.example", "11111111-1111-4111-8111-111111111111"}

// runDocument is what came of a document, in a line.
func runDocument(t *testing.T, file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return ""
	}
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Error(err)
		return ""
	}
	s := &surroundings{dir: dir, text: filled(string(text)), guessed: make(map[string]int)}
	subject, err := s.load()
	for err != nil && s.improve(err) {
		subject, err = s.load()
	}
	if err == nil {
		return runSubject(t, file, subject)
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return unloaded + strings.ReplaceAll(line, dir+string(filepath.Separator), "")
}

// unloaded begins the line of a document that does not load.
const unloaded = "does not load: "

// placeholders are what a script fills in before a document is deployed: #{name}#
// anywhere, {name} and NAME_OF_IT if they are a whole value somewhere.
var placeholders = regexp.MustCompile(`#\{\w+\}#|="(\{[a-z][\w-]*\}|[A-Z]+(?:_[A-Z]+)+)"|>(\{[a-z][\w-]*\})<`)

// filled is text with named values in place of a script's placeholders.
func filled(text string) string {
	for _, m := range placeholders.FindAllStringSubmatch(text, -1) {
		written := cmp.Or(m[1], m[2], m[0])
		text = strings.ReplaceAll(text, written, "{{"+strings.Trim(written, "#{}")+"}}")
	}
	return text
}

var (
	namedPlace = regexp.MustCompile(`\{\{\s*([\w.-]+)\s*\}\}`)
	fragmentID = regexp.MustCompile(`fragment-id="([^"@]+)"`)
	// references are attributes that name what a service holds, by the section of
	// apim.yaml that it stands in, with an entry there.
	references = []struct {
		section   string
		attribute *regexp.Regexp
		entry     string
	}{
		{"backends", regexp.MustCompile(`backend-id\s*=\s*"([^"@]+)"`), "{url: \"https://backend.example\"}"},
		{"certificates", regexp.MustCompile(`certificate-id\s*=\s*"([^"@]+)"`), "certificate.pem"},
		{"schemas", regexp.MustCompile(`schema-id\s*=\s*"([^"@]+)"`), "schema.json"},
	}
	onlyInProducts = regexp.MustCompile(`may stand in documents of the scope product,`)
)

// surroundings is a service around a document: what it refers to is there.
type surroundings struct {
	dir, text string
	guessed   map[string]int // which guess a named value stands for; 0 if it is not there
	ofProduct bool           // the document is a product's
}

// improve changes what the fault complains of, if that is made up: the value of a named
// value that it tells of, or the scope.
func (s *surroundings) improve(fault error) bool {
	if onlyInProducts.MatchString(fault.Error()) && !s.ofProduct {
		s.ofProduct = true
		return true
	}
	next := make(map[string]int)
	for _, m := range namedPlace.FindAllStringSubmatch(fault.Error(), -1) {
		if n := s.guessed[m[1]] + 1; n < len(guesses) {
			next[m[1]] = n
		}
	}
	maps.Copy(s.guessed, next)
	return len(next) > 0
}

// bound is text with the named values in place.
func (s *surroundings) bound(text string) string {
	return namedPlace.ReplaceAllStringFunc(text, func(place string) string {
		return guesses[s.guessed[namedPlace.FindStringSubmatch(place)[1]]]
	})
}

func (s *surroundings) write(name, content string) string {
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		panic(err) // of the test's own folder
	}
	return path
}

func (s *surroundings) load() (*testrun.Subject, error) {
	source := testrun.Source{NamedValues: make(map[string]string), Fragments: make(map[string]string)}
	for _, m := range namedPlace.FindAllStringSubmatch(s.text, -1) {
		source.NamedValues[m[1]] = guesses[s.guessed[m[1]]]
	}
	empty := s.write("empty.xml", "<fragment></fragment>")
	for _, m := range fragmentID.FindAllStringSubmatch(s.text, -1) {
		source.Fragments[s.bound(m[1])] = empty
	}
	document := s.text
	if strings.Contains(s.text, "<fragment") && !strings.Contains(s.text, "<policies") {
		source.Fragments["the-document"] = s.write("fragment.xml", s.text)
		document = `<policies><inbound><base /><include-fragment fragment-id="the-document" /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`
	}
	s.write("policy.xml", document)
	source.Service = s.write("apim.yaml", s.config())
	return source.Load()
}

// certificatePEM is a certificate of the cases.
var certificatePEM = sync.OnceValue(func() string {
	text, err := os.ReadFile("access/testdata/certificates/signer.pem")
	if err != nil {
		panic(err)
	}
	return string(text)
})

// config is the service's apim.yaml.
func (s *surroundings) config() string {
	config := "apis: [{name: api, path: \"\", backend: \"https://backend.example\", policy: policy.xml}]\nsubscriptions: [{name: all}]\n"
	if s.ofProduct {
		config = "apis: [{name: api, path: \"\", backend: \"https://backend.example\"}]\n" +
			"products: [{name: product, apis: [api], policy: policy.xml}]\nsubscriptions: [{name: all, product: product}]\n"
	}
	s.write("schema.json", "{}")
	s.write("certificate.pem", certificatePEM())
	for _, r := range references {
		ids := make(map[string]bool)
		for _, m := range r.attribute.FindAllStringSubmatch(s.text, -1) {
			ids[s.bound(m[1])] = true
		}
		if len(ids) == 0 {
			continue
		}
		config += r.section + ":\n"
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			config += fmt.Sprintf("  %q: %s\n", id, r.entry)
		}
	}
	return config
}

const answerJSON = `{"id":"1","value":"a","access_token":"a","choices":[{"message":{"role":"assistant","content":"Hello"}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}`

// runSubject takes a request through and tells its status, what decided, and the
// statements that ran.
func runSubject(t *testing.T, file string, subject *testrun.Subject) string {
	var w *testrun.World
	answer := func(_ context.Context, c *testrun.Call) (*exchange.Response, error) {
		if party, err := w.Party(c.URL.Host); party != nil || err != nil {
			return nil, err
		}
		r := &exchange.Response{Status: 200, Reason: "OK", Body: exchange.BytesBody([]byte(answerJSON))}
		r.Header.Add("Content-Type", "application/json")
		return r, nil
	}
	w, err := testrun.NewWorld(subject, testrun.WorldOptions{Answer: answer})
	if err != nil {
		return err.Error()
	}
	defer w.Close()
	x := w.NewExchange()
	q := &x.Request
	q.Method, q.ClientIP = "POST", "203.0.113.7"
	q.OriginalURL = exchange.URL{Scheme: "https", Host: "contoso.azure-api.net", Port: 443, Path: "/items/1", RawQuery: "api-version=1"}
	key, _ := w.Key("all")
	for _, line := range [][2]string{{"Host", "contoso.azure-api.net"}, {"Content-Type", "application/json"}, {"Authorization", "Bearer none"}, {"Ocp-Apim-Subscription-Key", key}} {
		q.Header.Add(line[0], line[1])
	}
	q.Body = exchange.BytesBody([]byte(`{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}`))
	done, err := w.Do(x)
	if err != nil {
		t.Errorf("%s: %v", file, err)
		return "failed"
	}
	return outcome(done.Record)
}

func outcome(r *trace.Record) string {
	line := fmt.Sprint(r.Status)
	if d := r.Deciding(); d != nil {
		line += " by " + d.Name
		if d.Reason != "" {
			line += " (" + d.Reason + ")"
		}
	}
	var ran []string
	for i := range r.Steps {
		if r.Steps[i].Document != "" {
			ran = append(ran, r.Steps[i].Name)
		}
	}
	return line + ": " + strings.Join(ran, " ")
}
