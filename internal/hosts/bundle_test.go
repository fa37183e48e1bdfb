package hosts

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/exchange"
)

// foreignRoot is a root certificate that no emulator made, as PEM.
func foreignRoot(t *testing.T) []byte {
	t.Helper()
	s, err := newSubjects([]string{"corp.test"})
	if err != nil {
		t.Fatal(err)
	}
	ca, key, err := newCA(s, start)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{NotBefore: ca.NotBefore, NotAfter: ca.NotAfter, IsCA: true, BasicConstraintsValid: true}
	template.Subject.Organization = []string{"Contoso"}
	root, err := sign(template, template, key, key)
	if err != nil {
		t.Fatal(err)
	}
	return encodeCertificate(root.Raw)
}

// organizations are those of the certificates in a bundle.
func organizations(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, cert.Subject.Organization...)
	}
	return names
}

func TestWriteBundle(t *testing.T) {
	dir := t.TempDir()
	a := newAuthority(t, "", nil, exchange.NewVirtualClock(start))
	earlier := newAuthority(t, "", nil, exchange.NewVirtualClock(start))
	write := func(name string, data ...[]byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, slices.Concat(data...), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	root, other := foreignRoot(t), foreignRoot(t)
	many := bytes.Repeat(root, 1+64<<10/len(root))
	damaged := encodeCertificate([]byte("no certificate, but in a block of one"))
	tests := []struct {
		name    string
		source  string
		want    []string
		warning string
	}{
		{"roots", write("roots.pem", []byte("# Contoso\n"), root), []string{"Contoso", organization}, ""},
		{"an earlier bundle", write("earlier.pem", root, earlier.CertPEM()), []string{"Contoso", organization}, ""},
		{"missing", filepath.Join(dir, "missing.pem"), []string{organization}, "missing.pem, so the bundle holds the emulator's authority alone"},
		{"a folder", dir, []string{organization}, "no certificates could be read from"},
		{"no certificates", write("text.pem", []byte("text")), []string{organization}, "no certificates could be read from"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv(bundleVariable, test.source)
			path := write("bundle.pem", []byte("what was there before"))
			warning, err := a.WriteBundle(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := organizations(t, path); !slices.Equal(got, test.want) {
				t.Errorf("organizations in the bundle:\ngot  %q\nwant %q", got, test.want)
			}
			if !strings.Contains(warning, test.warning) || (warning == "") != (test.warning == "") {
				t.Errorf("warning:\ngot  %q\nwant %q", warning, test.warning)
			}
		})
	}

	t.Run("over its own source", func(t *testing.T) {
		path := write("own.pem", root)
		t.Setenv(bundleVariable, path)
		for range 2 {
			if _, err := a.WriteBundle(path); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := organizations(t, path), []string{"Contoso", organization}; !slices.Equal(got, want) {
			t.Errorf("organizations in the bundle:\ngot  %q\nwant %q", got, want)
		}
	})
	t.Run("over its own source, by an authority before", func(t *testing.T) {
		path := write("renewed.pem", root, earlier.CertPEM())
		t.Setenv(bundleVariable, path)
		if _, err := a.WriteBundle(path); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if want := string(root) + string(a.CertPEM()); err != nil || string(got) != want {
			t.Errorf("bundle:\ngot  %s, %v\nwant %s", got, err, want)
		}
	})
	t.Run("what changed meanwhile", func(t *testing.T) {
		path, source := filepath.Join(dir, "kept.pem"), write("source.pem", root)
		t.Setenv(bundleVariable, source)
		steps := []struct {
			name   string
			change func()
			roots  []byte
			writes bool
		}{
			{"there was none", func() {}, root, true},
			{"nothing", func() {}, root, false},
			{"the system's roots", func() { write("source.pem", root, other) }, slices.Concat(root, other), true},
			{"nothing again", func() {}, slices.Concat(root, other), false},
			{"the bundle", func() { write("kept.pem", root, a.CertPEM()) }, slices.Concat(root, other), true},
			{"many roots", func() { write("source.pem", many) }, many, true},
			{"nothing of many", func() {}, many, false},
			{"more behind the bundle", func() { write("kept.pem", many, a.CertPEM(), other) }, many, true},
			{"the end of the bundle", func() { write("kept.pem", many) }, many, true},
			{"the system's roots hold the authority", func() { write("source.pem", root, a.CertPEM()) }, root, true},
		}
		for _, step := range steps {
			step.change()
			before, _ := os.Stat(path) // the first time there is none
			if _, err := a.WriteBundle(path); err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			after, err := os.Stat(path)
			if err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			// What is written is another file, put into the place of the first.
			if got := !os.SameFile(before, after); got != step.writes {
				t.Errorf("%s: it was written: %t, want %t", step.name, got, step.writes)
			}
			got, err := os.ReadFile(path)
			if want := string(step.roots) + string(a.CertPEM()); err != nil || string(got) != want {
				t.Errorf("%s: bundle:\ngot  %s, %v\nwant %s", step.name, got, err, want)
			}
		}
	})
	t.Run("what cannot be parsed is kept", func(t *testing.T) {
		t.Setenv(bundleVariable, write("damaged.pem", damaged))
		path := write("bundle.pem")
		if _, err := a.WriteBundle(path); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if want := string(damaged) + string(a.CertPEM()); err != nil || string(got) != want {
			t.Errorf("bundle:\ngot  %s, %v\nwant %s", got, err, want)
		}
	})
	t.Run("nowhere to write", func(t *testing.T) {
		missing := filepath.Join(dir, "missing", "bundle.pem")
		if _, err := a.WriteBundle(missing); err == nil || !strings.Contains(err.Error(), "bundle of root certificates") {
			t.Errorf("WriteBundle(%q): got error %v", missing, err)
		}
	})
	leftovers, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(leftovers) != 0 {
		t.Errorf("temporary files are left: %q, %v", leftovers, err)
	}
}

func TestSystemBundle(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "second.pem")
	if err := os.WriteFile(path, foreignRoot(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if roots, warning := systemRoots([]string{filepath.Join(dir, "first.pem"), path}); len(roots) == 0 || warning != "" {
		t.Errorf("got %d bytes of roots, warning %q; want the second file's", len(roots), warning)
	}
}
