package dotnet

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" // expressions may use it
	"crypto/rand"
	"slices"
)

// CipherMode is System.Security.Cryptography.CipherMode.
type CipherMode int32

// PaddingMode is System.Security.Cryptography.PaddingMode.
type PaddingMode int32

// The modes and paddings.
const (
	CipherCBC CipherMode = 1
	CipherECB CipherMode = 2
	CipherCFB CipherMode = 4

	PaddingNone     PaddingMode = 1
	PaddingPKCS7    PaddingMode = 2
	PaddingZeros    PaddingMode = 3
	PaddingANSIX923 PaddingMode = 4
	PaddingISO10126 PaddingMode = 5
)

// CipherKind is what the symmetric algorithms differ in.
type CipherKind struct {
	Name      string
	BlockSize int   // in bytes
	KeySizes  []int // that are allowed, in bytes, the usual one last
	make      func(key []byte) (cipher.Block, error)
	weak      func(key []byte) bool
	// argument tells that a key of a wrong size is an ArgumentException.
	argument bool
}

// The symmetric algorithms.
var (
	CipherAES       = &CipherKind{"AES", 16, []int{16, 24, 32}, aes.NewCipher, nil, false}
	CipherDES       = &CipherKind{"DES", 8, []int{8}, des.NewCipher, WeakDES, true}
	CipherTripleDES = &CipherKind{"TripleDES", 8, []int{16, 24}, tripleDES, WeakTripleDES, true}
)

// tripleDES takes a key of two parts, too: the first is the third.
func tripleDES(key []byte) (cipher.Block, error) {
	if len(key) == 16 {
		key = append(slices.Clone(key), key[:8]...)
	}
	return des.NewTripleDESCipher(key)
}

// WeakTripleDES reports whether a key does no more than DES.
func WeakTripleDES(key []byte) bool {
	key = withParity(key)
	return len(key) >= 16 && bytes.Equal(key[:8], key[8:16]) || len(key) == 24 && bytes.Equal(key[8:16], key[16:])
}

// WeakDES reports whether a key is one of DES's weak ones, which undo themselves.
func WeakDES(key []byte) bool {
	switch string(withParity(key)) {
	case "\x01\x01\x01\x01\x01\x01\x01\x01", "\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe", "\x1f\x1f\x1f\x1f\x0e\x0e\x0e\x0e", "\xe0\xe0\xe0\xe0\xf1\xf1\xf1\xf1":
		return true
	}
	return false
}

// SemiWeakDES reports whether a key is one of those that come in pairs of which
// one undoes the other.
func SemiWeakDES(key []byte) bool {
	switch string(withParity(key)) {
	case "\x01\xfe\x01\xfe\x01\xfe\x01\xfe", "\xfe\x01\xfe\x01\xfe\x01\xfe\x01", "\x1f\xe0\x1f\xe0\x0e\xf1\x0e\xf1", "\xe0\x1f\xe0\x1f\xf1\x0e\xf1\x0e",
		"\x01\xe0\x01\xe0\x01\xf1\x01\xf1", "\xe0\x01\xe0\x01\xf1\x01\xf1\x01", "\x1f\xfe\x1f\xfe\x0e\xfe\x0e\xfe", "\xfe\x1f\xfe\x1f\xfe\x0e\xfe\x0e",
		"\x01\x1f\x01\x1f\x01\x0e\x01\x0e", "\x1f\x01\x1f\x01\x0e\x01\x0e\x01", "\xe0\xfe\xe0\xfe\xf1\xfe\xf1\xfe", "\xfe\xe0\xfe\xe0\xfe\xf1\xfe\xf1":
		return true
	}
	return false
}

// withParity is a key with the lowest bit of each byte, which doesn't count, set
// so that an odd number of bits is.
func withParity(key []byte) []byte {
	key = slices.Clone(key)
	for i, b := range key {
		bits := byte(0)
		for x := b &^ 1; x != 0; x >>= 1 {
			bits ^= x & 1
		}
		key[i] = b&^1 | bits ^ 1
	}
	return key
}

// Cipher is a SymmetricAlgorithm.
type Cipher struct {
	Kind     *CipherKind
	key, iv  []byte // nil before they are set or asked for
	size     int    // of the key, in bytes
	mode     CipherMode
	padding  PaddingMode
	feedback int32
}

// NewCipher is an algorithm with .NET's defaults: CBC and PKCS7.
func NewCipher(kind *CipherKind, feedback int32) *Cipher {
	return &Cipher{Kind: kind, size: kind.KeySizes[len(kind.KeySizes)-1], mode: CipherCBC, padding: PaddingPKCS7, feedback: feedback}
}

// CryptographicException is a failure of cryptography.
func CryptographicException(message string) *Exception {
	return NewException("System.Security.Cryptography.CryptographicException", message)
}

const (
	badKeySize   = "Specified key is not a valid size for this algorithm."
	badIVSize    = "Specified initialization vector (IV) does not match the block size for this algorithm."
	badMode      = "Specified cipher mode is not valid for this algorithm."
	badPadding   = "Specified padding mode is not valid for this algorithm."
	badBlockSize = "Specified block size is not valid for this algorithm."
	badFeedback  = "Specified feedback size is not valid for this algorithm."
)

// Mode is CipherMode.
func (c *Cipher) Mode() CipherMode { return c.mode }

// SetMode changes it. CFB can be set but not be used, as in .NET Core 3.1.
func (c *Cipher) SetMode(mode CipherMode) error {
	if mode != CipherCBC && mode != CipherECB && mode != CipherCFB {
		return CryptographicException(badMode)
	}
	c.mode = mode
	return nil
}

// Padding is PaddingMode.
func (c *Cipher) Padding() PaddingMode { return c.padding }

// SetPadding changes it.
func (c *Cipher) SetPadding(padding PaddingMode) error {
	if padding < PaddingNone || padding > PaddingISO10126 {
		return CryptographicException(badPadding)
	}
	c.padding = padding
	return nil
}

// Feedback is FeedbackSize, in bits.
func (c *Cipher) Feedback() int32 { return c.feedback }

// SetFeedback changes it.
func (c *Cipher) SetFeedback(bits int32) error {
	if bits <= 0 || int(bits) > c.Kind.BlockSize*8 || bits%8 != 0 {
		return CryptographicException(badFeedback)
	}
	c.feedback = bits
	return nil
}

// SetBlockSize takes the one size that there is.
func (c *Cipher) SetBlockSize(bits int32) error {
	if int(bits) != c.Kind.BlockSize*8 {
		return CryptographicException(badBlockSize)
	}
	return nil
}

// KeySize is the key's size in bits.
func (c *Cipher) KeySize() int32 { return int32(c.size * 8) }

// ValidKeySize reports whether a key may have as many bits.
func (c *Cipher) ValidKeySize(bits int32) bool {
	return bits%8 == 0 && slices.Contains(c.Kind.KeySizes, int(bits/8))
}

// SetKeySize changes it; the key is made anew.
func (c *Cipher) SetKeySize(bits int32) error {
	if !c.ValidKeySize(bits) {
		return CryptographicException(badKeySize)
	}
	c.size, c.key = int(bits/8), nil
	return nil
}

// Key is the key, which is made at random if none is set.
func (c *Cipher) Key() []byte {
	if c.key == nil {
		c.GenerateKey()
	}
	return slices.Clone(c.key)
}

// GenerateKey makes a key at random.
func (c *Cipher) GenerateKey() {
	for c.key = nil; c.key == nil || c.Kind.weak != nil && c.Kind.weak(c.key); {
		c.key = RandomBytes(c.size)
	}
}

// IV is the initialization vector, which is made at random if none is set.
func (c *Cipher) IV() []byte {
	if c.iv == nil {
		c.GenerateIV()
	}
	return slices.Clone(c.iv)
}

// GenerateIV makes an initialization vector at random.
func (c *Cipher) GenerateIV() { c.iv = RandomBytes(c.Kind.BlockSize) }

// RandomBytes are n bytes that nobody can guess.
func RandomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // which never fails
	return b
}

// SetKey sets a key, nil for null.
func (c *Cipher) SetKey(key []byte) error {
	switch {
	case key == nil:
		return ArgumentNull("value")
	case !c.ValidKeySize(int32(len(key)) * 8):
		if c.Kind.argument {
			return Argument(badKeySize, "")
		}
		return CryptographicException(badKeySize)
	}
	if err := c.checkWeak(key); err != nil {
		return err
	}
	c.key, c.size = slices.Clone(key), len(key)
	return nil
}

func (c *Cipher) checkWeak(key []byte) error {
	switch {
	case c.Kind.weak != nil && c.Kind.weak(key):
		return CryptographicException("Specified key is a known weak key for '" + c.Kind.Name + "' and cannot be used.")
	case c.Kind == CipherDES && SemiWeakDES(key):
		return CryptographicException("Specified key is a known semi-weak key for '" + c.Kind.Name + "' and cannot be used.")
	}
	return nil
}

// SetIV sets an initialization vector, nil for null.
func (c *Cipher) SetIV(iv []byte) error {
	switch {
	case iv == nil:
		return ArgumentNull("value")
	case len(iv) != c.Kind.BlockSize:
		return CryptographicException(badIVSize)
	}
	c.iv = slices.Clone(iv)
	return nil
}

// Transform is CreateEncryptor or CreateDecryptor with key and initialization
// vector, nil for null.
func (c *Cipher) Transform(encrypt bool, key, iv []byte) (*CipherTransform, error) {
	switch {
	case key == nil:
		return nil, ArgumentNull("rgbKey")
	case !c.ValidKeySize(int32(len(key)) * 8):
		return nil, Argument(badKeySize, "rgbKey")
	case iv != nil && len(iv) != c.Kind.BlockSize:
		return nil, Argument(badIVSize, "rgbIV")
	}
	switch {
	case c.mode == CipherCBC && iv == nil:
		return nil, CryptographicException("The cipher mode specified requires that an initialization vector (IV) be used.")
	case c.mode != CipherCBC && c.mode != CipherECB:
		return nil, CryptographicException(badMode)
	}
	block, err := c.Kind.make(key)
	if err != nil {
		return nil, CryptographicException(badKeySize)
	}
	t := &CipherTransform{block: block, encrypt: encrypt, chained: c.mode == CipherCBC, padding: c.padding, first: slices.Clone(iv)}
	t.reset()
	return t, nil
}
