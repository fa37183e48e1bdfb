package dotnet

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"
)

// ContentType is X509ContentType.
type ContentType int32

// The content types that there are here.
const (
	ContentUnknown ContentType = 0
	ContentCert    ContentType = 1
	ContentPfx     ContentType = 3
)

// Messages of Windows, which real services run on.
const (
	badCertificate = "Cannot find the requested object."
	badPassword    = "The specified network password is not correct."
)

// ParseCertificate reads a certificate as X509Certificate2 does: DER, PEM or
// base64 of it, or a PFX with its private key, which is nil where there is none.
func ParseCertificate(data []byte, password string) (*x509.Certificate, crypto.PrivateKey, error) {
	der := plainDER(data)
	if c, err := x509.ParseCertificate(der); err == nil {
		return c, nil, nil
	}
	if !isPFX(der) {
		return nil, nil, CryptographicException(badCertificate)
	}
	key, leaf, _, err := pkcs12.DecodeChain(der, password)
	if err == nil {
		return leaf, key, nil
	}
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return nil, nil, CryptographicException(badPassword)
	}
	// Without a private key it is what that package calls a trust store.
	if certificates, err := pkcs12.DecodeTrustStore(der, password); err == nil && len(certificates) > 0 {
		return certificates[0], nil, nil
	}
	return nil, nil, CryptographicException(badCertificate)
}

// plainDER is data without PEM's and base64's clothes.
func plainDER(data []byte) []byte {
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "CERTIFICATE" {
			return block.Bytes
		}
	}
	if len(data) > 0 && data[0] == 'M' { // the first letter of a sequence
		if der, err := base64.StdEncoding.DecodeString(string(bytes.Join(bytes.Fields(data), nil))); err == nil {
			return der
		}
	}
	return data
}

// isPFX reports whether data begins as a PFX does: a sequence with version 3.
func isPFX(der []byte) bool {
	var outer asn1.RawValue
	version := 0
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return false
	}
	_, err := asn1.Unmarshal(outer.Bytes, &version)
	return err == nil && version == 3
}

// ContentTypeOf is X509Certificate2.GetCertContentType.
func ContentTypeOf(data []byte) (ContentType, error) {
	der := plainDER(data)
	if _, err := x509.ParseCertificate(der); err == nil {
		return ContentCert, nil
	}
	if isPFX(der) {
		return ContentPfx, nil
	}
	return ContentUnknown, CryptographicException(badCertificate)
}

// EncodePFX makes a PFX of a certificate and its key, which may be nil.
func EncodePFX(c *x509.Certificate, key crypto.PrivateKey, password string) ([]byte, error) {
	var b []byte
	var err error
	if key == nil {
		b, err = pkcs12.Modern2023.EncodeTrustStore([]*x509.Certificate{c}, password)
	} else {
		b, err = pkcs12.Modern2023.Encode(key, c, nil, password)
	}
	if err != nil {
		return nil, CryptographicException(err.Error())
	}
	return b, nil
}

// SerialNumber is a certificate's serial number as it stands in it.
func SerialNumber(c *x509.Certificate) []byte {
	b := c.SerialNumber.Bytes()
	if len(b) == 0 || b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return b
}

// PublicKeyInfo is the SubjectPublicKeyInfo of a certificate.
type PublicKeyInfo struct {
	Algorithm  string // object identifier
	Parameters []byte // DER; nil if there are none
	Key        []byte
}

// PublicKeyOf is the public key of a certificate.
func PublicKeyOf(c *x509.Certificate) PublicKeyInfo {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		PublicKey asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.RawSubjectPublicKeyInfo, &info); err != nil {
		return PublicKeyInfo{}
	}
	return PublicKeyInfo{info.Algorithm.Algorithm.String(), info.Algorithm.Parameters.FullBytes, info.PublicKey.RightAlign()}
}

// SignatureAlgorithm is the object identifier of what a certificate is signed
// with.
func SignatureAlgorithm(c *x509.Certificate) string {
	var whole struct {
		Body      asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.Raw, &whole); err != nil {
		return ""
	}
	return whole.Algorithm.Algorithm.String()
}

// NameType is X509NameType.
type NameType int32

// The types of names.
const (
	SimpleName             NameType = 0
	EmailName              NameType = 1
	UpnName                NameType = 2
	DNSName                NameType = 3
	DNSFromAlternativeName NameType = 4
	URLName                NameType = 5
)

// NameInfo is GetNameInfo: a name of the subject, or of the issuer.
func NameInfo(c *x509.Certificate, t NameType, issuer bool) string {
	name, alternative := NewDistinguishedName(c.RawSubject), "2.5.29.17"
	if issuer {
		name, alternative = NewDistinguishedName(c.RawIssuer), "2.5.29.18"
	}
	names := alternativeNames(c, alternative)
	first := func(tag int) string {
		for _, n := range names {
			if n.tag == tag {
				return n.text
			}
		}
		return ""
	}
	switch t {
	case SimpleName:
		if s := name.SimpleName(); s != "" {
			return s
		}
		return first(tagEmail)
	case EmailName:
		if s := first(tagEmail); s != "" {
			return s
		}
		s, _ := name.Attribute("1.2.840.113549.1.9.1")
		return s
	case DNSName, DNSFromAlternativeName:
		s := first(tagDNS)
		if s == "" && t == DNSName {
			s, _ = name.Attribute("2.5.4.3")
		}
		return s
	case URLName:
		return first(tagURI)
	case UpnName:
		return first(tagOther)
	}
	return ""
}

// Tags of a GeneralName (RFC 5280, 4.2.1.6).
const (
	tagOther = 0
	tagEmail = 1
	tagDNS   = 2
	tagURI   = 6
	tagIP    = 7
)

type alternativeName struct {
	tag  int
	text string
}

// alternativeNames are the texts of an extension of alternative names; of other
// names those of a user principal.
func alternativeNames(c *x509.Certificate, oid string) []alternativeName {
	i := slices.IndexFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.String() == oid })
	if i < 0 {
		return nil
	}
	var sequence asn1.RawValue
	if _, err := asn1.Unmarshal(c.Extensions[i].Value, &sequence); err != nil {
		return nil
	}
	var names []alternativeName
	for rest := sequence.Bytes; len(rest) > 0; {
		var v asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &v); err != nil {
			break
		}
		text := string(v.Bytes)
		switch v.Tag {
		case tagOther:
			if text = principalName(v.Bytes); text == "" {
				continue
			}
		case tagIP:
			a, err := NewIPAddress(v.Bytes, 0)
			if err != nil {
				continue
			}
			text = a.String()
		case tagEmail, tagDNS, tagURI:
		default:
			continue
		}
		names = append(names, alternativeName{v.Tag, text})
	}
	return names
}

// principalName is the text of an otherName of Microsoft's user principals.
func principalName(der []byte) string {
	var oid asn1.ObjectIdentifier
	rest, err := asn1.Unmarshal(der, &oid)
	if err != nil || oid.String() != "1.3.6.1.4.1.311.20.2.3" {
		return ""
	}
	var tagged asn1.RawValue
	var text string
	if _, err := asn1.Unmarshal(rest, &tagged); err != nil {
		return ""
	}
	asn1.Unmarshal(tagged.Bytes, &text)
	return text
}

// FormatExtension is X509Extension.Format: alternative names as OpenSSL writes
// them, others in hexadecimal digits.
func FormatExtension(c *x509.Certificate, oid string, value []byte) string {
	names := alternativeNames(c, oid)
	if oid != "2.5.29.17" && oid != "2.5.29.18" || names == nil {
		return strings.ReplaceAll(BytesToString(value), "-", "")
	}
	label := map[int]string{tagOther: "othername:UPN:", tagEmail: "email:", tagDNS: "DNS:", tagURI: "URI:", tagIP: "IP Address:"}
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = label[n.tag] + n.text
	}
	return strings.Join(parts, ", ")
}
