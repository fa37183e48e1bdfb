package azureopenai

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRequestsAreRecorded(t *testing.T) {
	s, clock := newTestServer(t, testConfig())
	r := httptest.NewRequest("POST", chatURL+"&code=abc&x=%zz&Sig%6eature=def", strings.NewReader(helloBody))
	for name, value := range map[string]string{"Authorization": "Bearer good", "Api-Key": "secret", "Ocp-Apim-Subscription-Key": "secret",
		"Cookie": "a=secret", "X-Long": strings.Repeat("x", 2000), "Accept-Encoding": "gzip"} {
		r.Header.Set(name, value)
	}
	s.ServeHTTP(httptest.NewRecorder(), r)
	want := []Record{{
		Time: clock.Now(), Method: "POST", Path: "/openai/deployments/gpt-4o/chat/completions",
		Query: "api-version=2024-10-21&code=***&x=%zz&Sig%6eature=***",
		Header: http.Header{"Authorization": {"Bearer ***"}, "Api-Key": {"***"}, "Ocp-Apim-Subscription-Key": {"***"}, "Cookie": {"***"},
			"X-Long": {strings.Repeat("x", 1024) + "…"}, "Accept-Encoding": {"gzip"}},
		BodySize: len(helloBody), Deployment: "gpt-4o", Principal: strings.ToUpper(testPrincipal), Status: 200,
	}}
	got := s.Requests()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(- want, + got)\n%s", diff)
	}
	got[0].Header.Set("Accept-Encoding", "changed")
	if s.Requests()[0].Header.Get("Accept-Encoding") != "gzip" {
		t.Error("a record changes with the copy that was handed out")
	}
}

func TestRecordsNameThePrincipal(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	for _, c := range []struct {
		header, value string
		want          string
		status        int
	}{
		{"Api-Key", testKey, "api-key", 200},
		{"Api-Key", "wrong", "", 401},
		{"Authorization", "Bearer wrong", "", 401},
		{"Authorization", "Bearer roleless", "77777777-7777-4777-8777-777777777777", 401},
	} {
		r := httptest.NewRequest("POST", chatURL, strings.NewReader(helloBody))
		r.Header.Set(c.header, c.value)
		s.ServeHTTP(httptest.NewRecorder(), r)
		records := s.Requests()
		if got := records[len(records)-1]; got.Principal != c.want || got.Status != c.status {
			t.Errorf("%s: %s: recorded as %q with status %d, want %q with %d", c.header, c.value, got.Principal, got.Status, c.want, c.status)
		}
	}
}

func TestRecordsAreBounded(t *testing.T) {
	s, clock := newTestServer(t, testConfig())
	start := clock.Now()
	for range maxRecords + 10 {
		r := httptest.NewRequest("GET", "/"+strings.Repeat("p", 5000), nil)
		for i := range 200 {
			r.Header.Add(fmt.Sprint("X-", i), "x")
			r.Header.Add("Many", "x")
		}
		s.ServeHTTP(httptest.NewRecorder(), r)
		clock.Advance(time.Second)
	}
	got := s.Requests()
	if len(got) != maxRecords || !got[0].Time.Equal(start.Add(10*time.Second)) {
		t.Fatalf("got %d records from %v on, want the last %d", len(got), got[0].Time, maxRecords)
	}
	if n := len(got[0].Path); n > 2*maxRecordedValue {
		t.Errorf("the path is kept with %d bytes", n)
	}
	fields := 0
	for _, values := range got[0].Header {
		fields += len(values)
	}
	if fields > 2*maxRecordedFields {
		t.Errorf("%d header fields are kept", fields)
	}
}

// What was wrong with a token is for the log alone, and the token for nobody.
func TestWhyATokenIsRefusedIsLogged(t *testing.T) {
	var log bytes.Buffer
	s, err := New(testConfig(), Options{Verify: verifyTest, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", chatURL, strings.NewReader(helloBody))
	r.Header.Set("Authorization", "Bearer tampered")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	const reason = "the signature does not match any key"
	if !strings.Contains(log.String(), reason) || strings.Contains(log.String(), "tampered") {
		t.Errorf("logged %q, want %q and no token", log.String(), reason)
	}
	if answer := fmt.Sprint(w.Header(), w.Body); strings.Contains(answer, "signature") {
		t.Errorf("the client is told: %s", answer)
	}
}

func TestWithoutVerifyNoTokenIsGood(t *testing.T) {
	s, err := New(testConfig(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", chatURL, strings.NewReader(helloBody))
	r.Header.Set("Authorization", "Bearer good")
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != 401 {
		t.Errorf("got %d %s, want 401", w.Code, w.Body)
	}
}
