package expr

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha1" // the thumbprint is made with it
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const certificateNamespace = cryptoNamespace + "X509Certificates."

// certificateObject is an X509Certificate or X509Certificate2.
type certificateObject struct {
	class    string
	leaf     *x509.Certificate // nil of one that was made of nothing
	private  crypto.PrivateKey // nil if there is none
	friendly string
	archived bool
}

// NewCertificate is an X509Certificate2; null where there is none.
func NewCertificate(c *exchange.Certificate) any {
	if c == nil || c.Leaf == nil {
		return nil
	}
	return &certificateObject{class: "X509Certificate2", leaf: c.Leaf, private: c.PrivateKey}
}

// DotnetType is part of Object.
func (c *certificateObject) DotnetType() *Type { return typeOf(certificateNamespace + c.class) }

// EqualTo is part of Equaler: certificates of one issuer and number are equal.
func (c *certificateObject) EqualTo(_ *Machine, other any) (bool, error) {
	o, ok := other.(*certificateObject)
	if !ok || c.leaf == nil || o.leaf == nil {
		return ok && c.leaf == o.leaf, nil
	}
	return bytes.Equal(c.leaf.RawIssuer, o.leaf.RawIssuer) && c.leaf.SerialNumber.Cmp(o.leaf.SerialNumber) == 0, nil
}

// HashCode is part of Hasher.
func (c *certificateObject) HashCode(*Machine) (int32, error) {
	if c.leaf == nil {
		return 0, nil
	}
	return int32(binary.BigEndian.Uint32(c.thumbprint())), nil
}

// ToString is part of Texter.
func (c *certificateObject) ToString(m *Machine) (string, error) {
	if c.leaf == nil {
		return certificateNamespace + c.class, nil
	}
	var b strings.Builder
	part := func(title, text string) { b.WriteString("[" + title + "]\n  " + text + "\n\n") }
	part("Subject", dotnet.NewDistinguishedName(c.leaf.RawSubject).String())
	part("Issuer", dotnet.NewDistinguishedName(c.leaf.RawIssuer).String())
	part("Serial Number", upperHex(dotnet.SerialNumber(c.leaf)))
	part("Not Before", dotnet.ToString(localTime(c.leaf.NotBefore)))
	part("Not After", dotnet.ToString(localTime(c.leaf.NotAfter)))
	part("Thumbprint", upperHex(c.thumbprint()))
	s := strings.TrimSuffix(b.String(), "\n")
	return s, m.Allocate(len(s))
}

func (c *certificateObject) thumbprint() []byte {
	sum := sha1.Sum(c.leaf.Raw)
	return sum[:]
}

func upperHex(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

// certificateArg is the certificate, or that there is none.
func certificateArg(a []any) (*certificateObject, error) {
	c := a[0].(*certificateObject)
	if c.leaf == nil {
		return nil, dotnet.CryptographicException("m_safeCertContext is an invalid handle.")
	}
	return c, nil
}

// ofCertificate is a member that reads a certificate.
func ofCertificate[T any](f func(c *certificateObject) T) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		c, err := certificateArg(a)
		if err != nil {
			return nil, err
		}
		return f(c), nil
	}
}

// certificateBytes is a member that gives bytes, as a byte[] and as text.
func certificateBytes(name string, f func(c *certificateObject) []byte) []memberDecl {
	return []memberDecl{
		member("byte[] "+name+"()", ofCertificate(func(c *certificateObject) *ArrayObject { return NewBytes(slices.Clone(f(c))) })),
		member("string "+name+"String()", ofCertificate(func(c *certificateObject) string { return upperHex(f(c)) })),
	}
}

func backwards(b []byte) []byte {
	b = slices.Clone(b)
	slices.Reverse(b)
	return b
}

// newCertificate makes a certificate of the bytes that are the first argument, if
// there are any, with the password that is the second.
func newCertificate(class string) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		c := &certificateObject{class: class}
		if len(a) == 0 || len(bytesArg(a[0])) == 0 {
			return c, nil
		}
		password := ""
		if len(a) > 1 {
			password = text(a[1])
		}
		if err := m.Allocate(4 * len(bytesArg(a[0]))); err != nil {
			return nil, err
		}
		return c, m.timed(func() (err error) {
			c.leaf, c.private, err = dotnet.ParseCertificate(bytesArg(a[0]), dotnet.Valid(password))
			return err
		})
	}
}

func copyCertificate(class, param string) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		if a[0] == nil {
			return nil, dotnet.ArgumentNull(param)
		}
		c := *a[0].(*certificateObject)
		c.class = class
		return &c, nil
	}
}

var _ = declareEnum("enum "+certificateNamespace+"X509ContentType", EnumValue{"Unknown", 0}, EnumValue{"Cert", 1}, EnumValue{"SerializedCert", 2},
	EnumValue{"Pfx", 3}, EnumValue{"Pkcs12", 3}, EnumValue{"SerializedStore", 4}, EnumValue{"Pkcs7", 5}, EnumValue{"Authenticode", 6})

var _ = declare("class "+certificateNamespace+"X509Certificate : System.IDisposable", func() []memberDecl {
	return concat(
		[]memberDecl{
			member("new()", newCertificate("X509Certificate")),
			member("new(byte[] data)", newCertificate("X509Certificate")),
			member("new(byte[] rawData, string password)", newCertificate("X509Certificate")),
			member("new(byte[] rawData, string password, X509KeyStorageFlags keyStorageFlags)", newCertificate("X509Certificate")),
			member("new(X509Certificate cert)", copyCertificate("X509Certificate", "cert")),
			member("string Subject { get; }", ofCertificate(func(c *certificateObject) string { return dotnet.NewDistinguishedName(c.leaf.RawSubject).String() })),
			member("string Issuer { get; }", ofCertificate(func(c *certificateObject) string { return dotnet.NewDistinguishedName(c.leaf.RawIssuer).String() })),
			member("string GetName()", ofCertificate(func(c *certificateObject) string { return dotnet.NewDistinguishedName(c.leaf.RawSubject).Decode(0) })),
			member("string GetIssuerName()", ofCertificate(func(c *certificateObject) string { return dotnet.NewDistinguishedName(c.leaf.RawIssuer).Decode(0) })),
			member("string GetEffectiveDateString()", ofCertificate(func(c *certificateObject) string { return dotnet.ToString(localTime(c.leaf.NotBefore)) })),
			member("string GetExpirationDateString()", ofCertificate(func(c *certificateObject) string { return dotnet.ToString(localTime(c.leaf.NotAfter)) })),
			member("string GetFormat()", always("X509")),
			member("string GetKeyAlgorithm()", ofCertificate(func(c *certificateObject) string { return dotnet.PublicKeyOf(c.leaf).Algorithm })),
			member("byte[] GetCertHash(HashAlgorithmName hashAlgorithm)", func(_ *Machine, a []any) (any, error) {
				b, err := certificateHash(a)
				return NewBytes(b), err
			}),
			member("string GetCertHashString(HashAlgorithmName hashAlgorithm)", func(_ *Machine, a []any) (any, error) {
				b, err := certificateHash(a)
				return upperHex(b), err
			}),
			member("byte[] Export(X509ContentType contentType)", exportCertificate),
			member("byte[] Export(X509ContentType contentType, string password)", exportCertificate),
			member("bool Equals(X509Certificate other)", equalTo),
			member("int GetHashCode()", func(m *Machine, a []any) (any, error) { return a[0].(*certificateObject).HashCode(m) }),
			member("string ToString(bool fVerbose)", func(m *Machine, a []any) (any, error) { return m.Text(a[0]) }),
			member("void Reset()", func(_ *Machine, a []any) (any, error) {
				a[0].(*certificateObject).leaf, a[0].(*certificateObject).private = nil, nil
				return nil, nil
			}),
			member("void Dispose()", always(nil)),
		},
		certificateBytes("GetCertHash", (*certificateObject).thumbprint),
		certificateBytes("GetKeyAlgorithmParameters", func(c *certificateObject) []byte { return dotnet.PublicKeyOf(c.leaf).Parameters }),
		certificateBytes("GetPublicKey", func(c *certificateObject) []byte { return dotnet.PublicKeyOf(c.leaf).Key }),
		[]memberDecl{
			member("byte[] GetRawCertData()", ofCertificate(func(c *certificateObject) *ArrayObject { return NewBytes(slices.Clone(c.leaf.Raw)) })),
			member("string GetRawCertDataString()", ofCertificate(func(c *certificateObject) string { return upperHex(c.leaf.Raw) })),
			// The number's bytes are the other way round, its text is not.
			member("byte[] GetSerialNumber()", ofCertificate(func(c *certificateObject) *ArrayObject { return NewBytes(backwards(dotnet.SerialNumber(c.leaf))) })),
			member("string GetSerialNumberString()", ofCertificate(func(c *certificateObject) string { return upperHex(dotnet.SerialNumber(c.leaf)) })),
		})
})

func certificateHash(a []any) ([]byte, error) {
	c, err := certificateArg(a)
	if err != nil {
		return nil, err
	}
	return dotnet.HashData(text(a[1].(hashNameObject).name), c.leaf.Raw)
}

func exportCertificate(m *Machine, a []any) (any, error) {
	c, err := certificateArg(a)
	if err != nil {
		return nil, err
	}
	password := ""
	if len(a) > 2 {
		password = text(a[2])
	}
	switch a[1].(EnumObject).Value {
	case 1:
		return bytesResult(m, slices.Clone(c.leaf.Raw), nil)
	case 3:
		var b []byte
		err := m.timed(func() (err error) {
			b, err = dotnet.EncodePFX(c.leaf, c.private, dotnet.Valid(password))
			return err
		})
		return bytesResult(m, b, err)
	case 2, 4:
		return nil, dotnet.NewException("System.PlatformNotSupportedException", "X509ContentType.SerializedCert and X509ContentType.SerializedStore are not supported on Unix.")
	}
	return nil, dotnet.CryptographicException("Invalid content type.")
}

// rsaPublicOf and rsaPrivateOf are the keys as RSA; nil where they are of another
// kind.
func rsaPublicOf(c *certificateObject, class string) *rsaObject {
	key, ok := c.leaf.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil
	}
	return &rsaObject{class: class, size: int32(key.N.BitLen()), public: key}
}

func rsaPrivateOf(c *certificateObject, class string) *rsaObject {
	key, ok := c.private.(*rsa.PrivateKey)
	if !ok {
		return nil
	}
	return &rsaObject{class: class, size: int32(key.N.BitLen()), public: &key.PublicKey, private: key}
}
