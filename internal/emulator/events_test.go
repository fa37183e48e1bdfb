package emulator

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Events go to the file of their logger, and a request that nobody waits for goes out
// before the emulator has ended.
func TestEventsAndOneWayRequests(t *testing.T) {
	called := make(chan string, 1)
	backend := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { called <- r.Method + " " + r.URL.Path }))
	defer backend.Close()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"policy.xml": `<policies><inbound>
			<log-to-eventhub logger-id="audit" partition-key="k">one</log-to-eventhub>
			<log-to-eventhub logger-id="named">two</log-to-eventhub>
			<emit-metric name="m"><dimension name="API ID" /></emit-metric>
			<send-one-way-request mode="new"><set-url>` + backend.URL + `/late</set-url><set-method>PUT</set-method></send-one-way-request>
			<return-response />
		</inbound></policies>`,
		"apim.yaml": "apis:\n  - {name: a, path: \"\", backend: \"" + backend.URL + "\", policy: policy.xml, subscriptionRequired: false}\n" +
			"loggers:\n  audit:\n  named: {file: here/named.jsonl}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e, err := Start(Config{Service: filepath.Join(dir, "apim.yaml"), HTTP: anyPort, State: filepath.Join(dir, "state")})
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(e.GatewayPlain() + "/")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	closeEmulator(t, e)
	if response.StatusCode != 200 || len(called) != 1 || <-called != "PUT /late" {
		t.Errorf("status %d, and the request did not go out", response.StatusCode)
	}
	for file, want := range map[string]string{"state/events/audit.jsonl": `"partitionKey":"k","body":"one"}`, "here/named.jsonl": `"logger":"named","body":"two"}`} {
		if got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file))); err != nil || !strings.HasSuffix(strings.TrimSpace(string(got)), want) {
			t.Errorf("%s: %v\n%s", file, err, got)
		}
	}
	if m := e.sinks.Metrics(); len(m) != 1 || m[0].Dimensions[0].Value != "a" {
		t.Errorf("metrics: %v", m)
	}
}
