package jwtvalidate

import (
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// A DecryptionKey opens encrypted tokens: an element of decryption-keys. Make one
// with [ParseDecryptionKey] or [NewDecryptionKey]; the zero one opens nothing. It
// prints without its secret.
type DecryptionKey struct {
	// ID is compared with the kid of the encrypted token. If no key has that kid,
	// every key is tried.
	ID string

	value any // []byte or *rsa.PrivateKey
}

// What decryption keys can do: the key management that Microsoft.IdentityModel has
// for such keys, and the content encryption that the policy's reference lists
// (edition 2024-03). Anything else is refused.
var (
	keyManagement = []jose.KeyAlgorithm{jose.DIRECT, jose.A128KW, jose.A192KW, jose.A256KW, jose.RSA_OAEP, jose.RSA1_5}
	encryption    = []jose.ContentEncryption{jose.A128CBC_HS256, jose.A192CBC_HS384, jose.A256CBC_HS512}
)

// keyLengths are those in bytes that some of these algorithms take.
var keyLengths = []int{16, 24, 32, 48, 64}

// ParseDecryptionKey reads a secret in standard Base64, as [ParseSymmetricKey] does:
// it encrypts the content itself (32, 48 or 64 bytes) or its key (16, 24 or 32).
func ParseDecryptionKey(text string) (DecryptionKey, error) {
	text = strings.Join(strings.Fields(text), "")
	if text == "" {
		return DecryptionKey{}, errors.New("the decryption key is empty: put the Base64 form of the secret here, or name a certificate")
	}
	secret, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return DecryptionKey{}, fmt.Errorf("the decryption key is not Base64 (%s): encode the secret's bytes with the standard alphabet and with padding", base64Fault(text, err))
	}
	if !slices.Contains(keyLengths, len(secret)) {
		return DecryptionKey{}, fmt.Errorf("the decryption key has %d bytes; keys have 16, 24, 32, 48 or 64", len(secret))
	}
	return DecryptionKey{value: secret}, nil
}

// NewDecryptionKey takes the private key of a certificate, which has to be RSA.
func NewDecryptionKey(private crypto.PrivateKey) (DecryptionKey, error) {
	key, ok := private.(*rsa.PrivateKey)
	if !ok {
		return DecryptionKey{}, fmt.Errorf("a key of type %T cannot decrypt tokens: use RSA", private)
	}
	if err := checkPublicKey(&key.PublicKey); err != nil {
		return DecryptionKey{}, err
	}
	return DecryptionKey{value: key}, nil
}

// String names the kind of key and its ID, never its material.
func (k DecryptionKey) String() string {
	kind := "no key"
	switch value := k.value.(type) {
	case []byte:
		kind = fmt.Sprintf("symmetric key of %d bits", len(value)*8)
	case *rsa.PrivateKey:
		kind = fmt.Sprintf("RSA key of %d bits", value.N.BitLen())
	}
	if k.ID == "" {
		return kind
	}
	return fmt.Sprintf("%s, id %q", kind, k.ID)
}

// GoString is String, so that %#v shows no secret either.
func (k DecryptionKey) GoString() string { return k.String() }

// isEncrypted reports whether a token has the form of an encrypted one.
func isEncrypted(token string) bool { return strings.Count(token, ".") == 4 }

// decrypt opens an encrypted token (RFC 7516) with one of the keys.
func decrypt(token string, keys []DecryptionKey) (header jose.Header, payload []byte, fault *Error) {
	if len(token) > MaxTokenSize {
		return header, nil, malformed(messageTooLong(len(token)), fmt.Sprintf("The token has %d bytes, at most %d are accepted.", len(token), MaxTokenSize))
	}
	if len(keys) == 0 {
		return header, nil, malformed(messageEncrypted, "The token is encrypted (five segments), and there is no key to decrypt it.")
	}
	sealed, err := jose.ParseEncryptedCompact(token, keyManagement, encryption)
	if err != nil {
		return header, nil, malformed(messageNotDecrypted("", err), "The token has five segments and is no encrypted token that can be opened here; "+
			"accepted are dir, A128KW, A192KW, A256KW, RSA-OAEP and RSA1_5 with A128CBC-HS256, A192CBC-HS384 and A256CBC-HS512.")
	}
	kid := sealed.Header.KeyID
	matching := func(k DecryptionKey) bool { return kid != "" && k.ID == kid }
	named := slices.ContainsFunc(keys, matching)
	var tried []string
	for _, k := range keys {
		if named && !matching(k) {
			continue
		}
		tried = append(tried, "KeyId: "+shown(k.ID))
		if payload, err = sealed.Decrypt(k.value); err == nil {
			return sealed.Header, payload, nil
		}
	}
	return header, nil, malformed(messageNotDecrypted(list(tried), err), fmt.Sprintf("None of the %d keys tried decrypts the token.", len(tried)))
}

// unsealed is a decrypted token that holds claims and no signed token: as good as an
// unsigned one.
func unsealed(header jose.Header, payload []byte, rules *Rules) (*verified, *Error) {
	if rules.RequireSigned {
		return nil, badSignature(messageUnsigned, always("The token is encrypted but not signed, and these rules require a signature."))
	}
	t := &Token{Algorithm: algNone, KeyID: header.KeyID, Header: map[string]any{"alg": header.Algorithm}}
	var err error
	if t.RawClaims, t.Claims, err = decodeJSON(payload); err == nil {
		err = t.readClaims()
	}
	if err != nil {
		return nil, malformed(messagePayload, "What the token encrypts is not usable: "+err.Error()+".")
	}
	t.Warnings = []string{"the token is not signed: whoever has the key to encrypt can have made it"}
	return &verified{token: t}, nil
}
