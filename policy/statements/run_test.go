package statements

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/store"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/internal/cases"
)

// A case of testdata/run is one exchange. It gives policy.xml at API scope and
//
//	request   method and target, header lines, a blank line, the body
//	backend   status and reason, header lines, a blank line, the body; or
//	          "error REASON: MESSAGE", or "broken TEXT", or "gone": the client leaves.
//	          "after 5s" before it lets time pass and minds the context, "late 5s"
//	          lets it pass and does not. Several answers are parted by "==".
//	setup     name=value: backend (address), query (names in the URL template),
//	          parameter.NAME (matched, raw), strict, identity (its error), notes,
//	          busy (a key under which no place is free)
//	values    named values, name=value
//	token     what $TOKEN stands for in policy.xml and request, see signToken
//
// and wants what the backend was sent, the response, LastError, the variables,
// what the identity was asked for and, with notes, what the observer was told: notes, and
// how tokens were judged.
var outcomes = []string{"sent", "response", "lasterror", "variables", "identity", "notes", "judged", "elapsed", "places"}

// epoch is when an exchange takes place: 1767323045 seconds since 1970.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

const defaultGlobal = "<policies><inbound/><backend><forward-request/></backend><outbound/><on-error/></policies>"

func TestRun(t *testing.T) {
	catalogue := Catalogue()
	cases.Run(t, "testdata/run", outcomes, func(t *testing.T, c *cases.Case) map[string]string {
		setup, _ := c.Lines("setup")
		b := bindings(t, c)
		b.NamedValue = withIssuerKey(b.NamedValue)
		text, request := string(c.Document(t)), "GET /\n"
		if given, ok := c.Part("request"); ok {
			request = given
		}
		token := "$TOKEN"
		if description, ok := c.Part("token"); ok {
			token = signToken(t, description)
		}
		text, request = strings.ReplaceAll(text, "$TOKEN", token), strings.ReplaceAll(request, "$TOKEN", token)
		program := policy.Link(
			compile(t, []byte(text), exchange.ScopeAPI, b, catalogue),
			compile(t, []byte(defaultGlobal), exchange.ScopeGlobal, b, catalogue))
		w := &world{clock: &steppedClock{now: epoch}, got: make(map[string]string), identityFault: setup["identity"]}
		w.backend, _ = c.Part("backend")
		x := w.exchange(t, request, setup)
		if setup["notes"] != "" {
			x.Observer = notes{w}
		}
		places := &busy{key: setup["busy"]}
		validator := newValidator(w.clock)
		defer validator.Close()
		program.Execute(x, &policy.Env{Sender: w, Identity: w, Tokens: validator, Places: places, Counters: &store.Counters{}, Cache: store.NewCache(store.DefaultCacheSize), BodyLimit: 1 << 20, Strict: setup["strict"] == "true",
			Random: func() float64 { return 0.5 }})
		w.got["elapsed"] = ""
		if elapsed := w.clock.Now().Sub(epoch); elapsed > 0 {
			w.got["elapsed"] = elapsed.String() + "\n"
		}
		w.got["places"] = places.String()
		w.got["response"] = showResponse(t, x.Response)
		w.got["lasterror"] = showLastError(x.LastError)
		for name, value := range x.Variables.All() {
			w.got["variables"] += fmt.Sprintf("%s=%s\n", name, showVariable(value))
		}
		for name := range w.got {
			w.got[name] = strings.ReplaceAll(w.got[name], token, "$TOKEN")
		}
		return w.got
	})
}

func compile(t testing.TB, text []byte, scope exchange.Scope, b policy.Bindings, catalogue *policy.Catalogue) *policy.Compiled {
	t.Helper()
	d, fault := policy.Read(string(scope)+".xml", text)
	if fault != nil {
		t.Fatal(fault)
	}
	c, err := policy.Compile(d, scope, b, catalogue)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Unsupported) > 0 {
		t.Fatal(c.Unsupported)
	}
	return c
}

func showMessage(h *exchange.Header, body []byte) string {
	var b strings.Builder
	for name, value := range h.All() {
		fmt.Fprintf(&b, "%s: %s\n", name, value)
	}
	if len(body) > 0 {
		fmt.Fprintf(&b, "\n%s\n", body)
	}
	return b.String()
}

func showResponse(t *testing.T, r *exchange.Response) string {
	t.Helper()
	body, err := r.Body.Buffer(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	flag := ""
	if r.Buffered {
		flag = "(buffered)\n"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", r.Status, r.Reason)) + "\n" + flag + showMessage(&r.Header, body)
}

func showLastError(e *exchange.LastError) string {
	if e == nil {
		return ""
	}
	return fmt.Sprintf("Source=%s\nReason=%s\nMessage=%s\nScope=%s\nSection=%s\nPath=%s\nPolicyId=%s\n", e.Source, e.Reason, e.Message, e.Scope, e.Section, e.Path, e.PolicyID)
}

func showVariable(value any) string {
	if jwt, ok := value.(*exchange.JWT); ok {
		claims := make(map[string][]string)
		for _, c := range jwt.Claims {
			claims[c.Name] = c.Values
		}
		return fmt.Sprintf("JWT %s issuer %s audiences %v claims %v", jwt.Algorithm, jwt.Issuer, jwt.Audiences, claims)
	}
	return fmt.Sprintf("%T %[1]v", value)
}
