package apimtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/apimulator/apimulator/apimtest"
)

var (
	_ apimtest.T = (*testing.T)(nil)
	_ apimtest.T = (*testing.B)(nil)
	_ apimtest.T = (*testing.F)(nil)
)

const orders, open = "testdata/orders.xml", "testdata/open.xml"

var key = apimtest.NamedValue("backend-key", "not-a-secret")

// ways are the two ways to a gateway: its client and its address.
var ways = map[string]func(*apimtest.Gateway) (*http.Client, string){
	"in process": func(gw *apimtest.Gateway) (*http.Client, string) {
		return &http.Client{Transport: gw.Transport()}, "https://contoso.azure-api.net"
	},
	"over TLS": func(gw *apimtest.Gateway) (*http.Client, string) { return gw.Client(), gw.URL() },
	"over TLS by name": func(gw *apimtest.Gateway) (*http.Client, string) {
		return gw.Client(), "https://contoso.azure-api.net"
	},
}

// eachWay runs a test with each of them.
func eachWay(t *testing.T, f func(t *testing.T, way func(*apimtest.Gateway) (*http.Client, string))) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, way)
		})
	}
}

// send sends a request with header lines given in pairs and reads the answer to its end.
func send(t apimtest.T, client *http.Client, method, url, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatalf("%v", err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return response, string(data)
}

func reader(gw *apimtest.Gateway) string {
	return "Bearer " + gw.Token(apimtest.Audience("api://orders"), apimtest.Roles("Orders.Read"))
}

func TestStubs(t *testing.T) {
	eachWay(t, func(t *testing.T, way func(*apimtest.Gateway) (*http.Client, string)) {
		gw := apimtest.New(t, apimtest.Policy(orders), key, apimtest.Backend("http://orders.internal:9000/v1"))
		client, url := way(gw)
		gw.Backend().On("POST", "/v1/items/*").Refuse().RespondJSON(201, []string{"made"}).Header("ETag", "x").Delay(3 * time.Second)
		gw.Backend().On("*", "http://orders.internal:9000/*").Handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("x-lower", r.URL.Path+"?"+r.URL.RawQuery)
			w.WriteHeader(404)
		}))
		post := func() (*http.Response, string) {
			return send(t, client, "POST", url+"/items/1?x=%20y", `{"a":1}`, "Authorization", reader(gw), "Content-Type", "application/json")
		}
		if r, body := post(); r.StatusCode != 500 {
			t.Errorf("a refused connection gives %s %q, want 500", r.Status, body)
		}
		r, body := post()
		if r.StatusCode != 201 || body != `["made"]` || r.Header.Get("ETag") != "x" || r.Header.Get("X-Known") != "yes" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("got %s %q %v", r.Status, body, r.Header)
		}
		if got := gw.Trace().Elapsed; got != 3*time.Second {
			t.Errorf("it took %s, want the delay of 3s", got)
		}
		if r, _ := send(t, client, "PUT", url+"/other?q=1", "", "Authorization", reader(gw)); r.StatusCode != 404 || r.Header.Get("X-Lower") != "/v1/other?q=1" {
			t.Errorf("the handler's answer is %s %v", r.Status, r.Header)
		}
		all := gw.Backend().Requests()
		if len(all) != 3 {
			t.Fatalf("the backend received %d requests, want 3: %v", len(all), all)
		}
		got := all[1]
		if got.Method != "POST" || got.URL.String() != "http://orders.internal:9000/v1/items/1?x=%20y" || string(got.Body) != `{"a":1}` ||
			got.Header.Get("Host") != "orders.internal:9000" || got.Header.Get("X-Backend-Key") != "not-a-secret" || got.Header.Get("Authorization") != "" {
			t.Errorf("the backend received %s %s %v %q", got.Method, got.URL, got.Header, got.Body)
		}
	})
}

// Without stubs the API's backend answers.
func TestNoStubs(t *testing.T) {
	eachWay(t, func(t *testing.T, way func(*apimtest.Gateway) (*http.Client, string)) {
		gw := apimtest.New(t, apimtest.Policy(open))
		client, url := way(gw)
		if r, body := send(t, client, "GET", url+"/", ""); r.StatusCode != 200 || body != "" {
			t.Errorf("got %s %q", r.Status, body)
		}
	})
}

func TestTokens(t *testing.T) {
	audience, role := apimtest.Audience("api://orders"), apimtest.Roles("Orders.Read")
	for name, c := range map[string]struct {
		options []apimtest.TokenOption
		status  int
		reason  string
	}{
		"good":           {[]apimtest.TokenOption{audience, role}, 200, ""},
		"by claim":       {[]apimtest.TokenOption{audience, apimtest.Claim("roles", []string{"Orders.Read"})}, 200, ""},
		"without role":   {[]apimtest.TokenOption{audience, role, apimtest.Claim("roles", nil)}, 401, "TokenMissingClaims"},
		"other role":     {[]apimtest.TokenOption{audience, apimtest.Roles("Other")}, 401, "TokenClaimValueMismatch"},
		"other audience": {[]apimtest.TokenOption{apimtest.Audience("api://other"), role}, 401, "TokenAudienceNotAllowed"},
		"expired":        {[]apimtest.TokenOption{audience, role, apimtest.Fault("expired")}, 401, "TokenExpired"},
		"other issuer":   {[]apimtest.TokenOption{audience, role, apimtest.Issuer("https://login.example/")}, 401, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gw := apimtest.New(t, apimtest.Policy(orders), key)
			client := &http.Client{Transport: gw.Transport()}
			r, _ := send(t, client, "GET", "https://contoso.azure-api.net/", "", "Authorization", "Bearer "+gw.Token(c.options...))
			trace := gw.Trace()
			if r.StatusCode != c.status || (c.reason != "" && (trace.LastError == nil || trace.LastError.Reason != c.reason)) {
				t.Errorf("got %d, want %d and %q; %s", r.StatusCode, c.status, c.reason, trace)
			}
		})
	}
}

// What is wrong ends or fails the test, and says where or what to do.
func TestFailures(t *testing.T) {
	client := func(gw *apimtest.Gateway) *http.Client { return &http.Client{Transport: gw.Transport()} }
	const url = "https://contoso.azure-api.net/a"
	for name, c := range map[string]struct {
		run  func(t *fakeT)
		want []string
	}{
		"nothing to run":  {func(t *fakeT) { apimtest.New(t) }, []string{"either Policy or Service"}},
		"both":            {func(t *fakeT) { apimtest.New(t, apimtest.Policy(open), apimtest.Service("x.yaml")) }, []string{"either Policy or Service"}},
		"no such file":    {func(t *fakeT) { apimtest.New(t, apimtest.Policy("testdata/none.xml")) }, []string{"testdata/none.xml"}},
		"backend address": {func(t *fakeT) { apimtest.New(t, apimtest.Policy(open), apimtest.Backend("nowhere")) }, []string{"nowhere"}},
		"unsupported":     {func(t *fakeT) { apimtest.New(t, apimtest.Policy("testdata/unsupported.xml")) }, []string{"unsupported.xml:4:10: ", "proxy"}},
		"no named value":  {func(t *fakeT) { apimtest.New(t, apimtest.Policy(orders)) }, []string{"orders.xml:16:", "backend-key"}},
		"no such key":     {func(t *fakeT) { apimtest.New(t, apimtest.Policy(open)).Key("nobody") }, []string{`no subscription "nobody"`, "default"}},
		"no such fault":   {func(t *fakeT) { apimtest.New(t, apimtest.Policy(open)).Token(apimtest.Fault("moon")) }, []string{`unknown fault "moon"`}},
		"no trace":        {func(t *fakeT) { apimtest.New(t, apimtest.Policy(open)).Trace() }, []string{"no request has come to its end"}},
		"no JSON": {func(t *fakeT) {
			apimtest.New(t, apimtest.Policy(open)).Backend().On("GET", "/").RespondJSON(200, func() {})
		}, []string{"RespondJSON"}},
		"delay of nothing": {func(t *fakeT) { apimtest.New(t, apimtest.Policy(open)).Backend().On("GET", "/").Delay(1) }, []string{"call Respond first"}},
		"unmatched stub": {func(t *fakeT) {
			gw := apimtest.New(t, apimtest.Policy(open))
			gw.Backend().On("POST", "/a")
			send(t, client(gw), "GET", url, "")
		}, []string{`nobody answers GET /a at host backend.example: add a stub, gw.Backend().On("GET", "https://backend.example/a")`}},
		"unmatched over TLS": {func(t *fakeT) {
			gw := apimtest.New(t, apimtest.Policy(open))
			gw.Backend().On("POST", "/a")
			send(t, gw.Client(), "GET", gw.URL()+"/a", "")
		}, []string{"nobody answers GET /a at host backend.example"}},
		"place where nothing stands": {func(t *fakeT) {
			gw := apimtest.New(t, apimtest.Policy(open))
			send(t, client(gw), "GET", url, "")
			gw.Trace().Ran("open.xml:99")
		}, []string{"no element begins in line 99"}},
		"a handler that panics": {func(t *fakeT) {
			gw := apimtest.New(t, apimtest.Policy(open))
			gw.Backend().On("GET", "/*").Handle(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("ouch") }))
			send(t, client(gw), "GET", url, "")
		}, []string{"ouch"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newT()
			f.run(func() { c.run(f) })
			got := strings.Join(f.failures, "\n")
			if len(f.failures) != 1 {
				t.Errorf("there are %d failures, want 1", len(f.failures))
			}
			for _, want := range c.want {
				if !strings.Contains(filepath.ToSlash(got), want) {
					t.Errorf("got %s\nwant %s", got, want)
				}
			}
		})
	}
}

// A test that failed logs the trace of its last request, secrets masked; another doesn't.
func TestTraceOfAFailure(t *testing.T) {
	for _, failing := range []bool{true, false} {
		f := newT()
		var token string
		f.run(func() {
			gw := apimtest.New(f, apimtest.Policy(orders), key)
			token = gw.Token(apimtest.Audience("api://other"))
			send(f, gw.Client(), "GET", gw.URL()+"/orders/7?q=not-a-secret", "", "Authorization", "Bearer "+token)
			if failing {
				f.Errorf("as it happens")
			}
		})
		logged := strings.Join(f.logs, "\n")
		if !failing {
			if logged != "" {
				t.Errorf("a test that passed logs %s", logged)
			}
			continue
		}
		for _, want := range []string{"/orders/7", "validate-jwt  orders.xml:4", "TokenAudienceNotAllowed", "LastError"} {
			if !strings.Contains(logged, want) {
				t.Errorf("the log does not hold %q:\n%s", want, logged)
			}
		}
		if strings.Contains(logged, token) || strings.Contains(logged, "not-a-secret") {
			t.Errorf("the log shows a secret:\n%s", logged)
		}
	}
}

// When the test is over, nothing listens and nothing runs.
func TestClosing(t *testing.T) {
	before := runtime.NumGoroutine()
	f := newT()
	var url string
	var client *http.Client
	f.run(func() {
		gw := apimtest.New(f, apimtest.Policy(orders), key)
		url, client = gw.URL(), gw.Client()
		send(f, client, "GET", url, "", "Authorization", reader(gw))
	})
	if f.Failed() {
		t.Fatal(f.failures)
	}
	if _, err := client.Get(url); err == nil {
		t.Error("the gateway answers after the test's end")
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines were left", runtime.NumGoroutine()-before)
}

// Many requests at once, some of which wait.
func TestAtOnce(t *testing.T) {
	eachWay(t, func(t *testing.T, way func(*apimtest.Gateway) (*http.Client, string)) {
		gw := apimtest.New(t, apimtest.Policy(orders), key)
		gw.Backend().On("GET", "/slow/*").Respond(503, "").Delay(5*time.Second).Respond(200, "done").Delay(5 * time.Second)
		gw.Backend().On("GET", "/*").Respond(200, "at once")
		client, url := way(gw)
		token := reader(gw)
		var group sync.WaitGroup
		for i := range 40 {
			path := "/slow/"
			if i%2 == 0 {
				path = "/"
			}
			group.Go(func() {
				if r, body := send(t, client, "GET", fmt.Sprint(url, path, i), "", "Authorization", token); r.StatusCode != 200 || body == "" {
					t.Errorf("got %s %q", r.Status, body)
				}
			})
		}
		group.Wait()
		if n := len(gw.Backend().Requests()); n != 41 {
			t.Errorf("the backend received %d requests, want 41", n)
		}
	})
}

// A handler can hold a request while others come.
func TestHeld(t *testing.T) {
	eachWay(t, func(t *testing.T, way func(*apimtest.Gateway) (*http.Client, string)) {
		gw := apimtest.New(t, apimtest.Policy(orders), key)
		arrived, release := make(chan bool), make(chan bool)
		gw.Backend().On("GET", "/held").Handle(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			arrived <- true
			<-release
		}))
		gw.Backend().On("GET", "/*").Respond(503, "").Respond(200, "")
		client, url := way(gw)
		token := reader(gw)
		var group sync.WaitGroup
		group.Go(func() {
			if r, _ := send(t, client, "GET", url+"/held", "", "Authorization", token); r.StatusCode != 200 {
				t.Errorf("the one that was held ends with %s", r.Status)
			}
		})
		<-arrived
		if r, _ := send(t, client, "GET", url+"/other", "", "Authorization", token); r.StatusCode != 200 {
			t.Errorf("the other one ends with %s", r.Status)
		}
		release <- true
		group.Wait()
	})
}

// A request that its client gives up ends, in process too.
func TestGivenUp(t *testing.T) {
	eachWay(t, func(t *testing.T, way func(*apimtest.Gateway) (*http.Client, string)) {
		gw := apimtest.New(t, apimtest.Policy(open))
		client, url := way(gw)
		ctx, cancel := context.WithCancel(t.Context())
		gw.Backend().On("GET", "/*").Handle(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { cancel() }))
		r, _ := http.NewRequestWithContext(ctx, "GET", url, nil)
		if _, err := client.Do(r); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// The seed's service, with a client that knows nothing of tests, over both ways.
func TestOpenAIClient(t *testing.T) {
	eachWay(t, func(t *testing.T, way func(*apimtest.Gateway) (*http.Client, string)) {
		gw := apimtest.New(t, apimtest.Service("../testdata/seed/apim.yaml"))
		transport, url := way(gw)
		client := openai.NewClient(option.WithBaseURL(url+"/deployments/gpt-4o/"), option.WithQuery("api-version", "2024-10-21"), option.WithAPIKey(gw.Token()),
			option.WithHeader("Ocp-Apim-Subscription-Key", gw.Key("car-assistant")), option.WithHTTPClient(transport), option.WithMaxRetries(0))
		params := openai.ChatCompletionNewParams{Model: "gpt-4o", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("a car, please")}}
		answer, err := client.Chat.Completions.New(t.Context(), params)
		if err != nil {
			t.Fatal(err)
		}
		if got := answer.Choices[0].Message.Content; !strings.Contains(got, "a car, please") {
			t.Errorf("got %q", got)
		}
		stream, chunks := client.Chat.Completions.NewStreaming(t.Context(), params), 0
		for ; stream.Next(); chunks++ {
		}
		if err := stream.Err(); err != nil || chunks < 3 {
			t.Errorf("the stream of %d chunks ends with %v", chunks, err)
		}
		if got := gw.Backend().Requests(); len(got) != 2 || got[0].URL.Host != "contoso.openai.azure.com" || !strings.HasPrefix(got[0].Header.Get("Authorization"), "Bearer ") {
			t.Errorf("Azure OpenAI received %v", got)
		}
	})
}

// The emulated parties are at their names.
func TestParties(t *testing.T) {
	eachWay(t, func(t *testing.T, way func(*apimtest.Gateway) (*http.Client, string)) {
		gw := apimtest.New(t, apimtest.Policy(open))
		client, _ := way(gw)
		r, body := send(t, client, "GET", "https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration", "")
		if r.StatusCode != 200 || !strings.Contains(body, `"jwks_uri"`) {
			t.Errorf("got %s %s", r.Status, body)
		}
	})
}

// The documentation's test is one that runs.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile("../docs/apimtest.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	inside := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "```go":
			inside = true
		case line == "```":
			inside = false
		case inside && line != "" && !strings.Contains(string(example), line):
			t.Errorf("example_test.go does not hold the line of docs/apimtest.md: %s", line)
		}
	}
}
