package azureopenai

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the answers of testdata/exchanges anew")

const (
	testTenant    = "11111111-1111-4111-8111-111111111111"
	testPrincipal = "66666666-6666-4666-8666-666666666666"
	testKey       = "0123456789abcdef0123456789abcdef"
	chatURL       = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
	helloBody     = `{"messages":[{"role":"user","content":"Hello, world!"}]}`
)

// verifyTest knows the tokens of these tests by their names.
func verifyTest(_ context.Context, token string, audiences []string) (Principal, error) {
	if !slices.Equal(audiences, []string{"https://cognitiveservices.azure.com", "https://cognitiveservices.azure.com/", "https://ai.azure.com"}) {
		return Principal{}, fmt.Errorf("asked for audiences %q", audiences)
	}
	switch token {
	case "good":
		return Principal{ObjectID: strings.ToUpper(testPrincipal), TenantID: testTenant}, nil
	case "roleless":
		return Principal{ObjectID: "77777777-7777-4777-8777-777777777777", TenantID: testTenant}, nil
	case "contributor":
		return Principal{ObjectID: "88888888-8888-4888-8888-888888888888", TenantID: testTenant}, nil
	case "foreign":
		return Principal{ObjectID: testPrincipal, TenantID: "22222222-2222-4222-8222-222222222222"}, nil
	}
	return Principal{}, errors.New("the signature does not match any key")
}

func testConfig() Config {
	c := DefaultConfig(testTenant, testPrincipal)
	c.Keys = []string{testKey}
	return c
}

// newTestServer gives a server whose ids and times are always the same.
func newTestServer(t testing.TB, c Config) (*Server, *exchange.VirtualClock) {
	t.Helper()
	clock := exchange.NewVirtualClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	s, err := New(c, Options{Clock: clock, Verify: verifyTest, Random: rand.NewPCG(1, 2)})
	if err != nil {
		t.Fatal(err)
	}
	return s, clock
}

// ask sends a chat request with the test key and returns the answer.
func ask(s *Server, url, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", url, strings.NewReader(body))
	r.Header.Set("Api-Key", testKey)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// Each file of testdata/exchanges is a conversation with a server of its own: a
// line that says what it shows, then parts under "-- name --". "config" is read
// over the default one, "advance" moves the clock, a "request" gets the "answer"
// after it: as on the wire, but with its fields sorted and a line feed at the end.
func TestExchanges(t *testing.T) {
	files, err := filepath.Glob("testdata/exchanges/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata/exchanges: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := converse(t, string(data))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(data), got); diff != "" {
				t.Errorf("%s: answers differ (- want, + got; -update writes the file):\n%s", file, diff)
			}
		})
	}
}

var partHeading = regexp.MustCompile(`(?m)^-- (\w+) --\n`)

// converse sends the requests of a conversation and returns it with the answers
// that came.
func converse(t *testing.T, conversation string) string {
	headings := partHeading.FindAllStringSubmatchIndex(conversation, -1)
	if headings == nil {
		t.Fatalf("no parts in %q", conversation)
	}
	config := testConfig()
	var s *Server
	var clock *exchange.VirtualClock
	var got strings.Builder
	got.WriteString(conversation[:headings[0][0]])
	for i, h := range headings {
		end := len(conversation)
		if i+1 < len(headings) {
			end = headings[i+1][0]
		}
		name, part := conversation[h[2]:h[3]], conversation[h[1]:end]
		if name == "answer" {
			continue // written after its request
		}
		got.WriteString(conversation[h[0]:end])
		switch name {
		case "config":
			if err := yaml.UnmarshalWithOptions([]byte(part), &config, yaml.Strict()); err != nil {
				t.Fatal(err)
			}
		case "advance":
			d, err := time.ParseDuration(strings.TrimSpace(part))
			if err != nil {
				t.Fatal(err)
			}
			clock.Advance(d)
		case "request":
			if s == nil {
				s, clock = newTestServer(t, config)
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, readRequest(t, part))
			got.WriteString("-- answer --\n" + dump(w))
		default:
			t.Fatalf("part %q: want config, advance, request or answer", name)
		}
	}
	return got.String()
}

// readRequest reads a request as on the wire, without its Content-Length.
func readRequest(t *testing.T, text string) *http.Request {
	t.Helper()
	head, body, _ := strings.Cut(strings.TrimSuffix(text, "\n"), "\n\n")
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(head + "\nHost: contoso.openai.azure.com\n\n")))
	if err != nil {
		t.Fatalf("request %q: %v", head, err)
	}
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return r
}

func dump(w *httptest.ResponseRecorder) string {
	var head strings.Builder
	w.Header().Write(&head)
	return fmt.Sprintf("%d %s\n%s\n%s\n", w.Code, http.StatusText(w.Code), strings.ReplaceAll(head.String(), "\r\n", "\n"), w.Body)
}

func TestServerServesSeveralAtOnce(t *testing.T) {
	s, clock := newTestServer(t, testConfig())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				body := fmt.Sprintf(`{"stream":%t,"messages":[{"role":"user","content":"number %d of %d"}]}`, j%2 == 0, j, i)
				if w := ask(s, chatURL, body); w.Code != 200 {
					t.Errorf("%s: got %d %s", body, w.Code, w.Body)
				}
				s.Requests()
				clock.Advance(time.Millisecond)
			}
		})
	}
	wg.Wait()
	if got := len(s.Requests()); got != 160 {
		t.Errorf("got %d requests recorded, want 160", got)
	}
}

func TestKeysAreMadeWhereNoneIsGiven(t *testing.T) {
	c := testConfig()
	c.Keys = nil
	one, _ := newTestServer(t, c)
	two, _ := newTestServer(t, c)
	keys := append(one.Keys(), two.Keys()...)
	slices.Sort(keys)
	if len(slices.Compact(keys)) != 4 || len(keys[0]) != 32 {
		t.Errorf("got keys %q, want four different ones of 32 characters", keys)
	}
	r := httptest.NewRequest("POST", chatURL, strings.NewReader(helloBody))
	r.Header.Set("Api-Key", one.Keys()[1])
	w := httptest.NewRecorder()
	if one.ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("with the second key: got %d %s", w.Code, w.Body)
	}
}

func TestHostsAreThoseConfigured(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	if got, want := s.Hosts(), []string{"contoso.openai.azure.com"}; !slices.Equal(got, want) {
		t.Errorf("got hosts %q, want %q", got, want)
	}
}
