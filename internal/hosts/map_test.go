package hosts

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// change returns the map that f makes of m, or fails the test.
func change(t *testing.T, m Map, err error) Map {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func add(t *testing.T, m Map, pattern string, party Party) Map {
	t.Helper()
	m, err := m.Add(pattern, party)
	return change(t, m, err)
}

func addAddress(t *testing.T, m Map, pattern, address string) Map {
	t.Helper()
	m, err := m.AddAddress(pattern, address)
	return change(t, m, err)
}

func remove(t *testing.T, m Map, pattern string) Map {
	t.Helper()
	m, err := m.Remove(pattern)
	return change(t, m, err)
}

func bind(t *testing.T, m Map, party Party, e Endpoint) Map {
	t.Helper()
	m, err := m.Bind(party, e)
	return change(t, m, err)
}

func TestDefaultMap(t *testing.T) {
	tests := []struct {
		host    string
		party   Party
		pattern string
	}{
		{"login.microsoftonline.com", Entra, "login.microsoftonline.com"},
		{"LOGIN.MicrosoftOnline.com.", Entra, "login.microsoftonline.com"},
		{"login.windows.net", Entra, "login.windows.net"},
		{"login.microsoft.com", Entra, "login.microsoft.com"},
		{"sts.windows.net", Entra, "sts.windows.net"},
		{"contoso.b2clogin.com", Entra, "*.b2clogin.com"},
		{"contoso.ciamlogin.com", Entra, "*.ciamlogin.com"},
		{"graph.microsoft.com", Graph, "graph.microsoft.com"},
		{"contoso.openai.azure.com", AzureOpenAI, "*.openai.azure.com"},
		{"contoso.services.ai.azure.com", AzureOpenAI, "*.services.ai.azure.com"},
		{"contoso.cognitiveservices.azure.com", AzureOpenAI, "*.cognitiveservices.azure.com"},
		{"169.254.169.254", ManagedIdentity, "169.254.169.254"},
		{"::ffff:169.254.169.254", ManagedIdentity, "169.254.169.254"},
		{"[::ffff:a9fe:a9fe]", ManagedIdentity, "169.254.169.254"},
		{"contoso.azure-api.net", Gateway, "*.azure-api.net"},
		{"contoso-westeurope-01.regional.azure-api.net", Gateway, "*.azure-api.net"},

		{"azure-api.net", "", ""},
		{"notazure-api.net", "", ""},
		{"evil.login.microsoftonline.com", "", ""},
		{"login.microsoftonline.com.evil.example", "", ""},
		{"login.microsoftonline.com:443", "", ""},
		{"login.microsoftonline.com..", "", ""},
		{".azure-api.net", "", ""},
		{"ｌogin.windows.net", "", ""},
		{"", "", ""},
		{".", "", ""},
		{"*.azure-api.net", "", ""},
		{"api.openai.com", "", ""},
		{"169.254.169.253", "", ""},
	}
	m := Default()
	for _, test := range tests {
		got, mapped := m.Lookup(test.host)
		want := Target{Pattern: test.pattern, Party: test.party}
		if got != want || mapped != (test.party != "") {
			t.Errorf("Lookup(%q)\ngot  %+v, %v\nwant %+v, %v", test.host, got, mapped, want, test.party != "")
		}
		if got.Served() {
			t.Errorf("Lookup(%q) is served, but no party was bound", test.host)
		}
	}
}

func TestNarrowestPatternWins(t *testing.T) {
	m := add(t, Default(), "*.eu.azure-api.net", Entra)
	m = addAddress(t, m, "Special.EU.azure-api.net.", "127.0.0.1:9000")
	for host, want := range map[string]string{
		"a.azure-api.net":          "*.azure-api.net",
		"eu.azure-api.net":         "*.azure-api.net",
		"a.eu.azure-api.net":       "*.eu.azure-api.net",
		"a.b.eu.azure-api.net":     "*.eu.azure-api.net",
		"special.eu.azure-api.net": "special.eu.azure-api.net",
	} {
		if got, _ := m.Lookup(host); got.Pattern != want {
			t.Errorf("Lookup(%q)\ngot  pattern %q\nwant pattern %q", host, got.Pattern, want)
		}
	}
}

func TestBind(t *testing.T) {
	m := bind(t, Default(), Gateway, Endpoint{TLS: "[::]:8443", Plain: "LOCALHOST:8080"})
	m = addAddress(t, m, "api.contoso.com", "127.0.0.1:9000")

	got, _ := m.Lookup("contoso.azure-api.net")
	want := Target{"*.azure-api.net", Gateway, Endpoint{TLS: "[::]:8443", Plain: "localhost:8080"}}
	if diff := cmp.Diff(want, got); diff != "" || !got.Served() {
		t.Errorf("bound party (-want +got):\n%s", diff)
	}
	got, _ = m.Lookup("api.contoso.com")
	want = Target{"api.contoso.com", "", Endpoint{TLS: "127.0.0.1:9000", Plain: "127.0.0.1:9000"}}
	if diff := cmp.Diff(want, got); diff != "" || !got.Served() {
		t.Errorf("address of configuration (-want +got):\n%s", diff)
	}
	if got, _ = m.Lookup("graph.microsoft.com"); got.Served() {
		t.Errorf("graph.microsoft.com: got %+v, want it not served", got)
	}
	m = bind(t, m, Gateway, Endpoint{})
	if got, mapped := m.Lookup("contoso.azure-api.net"); got.Served() || !mapped {
		t.Errorf("after the gateway was unbound: got %+v, mapped %v; want mapped and not served", got, mapped)
	}
}

func TestRemove(t *testing.T) {
	tests := []struct {
		name     string
		remove   []string
		mapped   []string
		unmapped []string
	}{
		{"an exact host", []string{"Graph.Microsoft.com."}, []string{"login.microsoft.com"}, []string{"graph.microsoft.com"}},
		{"a wildcard", []string{"*.openai.azure.com"}, []string{"a.services.ai.azure.com"}, []string{"a.openai.azure.com"}},
		{"a host out of a wildcard", []string{"real.openai.azure.com"}, []string{"a.openai.azure.com", "b.real.openai.azure.com"}, []string{"real.openai.azure.com"}},
		{"a wildcard out of a wildcard", []string{"*.eu.azure-api.net"}, []string{"eu.azure-api.net", "a.azure-api.net"}, []string{"a.eu.azure-api.net", "a.b.eu.azure-api.net"}},
		{"a host that a wildcard covers too", []string{"own.azure-api.net"}, []string{"a.azure-api.net"}, []string{"own.azure-api.net"}},
		{"what was taken out of a wildcard goes with it", []string{"real.openai.azure.com", "*.openai.azure.com"}, nil, []string{"real.openai.azure.com", "a.openai.azure.com"}},
		{"a more exact pattern stays", []string{"*.azure-api.net"}, []string{"own.azure-api.net"}, []string{"a.azure-api.net"}},
	}
	base := add(t, Default(), "own.azure-api.net", Gateway)
	for _, test := range tests {
		m := base
		for _, pattern := range test.remove {
			m = remove(t, m, pattern)
		}
		for _, host := range test.mapped {
			if _, mapped := m.Lookup(host); !mapped {
				t.Errorf("%s: after Remove(%q) %s is not mapped", test.name, test.remove, host)
			}
		}
		for _, host := range test.unmapped {
			if got, mapped := m.Lookup(host); mapped {
				t.Errorf("%s: after Remove(%q) %s is mapped still: %+v", test.name, test.remove, host, got)
			}
		}
	}
	m := remove(t, base, "real.openai.azure.com")
	if _, mapped := add(t, m, "real.openai.azure.com", AzureOpenAI).Lookup("real.openai.azure.com"); !mapped {
		t.Error("a host that was taken off and added again is not mapped")
	}
	if diff := cmp.Diff(base.Patterns(), m.Patterns()); diff != "" {
		t.Errorf("patterns after a host was taken out of a wildcard (-want +got):\n%s", diff)
	}
}

func TestMapIsAValue(t *testing.T) {
	m := Default()
	before := m.Patterns()
	add(t, m, "new.contoso.com", Gateway)
	addAddress(t, m, "old.contoso.com", "127.0.0.1:1")
	remove(t, m, "*.azure-api.net")
	bind(t, m, Gateway, Endpoint{TLS: "127.0.0.1:8443"})
	if diff := cmp.Diff(before, m.Patterns()); diff != "" {
		t.Errorf("patterns after changes to copies (-before +after):\n%s", diff)
	}
	if target, _ := m.Lookup("a.azure-api.net"); target.Served() {
		t.Errorf("a copy's binding shows in the original: %+v", target)
	}

	var none Map
	if _, mapped := none.Lookup("login.microsoftonline.com"); mapped || len(none.Patterns()) != 0 {
		t.Error("the zero map maps something")
	}
	if _, mapped := add(t, none, "a.test", Gateway).Lookup("a.test"); !mapped {
		t.Error("nothing can be added to the zero map")
	}
}

func TestMapRefusals(t *testing.T) {
	m := Default()
	addTo := func(pattern string) error { _, err := m.Add(pattern, Gateway); return err }
	address := func(a string) error { _, err := m.AddAddress("api.contoso.com", a); return err }
	removeFrom := func(pattern string) error { _, err := m.Remove(pattern); return err }
	bindTo := func(a string) error { _, err := m.Bind(Gateway, Endpoint{Plain: a}); return err }
	tests := []struct {
		name  string
		do    func(string) error
		input string
		want  string
	}{
		{"Add", addTo, "", `host pattern "" is empty`},
		{"Add", addTo, "*.", `host pattern "*." is empty`},
		{"Add", addTo, "*", `holds '*', which no host name has`},
		{"Add", addTo, "a.*.com", `holds '*', which no host name has`},
		{"Add", addTo, "*.*.com", `holds '*', which no host name has`},
		{"Add", addTo, "https://api.contoso.com", "holds a scheme, a port or a path; write a host such as"},
		{"Add", addTo, "api.contoso.com/v1", "holds a scheme, a port or a path"},
		{"Add", addTo, "api.contoso.com:443", "holds a scheme, a port or a path"},
		{"Add", addTo, "[127.0.0.1]", "holds a scheme, a port or a path"},
		{"Add", addTo, "bücher.example", "xn-- form"},
		{"Add", addTo, "a b", `holds ' '`},
		{"Add", addTo, "a..b", "not 1 to 63 characters"},
		{"Add", addTo, strings.Repeat("a", 64) + ".test", "not 1 to 63 characters"},
		{"Add", addTo, strings.Repeat("a.", 127) + "a", "longer than 253"},
		{"Add", addTo, "-a.test", `"-a", that begins or ends with a hyphen`},
		{"Add", addTo, "256.1.1.1", "ends in a number"},
		{"Add", addTo, "*.com", `covers a whole top-level domain; write at least *.contoso.com`},
		{"Add", addTo, "*.127.0.0.1", "puts a wildcard before an address"},
		{"Add", addTo, "fe80::1%eth0", "an address of one interface"},
		{"AddAddress", address, "127.0.0.1", `host pattern "api.contoso.com": address "127.0.0.1" is not host:port`},
		{"AddAddress", address, ":9000", "its host is empty"},
		{"AddAddress", address, "127.0.0.1:0", `port "0"; a port is 1 to 65535`},
		{"AddAddress", address, "127.0.0.1:65536", `port "65536"`},
		{"AddAddress", address, "127.0.0.1:http", `port "http"`},
		{"AddAddress", address, "http://127.0.0.1:9000", "is not host:port"},
		{"Remove", removeFrom, "api.openai.com", `"api.openai.com" is not on the map, so it cannot be taken off; the map holds *.azure-api.net, `},
		{"Remove", removeFrom, "a..b", "not 1 to 63 characters"},
		{"Bind", bindTo, "8443", "party gateway: address"},
	}
	for _, test := range tests {
		err := test.do(test.input)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s(%q)\ngot  error %v\nwant error containing %q", test.name, test.input, err, test.want)
		}
	}
	off := remove(t, m, "real.openai.azure.com")
	if _, err := off.Remove("real.openai.azure.com"); err == nil {
		t.Error("a host was taken off twice without an error")
	}
}

func TestWildcardOfReservedDomain(t *testing.T) {
	m := addAddress(t, Map{}, "*.test", "127.0.0.1:9000")
	if _, mapped := m.Lookup("api.test"); !mapped {
		t.Error("*.test doesn't cover api.test")
	}
}

func TestIsReal(t *testing.T) {
	m := Default()
	for pattern, address := range map[string]string{
		"loopback.contoso.com":  "127.0.0.1:9000",
		"localhost.contoso.com": "localhost:9000",
		"private.contoso.com":   "10.1.2.3:9000",
		"container.contoso.com": "backend:8080",
		"docker.contoso.com":    "host.docker.internal:8080",
		"public.contoso.com":    "20.1.2.3:443",
		"name.contoso.com":      "contoso.azurewebsites.net:443",
		"imds.contoso.com":      "169.254.169.254:80",
	} {
		m = addAddress(t, m, pattern, address)
	}
	m = remove(t, m, "real.openai.azure.com")
	tests := map[string]bool{
		"login.microsoftonline.com":  false,
		"LOGIN.microsoftonline.com.": false,
		"graph.microsoft.com":        false, // mapped, though nothing serves it
		"a.openai.azure.com":         false,
		"real.openai.azure.com":      true,
		"169.254.169.254":            false,
		"localhost":                  false,
		"LocalHost.":                 false,
		"app.localhost":              false,
		"localhost.contoso.org":      true,
		"notlocalhost":               true,
		"127.0.0.1":                  false,
		"127.8.9.10":                 false,
		"::1":                        false,
		"[::1]":                      false,
		"0.0.0.0":                    false,
		"::":                         false,
		"10.0.0.1":                   false,
		"172.16.0.1":                 false,
		"172.32.0.1":                 true,
		"192.168.1.1":                false,
		"::ffff:192.168.1.1":         false,
		"::ffff:8.8.8.8":             true,
		"fd00::1":                    false,
		"fe80::1%eth0":               false,
		"169.254.1.1":                false,
		"100.64.0.1":                 true,
		"8.8.8.8":                    true,
		"2001:4860:4860::8888":       true,
		"2852039166":                 true, // an address only to some resolvers
		"127.1":                      true,
		"backend":                    true,
		"host.docker.internal":       true,
		"api.openai.com":             true,
		"api openai":                 true,
		"":                           true,

		"loopback.contoso.com":  false,
		"localhost.contoso.com": false,
		"private.contoso.com":   false,
		"container.contoso.com": false,
		"docker.contoso.com":    false,
		"public.contoso.com":    true,
		"name.contoso.com":      true,
		"imds.contoso.com":      true,
	}
	for host, want := range tests {
		if got := m.IsReal(host); got != want {
			t.Errorf("IsReal(%q): got %v, want %v", host, got, want)
		}
	}
	if !remove(t, m, metadataAddress).IsReal(metadataAddress) {
		t.Error("the metadata service, taken off the map, is not real: in an Azure machine it gives real tokens")
	}
}

func FuzzPattern(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePattern(s)
		if err != nil {
			return
		}
		if again, err := parsePattern(p.String()); err != nil || again != p {
			t.Errorf("pattern %q reads as %v, and that as %v, %v", s, p, again, err)
		}
		m, err := Map{}.Add(s, Gateway)
		if err != nil {
			t.Fatalf("Add(%q): %v", s, err)
		}
		inside := p.host
		if p.wildcard {
			inside = "a." + p.host
		}
		if _, mapped := m.Lookup(inside); !mapped && len(inside) <= 253 {
			t.Errorf("pattern %q doesn't cover %q", s, inside)
		}
		if m, err = m.Remove(s); err != nil {
			t.Fatalf("Remove(%q): %v", s, err)
		}
		if _, mapped := m.Lookup(inside); mapped {
			t.Errorf("pattern %q covers %q after it was removed", s, inside)
		}
	})
}

func FuzzLookup(f *testing.F) {
	m := Default()
	f.Fuzz(func(t *testing.T, host string) {
		target, mapped := m.Lookup(host)
		if mapped && m.IsReal(host) {
			t.Errorf("%q is mapped to %+v and real", host, target)
		}
		if !mapped {
			return
		}
		name, wildcard := strings.CutPrefix(target.Pattern, "*.")
		host = strings.TrimSuffix(strings.ToLower(host), ".")
		switch {
		case target.Party == ManagedIdentity:
		case wildcard && !strings.HasSuffix(host, "."+name), !wildcard && host != name:
			t.Errorf("%q matches pattern %q", host, target.Pattern)
		}
	})
}
