package hosts

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// AuthorityLifetime is how long an authority and its certificate are valid.
	AuthorityLifetime = 30 * 24 * time.Hour
	// RenewBefore is how much of that must be left for an authority to be reused.
	RenewBefore = 5 * 24 * time.Hour
)

const (
	authorityFile = "ca.pem"   // the authority's certificate, for anyone to trust
	leafFile      = "leaf.pem" // the servers' certificate and its private key
)

// An Authority is the emulator's own certificate authority with the one
// certificate it signed, which serves every mapped host, localhost and loopback.
type Authority struct {
	ca    *x509.Certificate
	leaf  tls.Certificate
	clock exchange.Clock
}

// LoadOrCreate gives the authority that is kept in dir, or makes a new one and
// keeps it there: when there is none, when less than [RenewBefore] is left of
// it, when it was made for other names, or when its files were damaged or its
// key was open to other users. With dir "" it is kept in memory only.
//
// Names are host patterns ([Map.Patterns]) or IP addresses; localhost and
// loopback are always included. The clock is also the one that the certificates
// of mapped hosts are checked by; programs beside the emulator go by the
// operating system's, so that is the one to give.
//
// One process at a time may use dir.
func LoadOrCreate(dir string, names []string, clock exchange.Clock) (*Authority, error) {
	want, err := newSubjects(names)
	if err != nil {
		return nil, fmt.Errorf("local certificate authority: %w", err)
	}
	if dir != "" {
		if a, err := load(dir, clock); err == nil && a.usable(want) {
			return a, nil
		}
	}
	files, err := issue(want, clock.Now())
	if err != nil {
		return nil, fmt.Errorf("local certificate authority: %w", err)
	}
	if dir != "" {
		if err := files.save(dir); err != nil {
			return nil, fmt.Errorf("local certificate authority in %s: %w", dir, err)
		}
	}
	return files.parse(clock)
}

// TLSConfig is a server's configuration; the caller sets NextProtos.
func (a *Authority) TLSConfig() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.leaf}, MinVersion: tls.VersionTLS12}
}

// Pool holds the authority and no other.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.ca)
	return pool
}

// poolWithSystem holds the authority and the system's roots, where there are any.
func (a *Authority) poolWithSystem() *x509.CertPool {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return a.Pool()
	}
	pool.AddCert(a.ca)
	return pool
}

// CertPEM is the authority's certificate.
func (a *Authority) CertPEM() []byte { return encodeCertificate(a.ca.Raw) }

// NotAfter is when the authority ends, and with it every connection that a
// server makes by it; only a restart renews it.
func (a *Authority) NotAfter() time.Time { return a.ca.NotAfter }

// usable reports whether the authority was made for these subjects, signed its
// certificate, and lasts a while yet.
func (a *Authority) usable(want subjects) bool {
	now := a.clock.Now()
	if now.Add(RenewBefore).After(a.ca.NotAfter) || !want.match(a.ca, a.leaf.Leaf) {
		return false
	}
	_, err := a.leaf.Leaf.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: "localhost", CurrentTime: now})
	return err == nil
}

// pemFiles are the contents of the files that an authority is kept in.
type pemFiles struct {
	ca   []byte
	leaf []byte // certificate and private key
}

func load(dir string, clock exchange.Clock) (*Authority, error) {
	path := filepath.Join(dir, leafFile)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	// Windows has no such bits: files in a user's folder are the user's there.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s was open to other users", path)
	}
	var files pemFiles
	if files.leaf, err = os.ReadFile(path); err != nil {
		return nil, err
	}
	if files.ca, err = os.ReadFile(filepath.Join(dir, authorityFile)); err != nil {
		return nil, err
	}
	return files.parse(clock)
}

// save writes the key's file first: if the second write fails, the two don't
// belong together and the next start makes both anew.
func (f pemFiles) save(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := writeAtomically(filepath.Join(dir, leafFile), f.leaf, 0o600); err != nil {
		return err
	}
	return writeAtomically(filepath.Join(dir, authorityFile), f.ca, 0o644)
}

func (f pemFiles) parse(clock exchange.Clock) (*Authority, error) {
	block, _ := pem.Decode(f.ca)
	if block == nil || block.Type != certificateBlock {
		return nil, errors.New(authorityFile + " holds no certificate")
	}
	ca, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", authorityFile, err)
	}
	leaf, err := tls.X509KeyPair(f.leaf, f.leaf)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", leafFile, err)
	}
	return &Authority{ca: ca, leaf: leaf, clock: clock}, nil
}

// writeAtomically puts data in the place of what path held, or leaves that as
// it was.
func writeAtomically(path string, data []byte, mode os.FileMode) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

const certificateBlock = "CERTIFICATE"

func encodeCertificate(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: der})
}
