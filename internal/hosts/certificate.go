package hosts

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"
)

// organization marks every certificate made here, so that whoever looks at one
// sees what it is.
const organization = "apimulator (an emulator, not Microsoft)"

// startsBefore allows for clients whose clock is a little behind.
const startsBefore = time.Hour

// subjects is what the authority may sign for and what its certificate names.
type subjects struct {
	names     []string     // names in the certificate
	addresses []net.IP     // addresses in the certificate
	domains   []string     // permitted to the authority, each with all below it
	networks  []*net.IPNet // permitted to the authority
}

// newSubjects adds the names of this machine to the patterns. The metadata
// service's address is permitted even where the map doesn't hold it.
func newSubjects(patterns []string) (subjects, error) {
	s := subjects{
		names:     []string{"localhost"},
		addresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		domains:   []string{"localhost"},
		networks: []*net.IPNet{
			{IP: net.IPv4(127, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)},
			singleAddress(net.IPv6loopback),
			singleAddress(net.ParseIP(metadataAddress)),
		},
	}
	for _, text := range patterns {
		p, err := parsePattern(text)
		if err != nil {
			return subjects{}, err
		}
		if ip := net.ParseIP(p.host); ip != nil {
			s.addresses = append(s.addresses, ip)
			s.networks = append(s.networks, singleAddress(ip))
			continue
		}
		s.names = append(s.names, p.String())
		s.domains = append(s.domains, p.host)
	}
	s.names, s.domains = distinct(s.names), distinct(s.domains)
	s.addresses = distinctByText(s.addresses)
	s.networks = distinctByText(s.networks)
	return s, nil
}

// match reports whether the two certificates were made for these subjects.
func (s subjects) match(ca, leaf *x509.Certificate) bool {
	return ca.PermittedDNSDomainsCritical &&
		slices.Equal(s.domains, ca.PermittedDNSDomains) &&
		slices.EqualFunc(s.networks, ca.PermittedIPRanges, func(a, b *net.IPNet) bool { return a.String() == b.String() }) &&
		slices.Equal(s.names, leaf.DNSNames) &&
		slices.EqualFunc(s.addresses, leaf.IPAddresses, net.IP.Equal)
}

// issue makes an authority and the one certificate it signs. The authority's
// key is not part of the result: it ends with this call.
func issue(want subjects, now time.Time) (pemFiles, error) {
	ca, caKey, err := newCA(want, now)
	if err != nil {
		return pemFiles{}, err
	}
	leaf, key, err := newLeaf(want, ca, caKey)
	if err != nil {
		return pemFiles{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return pemFiles{}, err
	}
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return pemFiles{ca: encodeCertificate(ca.Raw), leaf: slices.Concat(encodeCertificate(leaf.Raw), keyPEM)}, nil
}

func newCA(want subjects, now time.Time) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{Organization: []string{organization}, CommonName: "apimulator local authority"},
		NotBefore:             now.Add(-startsBefore),
		NotAfter:              now.Add(AuthorityLifetime),
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign,
		// Constraints bind only the kinds of names they list, so the usage
		// rules out what isn't named by domain or address, such as mail.
		ExtKeyUsage:                 []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         want.domains,
		PermittedIPRanges:           want.networks,
	}
	cert, err := sign(template, template, key, key)
	return cert, key, err
}

func newLeaf(want subjects, ca *x509.Certificate, caKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		Subject:     pkix.Name{Organization: []string{organization}, CommonName: "apimulator"},
		NotBefore:   ca.NotBefore,
		NotAfter:    ca.NotAfter,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    want.names,
		IPAddresses: want.addresses,
	}
	cert, err := sign(template, ca, key, caKey)
	return cert, key, err
}

func sign(template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func singleAddress(ip net.IP) *net.IPNet {
	if v4 := ip.To4(); v4 != nil {
		return &net.IPNet{IP: v4, Mask: net.CIDRMask(32, 32)}
	}
	return &net.IPNet{IP: ip, Mask: net.CIDRMask(128, 128)}
}

// distinct sorts, so that the order of the names makes no difference.
func distinct(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

func distinctByText[T fmt.Stringer](s []T) []T {
	slices.SortFunc(s, func(a, b T) int { return strings.Compare(a.String(), b.String()) })
	return slices.CompactFunc(s, func(a, b T) bool { return a.String() == b.String() })
}
