package jwtvalidate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
)

// Sizes of keys in bits, for inline keys and for those of key sets alike.
const (
	// MinRSABits is the shortest RSA modulus accepted (Microsoft.IdentityModel's
	// minimum for verifying is lower; Entra ID and RFC 7518 section 3.3 use 2048).
	MinRSABits = 2048
	// MaxRSABits bounds the work that a key can cause.
	MaxRSABits = 8192
	// MinSymmetricBits is Microsoft.IdentityModel's default minimum.
	MinSymmetricBits = 128
)

// A Key is a signing key that the rules hold themselves: an element of
// issuer-signing-keys. Make one with [ParseSymmetricKey], [ParseRSAKey] or
// [NewPublicKey]; the zero Key verifies nothing. A Key prints without its secret.
type Key struct {
	// ID is compared with the kid of the token. If no key has that kid, every
	// inline key is tried (policy reference, attribute id).
	ID string

	value       any // []byte, *rsa.PublicKey or *ecdsa.PublicKey
	fingerprint fingerprint
}

func (k Key) symmetric() bool {
	_, ok := k.value.([]byte)
	return ok
}

// A fingerprint identifies key material, so that a key of reloaded rules is
// recognised as the one that verified a cached token.
type fingerprint [sha256.Size]byte

// ParseSymmetricKey reads a secret in standard Base64 as .NET reads it, that is with
// padding and with white space ignored. The error never repeats the text.
func ParseSymmetricKey(text string) (Key, error) {
	text = strings.Join(strings.Fields(text), "")
	if text == "" {
		return Key{}, errors.New("the symmetric key is empty: put the Base64 form of the secret here")
	}
	secret, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return Key{}, fmt.Errorf("the symmetric key is not Base64 (%s): encode the secret's bytes with the standard alphabet and with padding", base64Fault(text, err))
	}
	if bits := len(secret) * 8; bits < MinSymmetricBits {
		return Key{}, fmt.Errorf("the symmetric key has %d bits, at least %d are needed: use a longer secret", bits, MinSymmetricBits)
	}
	return Key{value: secret, fingerprint: sha256.Sum256(append([]byte("secret:"), secret...))}, nil
}

// ParseRSAKey reads a public key from its modulus n and exponent e, both in Base64url
// without padding as in a JWK (RFC 7518 section 6.3.1).
func ParseRSAKey(n, e string) (Key, error) {
	modulus, err := parseInteger("n", n)
	if err != nil {
		return Key{}, err
	}
	exponent, err := parseInteger("e", e)
	if err != nil {
		return Key{}, err
	}
	if !exponent.IsInt64() || exponent.Int64() > math.MaxInt32 {
		return Key{}, errors.New("the RSA exponent e is too large: it is usually AQAB (65537); n and e may be swapped")
	}
	return NewPublicKey(&rsa.PublicKey{N: modulus, E: int(exponent.Int64())})
}

func parseInteger(name, text string) (*big.Int, error) {
	if text == "" {
		return nil, fmt.Errorf("the RSA value %s is empty: give n and e together", name)
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the RSA value %s is not Base64url without padding (%s): take it as it stands in the JWK", name, base64Fault(text, err))
	}
	return new(big.Int).SetBytes(raw), nil
}

// base64Fault says where a text stops being Base64, without quoting it.
func base64Fault(text string, err error) string {
	var at base64.CorruptInputError
	if !errors.As(err, &at) || int(at) >= len(text) {
		return "it ends too early"
	}
	return fmt.Sprintf("character %d of %d does not fit", int(at)+1, len(text))
}

// NewPublicKey takes the public key of a certificate: RSA, or ECDSA on P-256, P-384
// or P-521.
func NewPublicKey(public crypto.PublicKey) (Key, error) {
	if err := checkPublicKey(public); err != nil {
		return Key{}, err
	}
	print, err := publicFingerprint(public)
	if err != nil {
		return Key{}, err
	}
	return Key{value: public, fingerprint: print}, nil
}

func publicFingerprint(public crypto.PublicKey) (fingerprint, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return fingerprint{}, fmt.Errorf("the public key cannot be encoded: %w", err)
	}
	return sha256.Sum256(append([]byte("public:"), der...)), nil
}

// checkPublicKey refuses keys that are of no use or too costly.
func checkPublicKey(public crypto.PublicKey) error {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if key == nil || key.N == nil {
			return errors.New("the RSA key is empty")
		}
		if bits := key.N.BitLen(); bits < MinRSABits || bits > MaxRSABits {
			return fmt.Errorf("the RSA key has %d bits, accepted are %d to %d", bits, MinRSABits, MaxRSABits)
		}
		if key.E < 3 || key.E%2 == 0 || key.E > math.MaxInt32 {
			return fmt.Errorf("the RSA exponent %d is not an odd number from 3 to 2^31-1", key.E)
		}
	case *ecdsa.PublicKey:
		if key == nil || key.Curve != elliptic.P256() && key.Curve != elliptic.P384() && key.Curve != elliptic.P521() {
			return errors.New("the ECDSA key is not on one of the curves P-256, P-384 and P-521")
		}
	default:
		return fmt.Errorf("a key of type %T cannot verify tokens: use RSA or ECDSA", public)
	}
	return nil
}

// String names the kind of key and its ID, never its material.
func (k Key) String() string {
	kind := "no key"
	switch value := k.value.(type) {
	case []byte:
		kind = fmt.Sprintf("symmetric key of %d bits", len(value)*8)
	case *rsa.PublicKey:
		kind = fmt.Sprintf("RSA key of %d bits", value.N.BitLen())
	case *ecdsa.PublicKey:
		kind = "ECDSA key on " + value.Params().Name
	}
	if k.ID == "" {
		return kind
	}
	return fmt.Sprintf("%s, id %q", kind, k.ID)
}

// GoString is String, so that %#v shows no secret either.
func (k Key) GoString() string { return k.String() }
