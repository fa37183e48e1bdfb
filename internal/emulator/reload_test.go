package emulator

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/apimulator/apimulator/testdata/seed"
)

const (
	reloaded    = "the service was reloaded"
	notReloaded = "the service was not reloaded; the last good one stays"
)

// says is a policy that answers every request with a text.
func says(text string) string {
	return document(`<return-response><set-status code="200" reason="OK" /><set-body>` + text + `</set-body></return-response>`)
}

const sayingService = `apis:
  - {name: api, path: "", backend: "http://localhost:1", policy: policy.xml, subscriptionRequired: false}
`

// replace puts a file in the place of another as editors do: in one step.
func (l *lab) replace(name, text string) {
	l.t.Helper()
	path := filepath.Join(l.dir, filepath.FromSlash(name))
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) checkSays(want string) {
	l.t.Helper()
	if got := l.get("/"); got.status != http.StatusOK || got.body != want {
		l.t.Errorf("the service says %d %q; want %q", got.status, got.body, want)
	}
}

// TestReload: whatever way a file changes, the service changes with it.
func TestReload(t *testing.T) {
	l := newLab(t, files{"apim.yaml": sayingService, "policy.xml": says("first")}, withWatch)
	l.checkSays("first")
	path := func(name string) string { return filepath.Join(l.dir, filepath.FromSlash(name)) }
	for _, step := range []struct {
		name string
		edit func() error
		want string
	}{
		{"a file is written over", func() error { return os.WriteFile(path("policy.xml"), []byte(says("written over")), 0o600) }, "written over"},
		{"a file is replaced", func() error { l.replace("policy.xml", says("replaced")); return nil }, "replaced"},
		{"a replaced file is replaced again", func() error { l.replace("policy.xml", says("replaced again")); return nil }, "replaced again"},
		{"the service names a new file, in a new folder", func() error {
			files{"policies/api.xml": says("new file")}.write(t, l.dir)
			l.replace("apim.yaml", strings.ReplaceAll(sayingService, "policy.xml", "policies/api.xml"))
			return nil
		}, "new file"},
		{"the new file is edited", func() error { l.replace("policies/api.xml", says("new file, edited")); return nil }, "new file, edited"},
	} {
		if err := step.edit(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		l.log.await(t, reloaded)
		if got := l.get("/"); got.body != step.want {
			t.Errorf("%s: the service says %q; want %q", step.name, got.body, step.want)
		}
	}

	// The folder goes, as when another branch is checked out, and comes back.
	if err := os.RemoveAll(path("policies")); err != nil {
		t.Fatal(err)
	}
	l.log.await(t, notReloaded)
	l.checkSays("new file, edited")
	files{"policies/api.xml": says("back again")}.write(t, l.dir)
	l.log.await(t, reloaded)
	l.checkSays("back again")
}

// TestReloadSinglePolicy: a policy that is run by itself is followed too.
func TestReloadSinglePolicy(t *testing.T) {
	dir := t.TempDir()
	files{"policy.xml": says("first")}.write(t, dir)
	l := newLab(t, nil, withWatch, func(c *Config) {
		c.Policy, c.Backend = filepath.Join(dir, "policy.xml"), "http://localhost:1"
	})
	l.dir = dir
	key := l.Key("default")
	l.replace("policy.xml", says("second"))
	l.log.await(t, reloaded)
	if got := l.get("/", "Ocp-Apim-Subscription-Key", key); got.body != "second" {
		t.Errorf("with the key from before the reload the service says %d %q; want %q", got.status, got.body, "second")
	}
}

// TestReloadBroken: what can't be used is reported with its place, and the service
// goes on as it was.
func TestReloadBroken(t *testing.T) {
	l := newLab(t, files{"apim.yaml": sayingService, "policy.xml": says("good")}, withWatch)
	for _, test := range []struct{ name, file, text, want string }{
		{"XML that is cut off", "policy.xml", "<policies>\n<inbound>\n", "policy.xml:"},
		{"an unknown statement", "policy.xml", document("\n  <rate-limt />"), "policy.xml:3:4: "},
		{"YAML that is none", "apim.yaml", "apis:\n  - {name: api", "apim.yaml:2:"},
		{"a key that there isn't", "apim.yaml", sayingService + "subscription: {}\n", "apim.yaml:3:1: "},
		{"a value that an emulated party refuses", "apim.yaml", sayingService + "entra:\n  tenants:\n    - {id: none}\n", "apim.yaml:5:"},
		{"a host that nobody serves", "policy.xml", document("\n  " + `<set-backend-service base-url="https://graph.microsoft.com/v1.0" />`), "policy.xml:3:"},
		{"a real backend that is mapped just now", "apim.yaml",
			strings.ReplaceAll(sayingService, "http://localhost:1", "https://api.example.com") + "hosts: {api.example.com: \"127.0.0.1:9\"}\n",
			"changes of hosts take effect at the next start only"},
		{"a real backend", "apim.yaml", strings.ReplaceAll(sayingService, "http://localhost:1", "https://api.example.com"), "refused: the emulated Entra ID is trusted"},
	} {
		l.replace(test.file, test.text)
		if line := l.log.await(t, notReloaded); !strings.Contains(line, test.want) {
			t.Errorf("%s: the log says %swant %q in it", test.name, line, test.want)
		}
		l.checkSays("good")
		l.replace("apim.yaml", sayingService)
		l.replace("policy.xml", says("good"))
		l.log.await(t, reloaded)
	}

	// A file that is missing when it is first named, and comes later.
	l.replace("apim.yaml", strings.ReplaceAll(sayingService, "policy.xml", "later/policy.xml"))
	if line := l.log.await(t, notReloaded); !strings.Contains(line, "apim.yaml:2:") {
		t.Errorf("a missing file: the log says %swant the place that names it", line)
	}
	files{"later/policy.xml": says("here at last")}.write(t, l.dir)
	l.log.await(t, reloaded)
	l.checkSays("here at last")
}

// TestReloadNeedsRestart: what a reload can't change is said so, and is not half
// changed.
func TestReloadNeedsRestart(t *testing.T) {
	l := newLab(t, files{"apim.yaml": sayingService, "policy.xml": says("first")}, withWatch)
	for _, test := range []struct{ text, want string }{
		{"hosts: {api.contoso.example: \"127.0.0.1:9\"}\n", "changes of hosts take effect"},
		{"entra: {accessTokenLifetime: 10m}\n", "changes of entra take effect"},
		{"managedIdentity: {userAssigned: []}\nazureOpenAI: {region: West Europe}\n", "changes of managedIdentity, azureOpenAI take effect"},
	} {
		l.replace("apim.yaml", sayingService+test.text)
		l.log.await(t, reloaded)
		l.log.await(t, test.want)
	}
	l.replace("apim.yaml", sayingService) // as at the start: nothing is left to say
	l.log.await(t, reloaded)
	l.replace("policy.xml", says("second"))
	l.log.await(t, reloaded)
	_, after, _ := strings.Cut(l.log.all(), "changes of managedIdentity")
	if strings.Contains(after, "changes of") {
		t.Errorf("after everything was put back the log still says so:\n%s", after)
	}
}

// versioned is a service that tells the backend two versions, one by the policy of
// all APIs and one by the API's.
func versioned(backend, version string) files {
	header := func(name string) string {
		return `<set-header name="` + name + `" exists-action="override"><value>` + version + `</value></set-header>`
	}
	global := strings.ReplaceAll(document(header("X-Global")), "<base />", "")
	return files{
		"apim.yaml": "policy: " + version + "/global.xml\napis:\n  - {name: api, path: \"\", backend: \"" + backend + "\", policy: " + version +
			"/api.xml, subscriptionRequired: false}\n",
		version + "/global.xml": strings.ReplaceAll(global, "<backend></backend>", `<backend><forward-request timeout="86400" /></backend>`),
		version + "/api.xml":    strings.ReplaceAll(document(header("X-Api")), "<outbound><base />", "<outbound><base />"+header("X-Answered-By")),
	}
}

// TestReloadUnderWay: a request finishes on the program that it began with.
func TestReloadUnderWay(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	slow := backend(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			arrived <- struct{}{}
			<-release
		}
	})
	l := newLab(t, versioned(slow.URL, "v1"), withWatch)
	held := later(t, l.client, request(t, http.MethodGet, l.Gateway()+"/slow", ""))
	await(t, arrived, "the request at the backend")

	next := versioned(slow.URL, "v2")
	config := next["apim.yaml"]
	delete(next, "apim.yaml")
	next.write(t, l.dir)
	l.replace("apim.yaml", config)
	l.log.await(t, reloaded)
	if got := l.get("/").header.Get("X-Answered-By"); got != "v2" {
		t.Errorf("a request after the reload was answered by %q; want v2", got)
	}
	close(release)
	if got := await(t, held, "the held request").header.Get("X-Answered-By"); got != "v1" {
		t.Errorf("a request from before the reload was answered by %q; want v1", got)
	}
}

// TestReloadWhole: no request sees a policy of one version and one of another.
func TestReloadWhole(t *testing.T) {
	echo := backend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Seen", r.Header.Get("X-Global")+" "+r.Header.Get("X-Api"))
	})
	one, two := versioned(echo.URL, "v1"), versioned(echo.URL, "v2")
	l := newLab(t, one, withWatch, func(c *Config) { c.Finished = nil })
	configs := []string{two["apim.yaml"], one["apim.yaml"]}
	delete(two, "apim.yaml")
	two.write(t, l.dir)

	ends := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() {
		for {
			select {
			case <-ends:
				return
			default:
			}
			answer, err := ask(l.client, request(t, http.MethodGet, l.Gateway(), ""))
			if seen := answer.header.Get("X-Seen"); err != nil || seen != "v1 v1" && seen != "v2 v2" {
				t.Errorf("a request saw %q, %v; want one version", seen, err)
				return
			}
		}
	})
	for i := range 6 {
		l.replace("apim.yaml", configs[i%2])
		l.log.await(t, reloaded)
	}
	close(ends)
	asking.Wait()
}

// TestReloadBurst: many edits in a row make few reloads, the last edit is what is
// served, and then there is silence.
func TestReloadBurst(t *testing.T) {
	l := newLab(t, files{"apim.yaml": sayingService, "policy.xml": says("first")}, withWatch)
	const edits = 60
	for range edits {
		l.replace("policy.xml", says("in the middle"))
	}
	l.replace("policy.xml", says("last"))
	for l.get("/").body != "last" {
		l.log.await(t, reloaded)
	}
	count := func() int { return strings.Count(l.log.all(), reloaded) }
	// The service is in use a moment before the log says so.
	for count() < strings.Count(l.log.all(), filesChanged) {
		l.log.await(t, reloaded)
	}
	after := count()
	if after > edits/3 {
		t.Errorf("%d edits in a row made %d reloads", edits, after)
	}
	files{"notes.txt": "not of the service", "policy.xml~": "a backup"}.write(t, l.dir)
	l.replace("policy.xml", says("one more"))
	l.log.await(t, reloaded)
	l.checkSays("one more")
	if got := count(); got != after+1 {
		t.Errorf("one more edit, and files beside, made %d reloads; want 1", got-after)
	}
}

// TestReloadTellsOthers: what other programs read in the state folder follows.
func TestReloadTellsOthers(t *testing.T) {
	service, err := seed.Files.ReadFile("apim.yaml")
	if err != nil {
		t.Fatal(err)
	}
	policy, err := seed.Files.ReadFile("policy.xml")
	if err != nil {
		t.Fatal(err)
	}
	state := t.TempDir()
	l := newLab(t, files{"apim.yaml": string(service), "policy.xml": string(policy)}, withWatch, withState(state))
	before := l.Key("")
	l.replace("apim.yaml", strings.ReplaceAll(string(service), "  - name: car-assistant\n    product", "  - name: another\n    product"))
	l.log.await(t, reloaded)
	var told running
	text, err := os.ReadFile(filepath.Join(state, runningFile))
	if err == nil {
		err = json.Unmarshal(text, &told)
	}
	if err != nil || told.SubscriptionKey == before || told.SubscriptionKey != l.Key("another") {
		t.Errorf("%s: %v, key changed %v; want the key of the only subscription", runningFile, err, told.SubscriptionKey != before)
	}
	l.checkChats(l.userToken())
}
