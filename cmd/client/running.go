package main

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// runningFile is what a serve writes to its state folder (mode 0600) once it is
// ready, and removes at its end.
const runningFile = "running.json"

// maxRunning is the largest running.json that is read, in bytes.
const maxRunning = 64 << 10

// running is what a client needs of that file.
type running struct {
	PID             int    `json:"pid"`
	Authority       string `json:"authority"`
	ClientID        string `json:"clientId"`
	Scope           string `json:"scope"`
	SubscriptionKey string `json:"subscriptionKey"`
	Endpoint        string `json:"endpoint"`
	CABundle        string `json:"caBundle"`

	dir string // the state folder
}

const startIt = `start one with "go run ./cmd/gateway", or set AZURE_TENANT_ID or AZURE_AUTHORITY to call Azure`

// findRunning reads the file of the emulator whose state folder is dir.
func findRunning(dir string) (*running, error) {
	file := filepath.Join(dir, runningFile)
	data, err := readAtMost(file, maxRunning)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, unusable("no emulator is running (no %s in %s): %s", runningFile, dir, startIt)
	}
	if err != nil {
		return nil, unusable("%v", err)
	}
	r := &running{dir: dir}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, unusable("%s: not the file of a running emulator: %v: remove it and start the emulator anew", file, err)
	}
	for _, field := range []struct{ name, value string }{
		{"authority", r.Authority}, {"clientId", r.ClientID}, {"scope", r.Scope}, {"endpoint", r.Endpoint}, {"caBundle", r.CABundle},
	} {
		if field.value == "" {
			return nil, unusable("%s: %s is missing: remove the file and start the emulator anew", file, field.name)
		}
	}
	// The sign-in is walked without a person, and its certificates are trusted:
	// this is for the machine's own emulator only.
	for _, at := range []string{r.Authority, r.Endpoint} {
		if u, err := url.Parse(at); err != nil || u.Scheme != "https" || !isLoopback(u) {
			return nil, unusable("%s: %s is not an https address of this machine: remove the file and start the emulator anew", file, oneLine(at))
		}
	}
	return r, nil
}

// orNotRunning replaces the failure that nothing listens where the emulator's
// file points by one that says what to do.
func (s *settings) orNotRunning(err error) error {
	var op *net.OpError
	var at *url.Error
	if s.emulator == nil || !errors.As(err, &op) || op.Op != "dial" || !errors.As(err, &at) {
		return err
	}
	r := s.emulator
	if !strings.HasPrefix(at.URL, origin(r.Authority)) && !strings.HasPrefix(at.URL, origin(r.Endpoint)) {
		return err
	}
	return unusable("no emulator is running (nothing answers at %s; %s of process %d in %s is left over): %s",
		origin(at.URL), runningFile, r.PID, r.dir, startIt)
}

// origin is the scheme and the host of an address.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host
}

// stateDir is the emulator's state folder: the flag, else APIMULATOR_STATE, else
// a folder in the user's cache.
func (p *program) stateDir(flag string) (string, error) {
	if flag != "" {
		return flag, nil
	}
	if dir, ok := p.lookup("APIMULATOR_STATE"); ok && dir != "" {
		return dir, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", unusable("can't tell where a running emulator keeps its state: %v: give --state DIR, or set AZURE_TENANT_ID or AZURE_AUTHORITY to call Azure", err)
	}
	return filepath.Join(cache, "apimulator"), nil
}

// trusted are the certificate authorities of a run: those of the system, and
// with a running emulator (whose addresses are all on this machine) its own.
func (p *program) trusted(s *settings) (*x509.CertPool, error) {
	if s.emulator == nil {
		return p.roots, nil
	}
	bundle, err := readAtMost(s.emulator.CABundle, 1<<20)
	if err != nil {
		return nil, unusable("the CA bundle of the running emulator: %v", err)
	}
	roots := p.roots
	if roots == nil {
		if roots, err = x509.SystemCertPool(); err != nil {
			roots = x509.NewCertPool() // a machine without any: the emulator needs none
		}
	}
	roots = roots.Clone()
	if !roots.AppendCertsFromPEM(bundle) {
		return nil, unusable("the CA bundle of the running emulator, %s, holds no certificate in PEM", s.emulator.CABundle)
	}
	return roots, nil
}
