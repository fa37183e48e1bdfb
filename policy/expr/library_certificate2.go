package expr

import (
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"time"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var (
	_ = declareEnum("enum "+certificateNamespace+"X509NameType", EnumValue{"SimpleName", 0}, EnumValue{"EmailName", 1}, EnumValue{"UpnName", 2},
		EnumValue{"DnsName", 3}, EnumValue{"DnsFromAlternativeName", 4}, EnumValue{"UrlName", 5})
	_ = declareEnum("flags enum "+certificateNamespace+"X509KeyStorageFlags", EnumValue{"DefaultKeySet", 0}, EnumValue{"UserKeySet", 1}, EnumValue{"MachineKeySet", 2},
		EnumValue{"Exportable", 4}, EnumValue{"UserProtected", 8}, EnumValue{"PersistKeySet", 16}, EnumValue{"EphemeralKeySet", 32})
)

// localTime is a time of a certificate: a DateTime in the local zone, which is UTC.
func localTime(t time.Time) dotnet.DateTime {
	return dotnet.DateTimeFromTime(t.UTC(), dotnet.KindLocal)
}

var _ = declare("class "+certificateNamespace+"X509Certificate2 : "+certificateNamespace+"X509Certificate", func() []memberDecl {
	return []memberDecl{
		member("new()", newCertificate("X509Certificate2")),
		member("new(byte[] rawData)", newCertificate("X509Certificate2")),
		member("new(byte[] rawData, string password)", newCertificate("X509Certificate2")),
		member("new(byte[] rawData, string password, X509KeyStorageFlags keyStorageFlags)", newCertificate("X509Certificate2")),
		member("new(X509Certificate certificate)", copyCertificate("X509Certificate2", "certificate")),
		member("static X509ContentType GetCertContentType(byte[] rawData)", func(_ *Machine, a []any) (any, error) {
			if len(bytesArg(a[0])) == 0 {
				return nil, dotnet.Argument("Array may not be empty or null.", "rawData")
			}
			t, err := dotnet.ContentTypeOf(bytesArg(a[0]))
			return EnumObject{typeOf(certificateNamespace + "X509ContentType"), int64(t)}, err
		}),
		member("string Thumbprint { get; }", ofCertificate(func(c *certificateObject) string { return upperHex(c.thumbprint()) })),
		member("string SerialNumber { get; }", ofCertificate(func(c *certificateObject) string { return upperHex(dotnet.SerialNumber(c.leaf)) })),
		member("DateTime NotBefore { get; }", ofCertificate(func(c *certificateObject) dotnet.DateTime { return localTime(c.leaf.NotBefore) })),
		member("DateTime NotAfter { get; }", ofCertificate(func(c *certificateObject) dotnet.DateTime { return localTime(c.leaf.NotAfter) })),
		member("int Version { get; }", ofCertificate(func(c *certificateObject) int32 { return int32(c.leaf.Version) })),
		member("bool HasPrivateKey { get; }", ofCertificate(func(c *certificateObject) bool { return c.private != nil })),
		member("byte[] RawData { get; }", ofCertificate(func(c *certificateObject) *ArrayObject { return NewBytes(slices.Clone(c.leaf.Raw)) })),
		member("X500DistinguishedName SubjectName { get; }", ofCertificate(func(c *certificateObject) *nameObject { return newName(c.leaf.RawSubject) })),
		member("X500DistinguishedName IssuerName { get; }", ofCertificate(func(c *certificateObject) *nameObject { return newName(c.leaf.RawIssuer) })),
		member("Oid SignatureAlgorithm { get; }", ofCertificate(func(c *certificateObject) *oidObject { return newOid(dotnet.SignatureAlgorithm(c.leaf)) })),
		member("PublicKey PublicKey { get; }", ofCertificate(func(c *certificateObject) *publicKeyObject {
			return &publicKeyObject{c, dotnet.PublicKeyOf(c.leaf)}
		})),
		member("AsymmetricAlgorithm PrivateKey { get; }", func(_ *Machine, a []any) (any, error) {
			c, err := certificateArg(a)
			if err != nil || c.private == nil {
				return nil, err
			}
			if key := rsaPrivateOf(c, "RSACng"); key != nil {
				return key, nil
			}
			return nil, notSupported(otherAlgorithm)
		}),
		member("X509ExtensionCollection Extensions { get; }", ofCertificate(func(c *certificateObject) *extensionsObject { return &extensionsObject{c} })),
		member("string FriendlyName { get; set; }", ofCertificate(func(c *certificateObject) string { return c.friendly }), func(_ *Machine, a []any) (any, error) {
			return nil, dotnet.NewException("System.PlatformNotSupportedException", "The FriendlyName value cannot be set on Unix.")
		}),
		member("bool Archived { get; set; }", ofCertificate(func(c *certificateObject) bool { return c.archived }), func(_ *Machine, a []any) (any, error) {
			a[0].(*certificateObject).archived = a[1].(bool)
			return nil, nil
		}),
		member("string GetNameInfo(X509NameType nameType, bool forIssuer)", func(_ *Machine, a []any) (any, error) {
			c, err := certificateArg(a)
			if err != nil {
				return nil, err
			}
			return dotnet.NameInfo(c.leaf, dotnet.NameType(a[1].(EnumObject).Value), a[2].(bool)), nil
		}),
		member("bool Verify()", verifyCertificate),
	}
})

const otherAlgorithm = "The certificate key algorithm is not supported."

// verifyCertificate asks whether the system trusts a certificate. Nothing is asked
// of the network: neither whether it was revoked nor for missing issuers.
func verifyCertificate(m *Machine, a []any) (any, error) {
	c, err := certificateArg(a)
	if err != nil {
		return nil, err
	}
	trusted := false
	err = m.timed(func() error {
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool()
		}
		_, err = c.leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: m.Clock.Now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
		trusted = err == nil
		return nil
	})
	return trusted, err
}

var _ = declare("static class CertificateExtensions", func() []memberDecl {
	return []memberDecl{
		member("static bool VerifyNoRevocation(this X509Certificate2 input)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a, "input"); err != nil {
				return nil, err
			}
			return verifyCertificate(m, a)
		}),
	}
})

// RSACng is what a certificate gives on Windows, where API Management runs;
// samples cast to it. .NET on Linux has RSAOpenSsl there.
var _ = declare("class "+cryptoNamespace+"RSACng : "+cryptoNamespace+"RSA", func() []memberDecl {
	return []memberDecl{
		member("new()", newRSA("RSACng", 2048)), member("new(int keySize)", newRSA("RSACng", 2048)),
	}
})

// orNone is a key, or null.
func orNone(key *rsaObject) any {
	if key == nil {
		return nil
	}
	return key
}

var _ = declare("static class "+certificateNamespace+"RSACertificateExtensions", func() []memberDecl {
	return []memberDecl{
		member("static RSA GetRSAPublicKey(this X509Certificate2 certificate)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a, "certificate"); err != nil {
				return nil, err
			}
			c, err := certificateArg(a)
			if err != nil {
				return nil, err
			}
			return orNone(rsaPublicOf(c, "RSACng")), nil
		}),
		member("static RSA GetRSAPrivateKey(this X509Certificate2 certificate)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a, "certificate"); err != nil {
				return nil, err
			}
			c, err := certificateArg(a)
			if err != nil {
				return nil, err
			}
			return orNone(rsaPrivateOf(c, "RSACng")), nil
		}),
		member("static X509Certificate2 CopyWithPrivateKey(this X509Certificate2 certificate, RSA privateKey)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a, "certificate", "privateKey"); err != nil {
				return nil, err
			}
			c, err := certificateArg(a)
			if err != nil {
				return nil, err
			}
			key, err := a[1].(*rsaObject).privateKey(m)
			switch public, ok := c.leaf.PublicKey.(*rsa.PublicKey); {
			case err != nil:
				return nil, err
			case c.private != nil:
				return nil, dotnet.InvalidOperation("The certificate already has an associated private key.")
			case !ok || !public.Equal(&key.PublicKey):
				return nil, dotnet.Argument("The provided key does not match the public key for this certificate.", "privateKey")
			}
			copied := *c
			copied.private = key
			return &copied, nil
		}),
	}
})
