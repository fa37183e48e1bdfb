package hosts

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
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
	kept, _ := os.ReadFile(path) // one that can't be read is written
	earlier, ours := bytes.CutSuffix(kept, own)
	if !ours {
		earlier = nil // it may hold an authority that was replaced since
	}
	roots, warning := systemRoots(earlier)
	if ours && bytes.Equal(roots, earlier) {
		return warning, nil
	}
	if err := writeAtomically(path, slices.Concat(roots, own), 0o644); err != nil {
		return "", fmt.Errorf("bundle of root certificates: %w", err)
	}
	return warning, nil
}

// systemRoots gives the certificates of the system's bundle. Earlier is what it gave when
// the bundle was written last, if that is known.
func systemRoots(earlier []byte) (roots []byte, warning string) {
	candidates := systemBundles
	if file := os.Getenv(bundleVariable); file != "" {
		candidates = []string{file}
	}
	for _, file := range candidates {
		if roots := readRoots(file, earlier); len(roots) > 0 {
			return roots, ""
		}
	}
	return nil, fmt.Sprintf("no certificates could be read from %s, so the bundle holds the emulator's authority alone "+
		"and programs that use it trust no public host; set %s to a file of the system's roots to have them included",
		strings.Join(candidates, ", "), bundleVariable)
}

// readRoots gives the certificates of a bundle, leaving out emulators': the
// bundle may be one that an earlier start wrote. A file that is byte for byte what
// came of it before is not taken apart again, which would cost each start milliseconds.
func readRoots(file string, earlier []byte) []byte {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	if bytes.Equal(data, earlier) {
		return data
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
