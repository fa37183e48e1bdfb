package console

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
)

// testWriter writes a file for `gateway test`.
type testWriter struct {
	strings.Builder
	record *trace.Record
	raw    *trace.Raw
	token  credential
	key    credential
}

func (t *testWriter) line(indent int, format string, args ...any) {
	t.WriteString(strings.Repeat("  ", indent))
	fmt.Fprintf(&t.Builder, format+"\n", args...)
}

var scalar = yamlfile.Scalar

// test is the request as a test, which passes as it stands against the same service: what
// is expected is what came, backends are stubs with the answers that came, tokens are
// minted with the same claims, keys go by their subscriptions' names.
func (p *Page) test(record *trace.Record, raw *trace.Raw) string {
	t := &testWriter{record: record, raw: raw, token: tokenOf(raw)}
	var owner string
	t.key, owner = keyOf(raw, p.Service())
	t.subject(p.Subject)
	t.line(0, "tests:")
	t.line(1, "- name: %s", scalar(fmt.Sprintf("%s %s gives %d", raw.Method, raw.Mask(raw.URL.Path), record.Status)))
	t.line(2, "at: %s", record.Time.UTC().Format("2006-01-02T15:04:05.999999999Z"))
	t.line(2, "request:")
	t.request()
	t.credentials(p, owner)
	t.backends()
	t.expectations()
	return t.String()
}

// subject names what the test is about.
func (t *testWriter) subject(s Subject) {
	switch {
	case s.Service != "":
		t.line(0, "# beside %s, in a file whose name ends in .test.yaml", filepath.Base(s.Service))
		t.line(0, "service: %s", scalar(filepath.Base(s.Service)))
	case s.Policy != "":
		t.line(0, "# beside %s, in a file whose name ends in .test.yaml", filepath.Base(s.Policy))
		t.line(0, "policy: %s", scalar(filepath.Base(s.Policy)))
		t.line(0, "backend: %s", scalar(s.Backend))
	default:
		t.line(0, "# the built-in service has no file: save yours as apim.yaml beside this one")
		t.line(0, "service: apim.yaml")
	}
}

func (t *testWriter) request() {
	t.line(3, "method: %s", scalar(t.raw.Method))
	t.line(3, "url: %s", scalar(t.address()))
	var headers []string
	for _, f := range t.raw.Header {
		if isOfConnection(f.Name) || isOnly(f.Value, t.token.text) && strings.EqualFold(f.Name, t.token.header) || strings.EqualFold(f.Name, t.key.header) {
			continue
		}
		headers = append(headers, scalar(f.Name)+": "+scalar(t.raw.ShownHeader(f.Name, f.Value)))
	}
	t.headers(3, headers)
	if len(t.raw.Body) > 0 {
		if !t.raw.Whole {
			t.line(3, "# the body was longer: this is its beginning")
		}
		t.line(3, "body: %s", scalar(t.raw.ShownBody(t.raw.Body)))
	}
	t.line(3, "clientAddress: %s", scalar(t.raw.ClientIP))
}

// headers writes lines "name: value"; repeated ones, which YAML can't hold, as a list.
func (t *testWriter) headers(indent int, lines []string) {
	if len(lines) == 0 {
		return
	}
	var names []string
	values := make(map[string][]string)
	for _, l := range lines {
		name, value, _ := strings.Cut(l, ": ")
		if values[name] == nil {
			names = append(names, name)
		}
		values[name] = append(values[name], value)
	}
	t.line(indent, "headers:")
	for _, name := range names {
		if all := values[name]; len(all) > 1 {
			t.line(indent+1, "%s: [%s]", name, strings.Join(all, ", "))
		} else {
			t.line(indent+1, "%s: %s", name, all[0])
		}
	}
}

// address is path and query, without token and key.
func (t *testWriter) address() string {
	var query []string
	for _, q := range queryOf(t.raw) {
		if q.name == t.token.query && t.token.given() || q.name == t.key.query && t.key.given() {
			continue
		}
		one := t.raw.URL
		one.RawQuery = q.written
		_, masked, _ := strings.Cut(t.raw.ShownURL(one), "?")
		query = append(query, masked)
	}
	path := t.raw.Mask(t.raw.URL.Path)
	if len(query) == 0 {
		return path
	}
	return path + "?" + strings.Join(query, "&")
}

// credentials writes token and key without either.
func (t *testWriter) credentials(p *Page, owner string) {
	switch lone := p.Subject.Policy != "" && p.Subject.Service == ""; {
	case owner != "" && lone:
		// A lone document is tested behind an API that needs no key.
	case owner != "":
		t.line(3, "key: %s", scalar(owner))
	case t.key.given():
		t.line(3, "# the key that came was nobody's")
		t.line(3, "query: {%s: not-a-key}", scalar(or(t.key.query, "subscription-key")))
	}
	if !t.token.given() {
		return
	}
	members, comment := t.tokenMembers(p)
	if comment != "" {
		t.line(3, "# %s", comment)
	}
	if strings.HasPrefix(members, "{") && !strings.EqualFold(t.token.header, "Authorization") {
		where := "header: " + scalar(t.token.header)
		if t.token.query != "" {
			where = "query: " + scalar(t.token.query)
		}
		members = strings.TrimSuffix(members, "}") + ", " + where + "}"
	}
	t.line(3, "token: %s", members)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// tokenMembers says how to mint a token like the one that came.
func (t *testWriter) tokenMembers(p *Page) (members, comment string) {
	if m, own := p.Tokens.Describe(t.token.text, t.record.Time); own {
		return flow(mintMembers(m)), ""
	}
	claims := claimsOf(t.token.text)
	issuer, _ := claims["iss"].(string)
	if issuer == "" {
		return scalar("not-the-token-that-came"), "the token that came was none that can be read"
	}
	for _, name := range []string{"iss", "iat", "nbf", "exp"} {
		delete(claims, name)
	}
	return flow([]string{"issuer: " + scalar(issuer), "claims: " + jsonText(claims)}), "the claims of a token that is not the emulated Entra ID's"
}

// mintMembers are the members of a token that the emulated Entra ID makes.
func mintMembers(m entra.MintRequest) []string {
	var all []string
	add := func(name, value string) {
		if value != "" {
			all = append(all, name+": "+scalar(value))
		}
	}
	add("tenant", m.Tenant)
	add("user", m.User)
	add("app", m.App)
	add("audience", m.Audience)
	add("scope", m.Scope)
	if m.Version != 0 {
		all = append(all, fmt.Sprintf("version: %d", m.Version))
	}
	if m.Roles != nil {
		all = append(all, "roles: "+jsonText(m.Roles))
	}
	if len(m.Claims) > 0 {
		all = append(all, "claims: "+jsonText(m.Claims))
	}
	if len(m.RemoveClaims) > 0 {
		all = append(all, "removeClaims: "+jsonText(m.RemoveClaims))
	}
	add("fault", m.Fault)
	return all
}

func flow(members []string) string { return "{" + strings.Join(members, ", ") + "}" }

// jsonText is a value as JSON, which YAML reads too.
func jsonText(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "null" // it was read of JSON
	}
	return strings.TrimSpace(b.String())
}

// claimsOf are the claims of a token that is not looked at further; nil if it has none.
func claimsOf(token string) map[string]any {
	parts := strings.Split(token, ".")
	if len(parts) < 2 {
		return nil
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil
	}
	var claims map[string]any
	if json.Unmarshal(data, &claims) != nil {
		return nil
	}
	return maps.Clone(claims)
}

// backends writes a stub for each host that was called, with its answers in order.
func (t *testWriter) backends() {
	if len(t.raw.Answers) == 0 {
		return
	}
	var hosts []string
	for _, a := range t.raw.Answers {
		if !slices.Contains(hosts, a.Target.Host) {
			hosts = append(hosts, a.Target.Host)
		}
	}
	t.line(2, "backend:")
	for _, host := range hosts {
		t.line(3, "- match: {host: %s}", scalar(host))
		first := true
		for _, a := range t.raw.Answers {
			if a.Target.Host != host {
				continue
			}
			t.answer(&a, first)
			first = false
		}
	}
}

// answer writes an answer: a host's first stands in the stub itself, the next ones below then.
func (t *testWriter) answer(a *trace.Answer, first bool) {
	var lines testWriter
	lines.record, lines.raw = t.record, t.raw
	lines.answerMembers(a)
	text := strings.TrimSuffix(lines.String(), "\n")
	if first {
		for l := range strings.SplitSeq(text, "\n") {
			t.line(4, "%s", l)
		}
		return
	}
	if !strings.Contains(t.String()[strings.LastIndex(t.String(), "- match:"):], "\n        then:\n") {
		t.line(4, "then:")
	}
	for i, l := range strings.Split(text, "\n") {
		mark := "  "
		if i == 0 {
			mark = "- "
		}
		t.line(5, "%s%s", mark, l)
	}
}

func (t *testWriter) answerMembers(a *trace.Answer) {
	switch {
	case a.Status == 0 && a.Reason == exchange.ReasonTimeout:
		t.line(0, "delay: 24h")
		return
	case a.Status == 0:
		t.line(0, "fault: refused")
		return
	}
	t.line(0, "status: %d", a.Status)
	var headers []string
	for _, f := range a.Header {
		if !isOfConnection(f.Name) {
			headers = append(headers, scalar(f.Name)+": "+scalar(t.raw.ShownHeader(f.Name, f.Value)))
		}
	}
	t.headers(0, headers)
	if len(a.Body) > 0 {
		t.line(0, "body: %s", scalar(t.raw.ShownBody(a.Body)))
	}
}

// expectations are what came.
func (t *testWriter) expectations() {
	t.line(2, "expect:")
	t.line(3, "status: %d", t.record.Status)
	e := t.record.LastError
	if e == nil {
		t.line(3, "lastError: null")
	} else {
		var members []string
		if e.Source != "" {
			members = append(members, "source: "+scalar(e.Source))
		}
		if e.Reason != "" {
			members = append(members, "reason: "+scalar(e.Reason))
		}
		t.line(3, "lastError: %s", flow(members))
	}
	if n := len(t.raw.Answers); n > 0 {
		t.line(3, "backend: %d", n)
	}
}
