package emulator

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/management"
)

// TestTakenPorts: a port that another program has is named, with the flag that
// changes it, and the start leaves nothing behind.
func TestTakenPorts(t *testing.T) {
	taken, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for flag, change := range map[string]func(*Config, string){
		"listen":     func(c *Config, a string) { c.Listen = a },
		"http":       func(c *Config, a string) { c.HTTP = a },
		"parties":    func(c *Config, a string) { c.Parties = a },
		"management": func(c *Config, a string) { c.Management = a },
		"proxy":      func(c *Config, a string) { c.Proxy = a },
	} {
		others := make([]string, 5)
		for i := range others {
			others[i] = freePort(t)
		}
		state := t.TempDir()
		_, err := startLab(t, nil, withState(state), func(c *Config) {
			c.Listen, c.HTTP, c.Parties, c.Management, c.Proxy = others[0], others[1], others[2], others[3], others[4]
			change(c, taken.Addr().String())
		})
		want := "cannot listen on " + taken.Addr().String() + ": another program does already; stop it, or choose another address with --" + flag + " (port 0 takes a free one)"
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		for _, address := range others {
			l, err := net.Listen("tcp", address)
			if err != nil {
				t.Errorf("--%s was taken, and then %v", flag, err)
				continue
			}
			l.Close()
		}
		newLab(t, nil, withState(state)).checkNothingElse(state)
	}
}

// freePort is an address that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// checkNothingElse wants a second emulator with the state folder to be refused
// while this one runs.
func (l *lab) checkNothingElse(state string) {
	l.t.Helper()
	_, err := startLab(l.t, nil, withState(state))
	want := "another emulator uses the state folder " + state + ": stop it, or name another folder with --state"
	if err == nil || err.Error() != want {
		l.t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err := os.Stat(filepath.Join(state, runningFile)); err != nil {
		l.t.Errorf("the refused start touched the running one's files: %v", err)
	}
}

// TestStateFolder: what is in it is its owner's alone, survives a restart where it
// should, and is gone where it should not.
func TestStateFolder(t *testing.T) {
	state := filepath.Join(t.TempDir(), "new", "state")
	envFile := filepath.Join(t.TempDir(), "sample.env")
	start := func() *lab {
		return newLab(t, nil, withState(state), func(c *Config) { c.EnvFile = envFile })
	}
	first := start()
	first.checkNothingElse(state)
	checkModes(t, state, envFile)
	token, key, secret, bearer := first.userToken(), first.Key(""), first.clientSecret(), first.bearer
	first.checkChats(token)
	var told running
	readJSON(t, filepath.Join(state, runningFile), &told)
	if told.Endpoint != first.ChatEndpoint() || told.SubscriptionKey != key || told.CABundle != first.Bundle() {
		t.Errorf("%s says %+v", runningFile, told)
	}
	first.close()
	for _, name := range []string{runningFile, management.AddressFile} {
		if _, err := os.Stat(filepath.Join(state, name)); !os.IsNotExist(err) {
			t.Errorf("%s is still there after the end: %v", name, err)
		}
	}

	second := start()
	if second.Key("") != key || second.clientSecret() != secret {
		t.Error("a restart changed the subscription key or the client secret")
	}
	if second.bearer == bearer {
		t.Error("a restart kept the bearer of the management listener")
	}
	if string(second.authority.CertPEM()) != string(first.authority.CertPEM()) {
		t.Error("a restart changed the certificate authority")
	}
	second.checkChats(token) // the signing keys are the same, too
}

// certificates are files of the state folder that anybody may read.
var certificates = []string{"ca-bundle.pem", "ca.pem"}

// checkModes wants folders and files to be open to their owner only, but for the
// certificates.
func checkModes(t *testing.T, state, envFile string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return // files in a user's folder are the user's there
	}
	check := func(path string, info os.FileInfo) {
		want := os.FileMode(0o600)
		switch {
		case info.IsDir():
			want = 0o700
		case slices.Contains(certificates, info.Name()):
			want = 0o644
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o; want %o", path, got, want)
		}
	}
	err := filepath.Walk(state, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			check(path, info)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(envFile)
	if err != nil {
		t.Fatal(err)
	}
	check(envFile, info)
}

// TestDamagedState: a file of the state folder that can't be read is named, or made
// anew where nothing is lost by that.
func TestDamagedState(t *testing.T) {
	const folder = "(a folder)"
	for _, test := range []struct{ name, text, want string }{
		{"subscription-keys.json", `{"car-assistant/`, "subscription-keys.json of the state folder can't be read (delete it to get new keys)"},
		{"subscription-keys.json", `["a"]`, "subscription-keys.json of the state folder can't be read"},
		{"subscription-keys.json", `null`, ""},
		{"subscription-keys.json", folder, "subscription-keys.json of the state folder can't be read"},
		{"entra/entra-keys.json", `[{"privateKey":"AAAA"}]`, "entra-keys.json is unusable"},
		{"entra/entra-keys.json", folder, "reading the state of the emulated Entra ID"},
		{"entra/entra-secrets.json", `{`, "entra-secrets.json is unusable"},
		{"entra/entra-secrets.json", `null`, ""},
		{"tls/leaf.pem", "-----BEGIN", ""},
		{"tls/ca.pem", "", ""},
	} {
		state := t.TempDir()
		path := filepath.Join(state, filepath.FromSlash(test.name))
		if test.text == folder {
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
		} else {
			files{test.name: test.text}.write(t, state)
		}
		l, err := startLab(t, nil, withState(state))
		if err == nil {
			l.checkChats(l.userToken())
			l.close()
		}
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s holds %s:\ngot  %v\nwant %q", test.name, test.text, err, test.want)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	files{"file": ""}.write(t, filepath.Dir(file))
	if _, err := startLab(t, nil, withState(file)); err == nil || !strings.Contains(err.Error(), "the state folder can't be made") {
		t.Errorf("a file in the place of the folder: %v", err)
	}
}

// TestKeysAreWrittenOnce: the file of keys is written when it changes, or when others may
// read it, and holds what is in use.
func TestKeysAreWrittenOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps no such permissions")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, keysFile)
	var before os.FileInfo
	for _, step := range []struct {
		name         string
		subscription string
		mode         os.FileMode
		writes       bool
	}{
		{"a first key", "one", ownerOnly, true},
		{"the same", "one", ownerOnly, false},
		{"another", "two", ownerOnly, true},
		{"others may read it", "two", 0o644, true},
		{"the same again", "one", ownerOnly, false},
	} {
		if before != nil {
			if err := os.Chmod(path, step.mode); err != nil {
				t.Fatal(err)
			}
		}
		s, err := openState(dir)
		if err != nil {
			t.Fatal(err)
		}
		key := s.key(step.subscription, "primary")
		if err := s.saveKeys(); err != nil {
			t.Fatal(err)
		}
		s.close()
		after, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := !os.SameFile(before, after); got != step.writes {
			t.Errorf("%s: it was written: %t, want %t", step.name, got, step.writes)
		}
		if data, err := os.ReadFile(path); err != nil || after.Mode().Perm() != ownerOnly || !strings.Contains(string(data), key) {
			t.Errorf("%s: the file holds %s, %v, with mode %v", step.name, data, err, after.Mode())
		}
		before = after
	}
}
