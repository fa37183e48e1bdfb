package testrun

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// busyPolicy has what most policies have: a token, variables, a retry.
const busyPolicy = `<policies>
    <inbound>
        <base />
        <validate-jwt header-name="Authorization" output-token-variable-name="jwt">
            <openid-config url="https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration" />
            <audiences><audience>api://orders</audience></audiences>
        </validate-jwt>
        <set-variable name="user" value="@(((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("upn", "nobody"))" />
        <set-variable name="number" value="@(int.Parse(context.Request.Headers.GetValueOrDefault("X-Number", "0")) * 2)" />
        <set-header name="X-User" exists-action="override"><value>@((string)context.Variables["user"])</value></set-header>
    </inbound>
    <backend>
        <retry condition="@(context.Response.StatusCode == 503)" count="5" interval="10">
            <forward-request />
        </retry>
    </backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>
`

// busyTests are n tests, each at another time.
func busyTests(n int) string {
	var b strings.Builder
	b.WriteString("policy: policy.xml\ntests:\n  - name: order ${n}\n    cases:\n")
	for i := range n {
		fmt.Fprintf(&b, "      - {n: %d, at: \"%s\", twice: %d, user: %s}\n", i, epoch.Add(time.Duration(i)*time.Hour).Format(time.RFC3339), 2*i, []string{"alice", "bob"}[i%2])
	}
	b.WriteString(`    at: ${at}
    request:
      url: /orders/${n}
      headers: {X-Number: "${n}"}
      token: {audience: "api://orders", user: "${user}@contoso.onmicrosoft.com"}
    backend:
      - {match: {path: /orders/*}, status: 503, delay: 2s, then: [{status: 503}, {status: 200, json: {id: "${n}"}}]}
    expect:
      status: 200
      json: {id: "${n}"}
      variables: {user: "${user}@contoso.onmicrosoft.com", number: "${twice}"}
      backend: {count: 3}
      elapsed: 22s
`)
	return b.String()
}

// limitPolicy has what a policy of limits has: a rate, a quota and tokens.
const limitPolicy = `<policies>
    <inbound>
        <base />
        <rate-limit-by-key calls="3" renewal-period="60" counter-key="@(context.Request.Headers.GetValueOrDefault("X-Caller", "nobody"))" remaining-calls-header-name="X-Left" />
        <quota-by-key calls="4" bandwidth="100" renewal-period="3600" counter-key="@(context.Request.IpAddress)" />
        <llm-token-limit tokens-per-minute="500" counter-key="all" estimate-prompt-tokens="true" />
    </inbound>
    <backend><base /></backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>
`

// limitTests are n tests of limits, each with a clock of its own.
func limitTests(n int) string {
	var b strings.Builder
	b.WriteString("policy: policy.xml\ntests:\n  - name: caller ${n}\n    cases:\n")
	for i := range n {
		fmt.Fprintf(&b, "      - {n: %d, at: \"%s\"}\n", i, epoch.Add(time.Duration(i)*time.Hour).Format(time.RFC3339))
	}
	b.WriteString(`    at: ${at}
    steps:
      - request: {headers: {X-Caller: "${n}"}, json: {model: gpt-4o, messages: [{role: user, content: "Hello, world!"}]}}
        repeat: 3
        expect: {status: 200}
      - request: {headers: {X-Caller: "${n}"}, json: {model: gpt-4o, messages: []}}
        expect: {status: 429, headers: {Retry-After: "60", X-Left: "0"}}
      - advance: 60s
      - request: {headers: {X-Caller: "${n}"}}
        expect: {status: 200, counters: [{statement: rate-limit-by-key, key: "${n}", value: 1}]}
      - request: {headers: {X-Caller: "${n}"}}
        expect: {status: 403, headers: {Retry-After: "3540"}}
`)
	return b.String()
}

// A thousand tests take less than two seconds on two cores, or on a slow machine less than
// three times what signing their tokens takes, which is half of all. Other programs, and the
// race detector, make that longer, so the time counts only where APIMULATOR_FLOOR is set.
func TestThousand(t *testing.T) {
	for name, c := range map[string]struct{ policy, tests string }{
		"busy":   {busyPolicy, busyTests(1000)},
		"limits": {limitPolicy, limitTests(1000)},
	} {
		t.Run(name, func(t *testing.T) { thousand(t, c.policy, c.tests) })
	}
}

func thousand(t *testing.T, document, tests string) {
	const n = 1000
	dir := t.TempDir()
	path := filepath.Join(dir, "many.test.yaml")
	write(t, filepath.Join(dir, "policy.xml"), document)
	write(t, path, tests)
	best := time.Hour
	for round := range uint64(3) {
		began := exchange.System.Now()
		s, err := Find([]string{path})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Run(Options{Shuffle: round > 0, Seed: round}, func(*SuiteFile) error { return nil }); err != nil {
			t.Fatal(err)
		}
		took := exchange.System.Now().Sub(began)
		if passed, failed, _ := s.Files[0].Counts(); passed != n {
			for _, r := range s.Files[0].Results {
				if len(r.Failures) > 0 {
					t.Errorf("%s: %v", r.Test.Name, r.Failures)
					break
				}
			}
			t.Fatalf("%d passed and %d failed, want %d and 0: %v %v", passed, failed, n, s.Files[0].Unusable, s.Files[0].Unloadable)
		}
		t.Logf("%d tests took %v on %d cores", n, took, runtime.GOMAXPROCS(0))
		best = min(best, took)
	}
	if os.Getenv("APIMULATOR_FLOOR") == "" {
		return
	}
	if limit := max(2*time.Second, 3*signing(t, n)); best > limit {
		t.Errorf("%d tests took %v at best, want at most %v", n, best, limit)
	}
}

// signing is how long so many signatures take on all cores.
func signing(t *testing.T, n int) time.Duration {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(nil)
	began := exchange.System.Now()
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for range n / runtime.GOMAXPROCS(0) {
				if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	took := exchange.System.Now().Sub(began)
	t.Logf("%d signatures took %v", n, took)
	return took
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
