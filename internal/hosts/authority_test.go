package hosts

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

var start = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

func newAuthority(t *testing.T, dir string, names []string, clock exchange.Clock) *Authority {
	t.Helper()
	a, err := LoadOrCreate(dir, names, clock)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAuthorityIsReused(t *testing.T) {
	names := Default().Patterns()
	tests := []struct {
		name   string
		change func(dir string, clock *exchange.VirtualClock) []string // gives the names of the second start
		reused bool
	}{
		{"at once", func(string, *exchange.VirtualClock) []string { return names }, true},
		{"names in another order, one twice", func(string, *exchange.VirtualClock) []string {
			other := append(slices.Clone(names), names[0])
			slices.Reverse(other)
			return other
		}, true},
		{"5 days left", func(_ string, clock *exchange.VirtualClock) []string {
			clock.Advance(AuthorityLifetime - RenewBefore)
			return names
		}, true},
		{"a second less than 5 days left", func(_ string, clock *exchange.VirtualClock) []string {
			clock.Advance(AuthorityLifetime - RenewBefore + time.Second)
			return names
		}, false},
		{"expired", func(_ string, clock *exchange.VirtualClock) []string {
			clock.Advance(2 * AuthorityLifetime)
			return names
		}, false},
		{"another name", func(string, *exchange.VirtualClock) []string {
			return append(slices.Clone(names), "api.contoso.com")
		}, false},
		{"another address", func(string, *exchange.VirtualClock) []string {
			return append(slices.Clone(names), "10.0.0.1")
		}, false},
		{"a name less", func(string, *exchange.VirtualClock) []string { return names[1:] }, false},
		{"authority's file gone", func(dir string, _ *exchange.VirtualClock) []string {
			os.Remove(filepath.Join(dir, authorityFile))
			return names
		}, false},
		{"authority's file damaged", func(dir string, _ *exchange.VirtualClock) []string {
			os.WriteFile(filepath.Join(dir, authorityFile), []byte("damaged"), 0o644)
			return names
		}, false},
		{"key's file cut short", func(dir string, _ *exchange.VirtualClock) []string {
			os.Truncate(filepath.Join(dir, leafFile), 100)
			return names
		}, false},
		{"authority of another start", func(dir string, clock *exchange.VirtualClock) []string {
			other, _ := LoadOrCreate("", names, clock)
			os.WriteFile(filepath.Join(dir, authorityFile), other.CertPEM(), 0o644)
			return names
		}, false},
		{"key open to others", func(dir string, _ *exchange.VirtualClock) []string {
			os.Chmod(filepath.Join(dir, leafFile), 0o640)
			return names
		}, runtime.GOOS == "windows"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "state")
			clock := exchange.NewVirtualClock(start)
			first := newAuthority(t, dir, names, clock)
			second := newAuthority(t, dir, test.change(dir, clock), clock)
			if reused := bytes.Equal(first.CertPEM(), second.CertPEM()); reused != test.reused {
				t.Errorf("reused: got %v, want %v", reused, test.reused)
			}
			checkKept(t, dir, second)
			if want := clock.Now().Add(AuthorityLifetime - RenewBefore); !test.reused && second.NotAfter().Before(want) {
				t.Errorf("a new authority ends %v, at %v", second.NotAfter(), clock.Now())
			}
		})
	}
}

// checkKept checks that dir holds that authority, in files of the right mode.
func checkKept(t *testing.T, dir string, want *Authority) {
	t.Helper()
	kept, err := load(dir, want.clock)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept.CertPEM(), want.CertPEM()) || !kept.leaf.Leaf.Equal(want.leaf.Leaf) {
		t.Errorf("%s holds another authority or certificate than the one in use", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	modes := map[string]os.FileMode{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		modes[e.Name()] = info.Mode().Perm()
	}
	if len(modes) != 2 {
		t.Errorf("%s holds %v, want two files", dir, modes)
	}
	if runtime.GOOS != "windows" && (modes[authorityFile] != 0o644 || modes[leafFile] != 0o600) {
		t.Errorf("modes of %s: got %v, want %s 0644 and %s 0600", dir, modes, authorityFile, leafFile)
	}
}

func TestAuthorityKeyIsNotKept(t *testing.T) {
	dir := t.TempDir()
	a := newAuthority(t, dir, Default().Patterns(), exchange.NewVirtualClock(start))
	if a.leaf.PrivateKey.(*ecdsa.PrivateKey).PublicKey.Equal(a.ca.PublicKey) {
		t.Error("the servers' key is the authority's")
	}
	keys := 0
	for _, name := range []string{authorityFile, leafFile} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			if strings.Contains(block.Type, "KEY") {
				keys++
			}
		}
	}
	if keys != 1 {
		t.Errorf("the folder holds %d private keys, want the servers' alone", keys)
	}
}

func TestAuthorityInMemory(t *testing.T) {
	t.Chdir(t.TempDir())
	clock := exchange.NewVirtualClock(start)
	first, second := newAuthority(t, "", nil, clock), newAuthority(t, "", nil, clock)
	if bytes.Equal(first.CertPEM(), second.CertPEM()) {
		t.Error("two authorities in memory are one")
	}
	if entries, _ := os.ReadDir("."); len(entries) != 0 {
		t.Errorf("an authority in memory wrote %v", entries)
	}
}

func TestAuthorityErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		dir  string
		name string
		want string
	}{
		{"", "https://api.contoso.com", `local certificate authority: host pattern "https://api.contoso.com" holds a scheme`},
		{file, "api.contoso.com", "local certificate authority in " + file},
	}
	for _, test := range tests {
		_, err := LoadOrCreate(test.dir, []string{test.name}, exchange.NewVirtualClock(start))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("LoadOrCreate(%q, %q)\ngot  error %v\nwant error containing %q", test.dir, test.name, err, test.want)
		}
	}
}

func TestCertificateCoversItsNames(t *testing.T) {
	names := append(Default().Patterns(), "api.contoso.com", "backend", "under_score.test", "10.0.0.1", "fd00::1")
	a := newAuthority(t, "", names, exchange.NewVirtualClock(start))
	tests := map[string]bool{
		"login.microsoftonline.com":   true,
		"contoso.b2clogin.com":        true,
		"contoso.openai.azure.com":    true,
		"contoso.azure-api.net":       true,
		"api.contoso.com":             true,
		"backend":                     true,
		"under_score.test":            true,
		"localhost":                   true,
		"127.0.0.1":                   true,
		"::1":                         true,
		"10.0.0.1":                    true,
		"fd00::1":                     true,
		"169.254.169.254":             true,
		"a.regional.azure-api.net":    false,
		"azure-api.net":               false,
		"example.com":                 false,
		"a.login.microsoftonline.com": false,
		"127.0.0.2":                   false,
		"8.8.8.8":                     false,
	}
	for host, want := range tests {
		_, err := a.leaf.Leaf.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: host, CurrentTime: start})
		if (err == nil) != want {
			t.Errorf("certificate for %s: got error %v, want it valid: %v", host, err, want)
		}
	}
	for _, cert := range []*x509.Certificate{a.ca, a.leaf.Leaf} {
		if !slices.Equal(cert.Subject.Organization, []string{organization}) || !strings.Contains(organization, "emulator") {
			t.Errorf("subject %v doesn't say that it is an emulator's", cert.Subject)
		}
	}
	if lifetime := a.NotAfter().Sub(start); lifetime != AuthorityLifetime {
		t.Errorf("lifetime: got %v, want %v", lifetime, AuthorityLifetime)
	}
}

// TestNameConstraints has the authority sign, before its key is gone, what it
// must not.
func TestNameConstraints(t *testing.T) {
	permitted, err := newSubjects(append(Default().Patterns(), "api.contoso.com", "10.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	ca, key, err := newCA(permitted, start)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	tests := []struct {
		name string // to be signed
		host string // to be reached by it
		want bool
	}{
		{"login.microsoftonline.com", "login.microsoftonline.com", true},
		{"*.azure-api.net", "contoso.azure-api.net", true},
		{"a.b.azure-api.net", "a.b.azure-api.net", true},
		{"api.contoso.com", "api.contoso.com", true},
		{"127.1.2.3", "127.1.2.3", true},
		{"169.254.169.254", "169.254.169.254", true},
		{"10.0.0.1", "10.0.0.1", true},
		{"example.com", "example.com", false},
		{"*.example.com", "a.example.com", false},
		{"login.microsoftonline.com.example.com", "login.microsoftonline.com.example.com", false},
		{"*.microsoftonline.com", "login.microsoftonline.com", false},
		{"microsoft.com", "microsoft.com", false},
		{"notazure-api.net", "notazure-api.net", false},
		{"contoso.com", "contoso.com", false},
		{"8.8.8.8", "8.8.8.8", false},
		{"10.0.0.2", "10.0.0.2", false},
		{"169.254.169.253", "169.254.169.253", false},
		{"2001:4860:4860::8888", "2001:4860:4860::8888", false},
	}
	for _, test := range tests {
		signed, err := newSubjects([]string{test.name})
		if err != nil {
			t.Fatal(err)
		}
		leaf, leafKey, err := newLeaf(signed, ca, key)
		if err != nil {
			t.Fatal(err)
		}
		_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: test.host, CurrentTime: start})
		var invalid x509.CertificateInvalidError
		refused := errors.As(err, &invalid) && invalid.Reason == x509.CANotAuthorizedForThisName
		if test.want && err != nil || !test.want && !refused {
			t.Errorf("certificate for %s: got error %v, want it accepted: %v", test.name, err, test.want)
		}
		err = handshake(tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey}, roots, test.host)
		if (err == nil) != test.want {
			t.Errorf("handshake with %s: got error %v, want it accepted: %v", test.name, err, test.want)
		}
	}
	if !ca.PermittedDNSDomainsCritical {
		t.Error("the name constraints are not critical, so a client may pass over them")
	}
}

// handshake is a client's verdict on a server with that certificate.
func handshake(cert tls.Certificate, roots *x509.CertPool, host string) error {
	client, server := connPair()
	defer client.Close()
	defer server.Close()
	go tls.Server(server, &tls.Config{Certificates: []tls.Certificate{cert}}).Handshake()
	return tls.Client(client, &tls.Config{RootCAs: roots, ServerName: host, Time: func() time.Time { return start }}).Handshake()
}
