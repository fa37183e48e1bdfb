package trace_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

var update = flag.Bool("update", false, "write the renderings of testdata anew")

// Each file of testdata is a record as the management listener sends it
// ("record.json"), and what a terminal shows of it: "line" and "full".
func TestRender(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := make(map[string]string)
			for _, f := range archive.Files {
				want[f.Name] = string(f.Data)
			}
			var r trace.Record
			if err := json.Unmarshal([]byte(want["record.json"]), &r); err != nil {
				t.Fatal(err)
			}
			var full bytes.Buffer
			if err := r.Write(&full); err != nil {
				t.Fatal(err)
			}
			got := map[string]string{"record.json": want["record.json"], "line": r.Line() + "\n", "full": full.String()}
			if *update {
				archive.Files = nil
				for _, name := range []string{"record.json", "line", "full"} {
					archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
				}
				if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("got (+), want (-)\n%s", diff)
			}
		})
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }

func TestWriteError(t *testing.T) {
	if err := (&trace.Record{}).Write(broken{}); err == nil || err.Error() != "broken" {
		t.Errorf("Write: %v; want the writer's error", err)
	}
}

// The command line shows records that came as JSON: nothing may get lost.
func TestJSONRoundTrip(t *testing.T) {
	r := start(&trace.Recorder{}, "id")
	s := site("validate-jwt", 7)
	s.PolicyID = "jwt"
	r.within(s, exchange.Failed, &exchange.Failure{LastError: exchange.LastError{Reason: "Invalid JWT.", Message: "IDX10223: <expired> & \"gone\""}, Detail: "at noon"}, func() {
		r.within(site("inner", 8), exchange.Responded, nil, func() { r.Note("inner", "ä note") })
	})
	r.API, r.Operation = &exchange.API{Name: "orders"}, &exchange.Operation{Name: "list"}
	r.Product, r.Subscription = &exchange.Product{Name: "gold"}, &exchange.Subscription{Name: "me"}
	r.LastError = &exchange.LastError{Source: "s", Reason: "r", Message: "m", Scope: "api", Section: "inbound", Path: `a\b`, PolicyID: "p"}
	sent := r.finish(trace.End{Status: 401, BytesOut: 1 << 40, Cut: "cut"})
	sent.Dropped = 3

	data, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	var got trace.Record
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sent, &got, cmpopts.IgnoreUnexported(trace.Record{})); diff != "" {
		t.Errorf("through %s: got (+), sent (-)\n%s", data, diff)
	}
	var here, there bytes.Buffer
	if sent.Write(&here) != nil || got.Write(&there) != nil || here.String() != there.String() || sent.Line() != got.Line() {
		t.Errorf("rendered otherwise after the way through JSON: got (+), sent (-)\n%s", cmp.Diff(here.String(), there.String()))
	}
}

// Which of the steps settled the response.
func TestDeciding(t *testing.T) {
	step := func(name string, depth int, outcome exchange.Outcome) trace.Step {
		return trace.Step{Name: name, Depth: depth, Outcome: outcome.String()}
	}
	const continued, responded, failed = exchange.Continued, exchange.Responded, exchange.Failed
	tests := []struct {
		name  string
		steps []trace.Step
		want  string
	}{
		{"nothing ran", nil, ""},
		{"the backend answered", []trace.Step{step("a", 0, continued), step("forward-request", 0, continued)}, ""},
		{"one answered", []trace.Step{step("a", 0, continued), step("b", 0, responded)}, "b"},
		{"one failed", []trace.Step{step("a", 0, failed)}, "a"},
		{"on-error only changes it", []trace.Step{step("a", 0, failed), step("b", 0, continued), step("c", 0, responded)}, "a"},
		{"the innermost", []trace.Step{step("choose", 0, responded), step("set-header", 1, continued), step("when", 1, responded), step("return-response", 2, responded)}, "return-response"},
		{"the innermost, not on-error's", []trace.Step{step("a", 0, failed), step("choose", 0, responded), step("return-response", 1, responded)}, "a"},
	}
	because := func(s trace.Step, reason string) trace.Step { s.Reason = reason; return s }
	tests = append(tests, []struct {
		name  string
		steps []trace.Step
		want  string
	}{
		{"a retry that got through", []trace.Step{step("retry", 0, continued), because(step("forward-request", 1, failed), "Timeout"), step("forward-request", 1, continued)}, ""},
		{"a retry that got through, and a failure after it", []trace.Step{step("retry", 0, continued), because(step("forward-request", 1, failed), "Timeout"), step("forward-request", 1, continued), step("set-body", 0, failed)}, "set-body"},
		{"the last try", []trace.Step{because(step("retry", 0, failed), "R"), because(step("first", 1, failed), "R"), because(step("second", 1, failed), "R")}, "second"},
		{"the condition of a retry, not the try before it", []trace.Step{because(step("retry", 0, failed), "Expression"), because(step("forward-request", 1, failed), "Timeout")}, "retry"},
		{"the first branch failed, which cancelled the other", []trace.Step{
			because(step("wait", 0, failed), "R"), because(step("choose", 1, failed), exchange.ReasonOvertaken), because(step("send-request", 2, failed), exchange.ReasonOvertaken),
			because(step("send-request b", 1, failed), "R"), because(step("c", 1, failed), exchange.ReasonOvertaken)}, "send-request b"},
		{"the first branch got through, which cancelled the other", []trace.Step{step("wait", 0, continued), because(step("send-request", 1, failed), exchange.ReasonOvertaken)}, ""},
		{"found in a cache, and a failure after it", []trace.Step{step("cache-lookup", 0, responded), step("set-body", 0, failed)}, "set-body"},
	}...)
	for _, test := range tests {
		r := trace.Record{Steps: test.steps}
		got := ""
		if d := r.Deciding(); d != nil {
			got = d.Name
		}
		if got != test.want {
			t.Errorf("%s: %q decided; want %q", test.name, got, test.want)
		}
	}
}

// Times are shown as exactly as they matter.
func TestRounding(t *testing.T) {
	for elapsed, want := range map[time.Duration]string{
		0:                       "0s",
		499:                     "0s",
		1499 * time.Nanosecond:  "1µs",
		999_499:                 "999µs",
		1_234_567:               "1.23ms",
		12_345_678:              "12.35ms",
		987_654_321:             "987.65ms",
		1_234_567_890:           "1.235s",
		61*time.Second + 999999: "1m1.001s",
	} {
		r := trace.Record{Time: noon, Method: "GET", URL: "https://h/p", Status: 200, Elapsed: elapsed}
		if got := r.Line(); got != "12:00:00 GET /p 200 "+want {
			t.Errorf("%d ns are shown as %q; want %s", elapsed, got, want)
		}
	}
}
