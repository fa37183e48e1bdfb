package statements_test

import (
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
// hang, no error of the emulator's own. What a document refers to is made up: named values,
// fragments without statements, backends; every call is answered with the same
// JSON.
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

// guesses are what a named value may stand for, tried in this order.
var guesses = []string{"sample", "1", "true", "https://sample.example", "11111111-1111-4111-8111-111111111111"}

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
	var loading error
	for _, guess := range guesses {
		subject, err := surroundings(dir, string(text), guess).Load()
		if err == nil {
			return runSubject(t, file, subject)
		}
		if loading == nil {
			loading = err
		}
	}
	first, _, _ := strings.Cut(loading.Error(), "\n")
	return "does not load: " + strings.ReplaceAll(first, dir+string(filepath.Separator), "")
}

var (
	namedPlace = regexp.MustCompile(`\{\{\s*([\w.-]+)\s*\}\}`)
	fragmentID = regexp.MustCompile(`fragment-id="([^"@{]+)"`)
	// references are attributes that name what a service holds, by the section of
	// apim.yaml that it stands in.
	references = map[string]*regexp.Regexp{
		"backends": regexp.MustCompile(`backend-id="([^"@]+)"`),
	}
)

// surroundings is a service around a document: what it refers to is there.
func surroundings(dir, text, guess string) testrun.Source {
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			panic(err) // of the test's own folder
		}
		return path
	}
	source := testrun.Source{NamedValues: make(map[string]string), Fragments: make(map[string]string)}
	for _, m := range namedPlace.FindAllStringSubmatch(text, -1) {
		source.NamedValues[m[1]] = guess
	}
	empty := write("empty.xml", "<fragment></fragment>")
	for _, m := range fragmentID.FindAllStringSubmatch(text, -1) {
		source.Fragments[m[1]] = empty
	}
	document := text
	if strings.Contains(text, "<fragment") && !strings.Contains(text, "<policies") {
		source.Fragments["the-document"] = write("fragment.xml", text)
		document = `<policies><inbound><base /><include-fragment fragment-id="the-document" /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`
	}
	write("policy.xml", document)
	config := "apis: [{name: api, path: \"\", backend: \"https://backend.example\", policy: policy.xml}]\nsubscriptions: [{name: all}]\n"
	for _, section := range slices.Sorted(maps.Keys(references)) {
		ids := make(map[string]bool)
		for _, m := range references[section].FindAllStringSubmatch(text, -1) {
			ids[namedPlace.ReplaceAllString(m[1], guess)] = true
		}
		if len(ids) == 0 {
			continue
		}
		config += section + ":\n"
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			config += made[section](id)
		}
	}
	source.Service = write("apim.yaml", config)
	return source
}

// made are entries of the sections of apim.yaml.
var made = map[string]func(id string) string{
	"backends": func(id string) string { return fmt.Sprintf("  %q: {url: \"https://backend.example\"}\n", id) },
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
