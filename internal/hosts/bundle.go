package hosts

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// bundleVariable names the file of roots that crypto/x509, OpenSSL and others
// read in place of the system's.
const bundleVariable = "SSL_CERT_FILE"

// systemBundles are where crypto/x509 looks for the system's roots on Linux; the
// last is macOS's and OpenBSD's too. The first that can be read is taken.
var systemBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
	"/etc/pki/tls/cacert.pem",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
	"/etc/ssl/cert.pem",
}

// WriteBundle writes a file of roots for the environment of an unchanged
// program (SSL_CERT_FILE and its like): the system's, and this authority. Where
// the system's can't be read as a file, the bundle holds the authority alone and
// the warning, a sentence for the user, says so. A file that holds all that
// already is left alone.
func (a *Authority) WriteBundle(path string) (warning string, err error) {
	own := a.CertPEM()
	candidates := systemBundles
	if file := os.Getenv(bundleVariable); file != "" {
		candidates = []string{file}
	}
	// Taking the system's apart would cost each start milliseconds.
	if i := slices.IndexFunc(candidates, isWritten); i >= 0 && isMadeOf(path, candidates[i], own) {
		return "", nil
	}
	roots, warning := systemRoots(candidates)
	bundle := slices.Concat(roots, own)
	if kept, err := os.ReadFile(path); err == nil && bytes.Equal(kept, bundle) {
		return warning, nil
	}
	if err := writeAtomically(path, bundle, 0o644); err != nil {
		return "", fmt.Errorf("bundle of root certificates: %w", err)
	}
	return warning, nil
}

// isWritten reports whether something is written in a file.
func isWritten(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode().IsRegular() && info.Size() > 0
}

// isMadeOf reports whether a bundle is the file of roots and own, as far as its size, its age
// and its end tell: reading both files whole took each start a twentieth of its time. What was
// changed within it, to the same length, goes unseen.
func isMadeOf(path, roots string, own []byte) bool {
	source, err := os.Stat(roots)
	if err != nil {
		return false
	}
	bundle, err := os.Stat(path)
	if err != nil || bundle.Size() != source.Size()+int64(len(own)) || !bundle.ModTime().After(source.ModTime()) {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // only read
	end := make([]byte, len(own))
	_, err = f.ReadAt(end, source.Size())
	return (err == nil || err == io.EOF) && bytes.Equal(end, own)
}

// systemRoots gives the certificates of the first of the files that has any.
func systemRoots(candidates []string) (roots []byte, warning string) {
	for _, file := range candidates {
		if roots := readRoots(file); len(roots) > 0 {
			return roots, ""
		}
	}
	return nil, fmt.Sprintf("no certificates could be read from %s, so the bundle holds the emulator's authority alone "+
		"and programs that use it trust no public host; set %s to a file of the system's roots to have them included",
		strings.Join(candidates, ", "), bundleVariable)
}

// readRoots gives the certificates of a bundle, leaving out emulators': the
// bundle may be one that an earlier start wrote.
func readRoots(file string) []byte {
	if !isWritten(file) {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var roots bytes.Buffer
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == certificateBlock && !isEmulators(block.Bytes) {
			roots.Write(encodeCertificate(block.Bytes))
		}
	}
	return roots.Bytes()
}

func isEmulators(der []byte) bool {
	if !bytes.Contains(der, []byte(organization)) {
		return false // without the cost of parsing it
	}
	cert, err := x509.ParseCertificate(der)
	return err == nil && slices.Contains(cert.Subject.Organization, organization)
}
