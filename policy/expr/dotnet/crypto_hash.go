package dotnet

import (
	"crypto/hmac"
	"crypto/md5"  // expressions may use it
	"crypto/sha1" // and this
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"slices"
)

// HashFunction makes a hash of the name that .NET has for it: MD5, SHA1, SHA256,
// SHA384 or SHA512; nil for others.
func HashFunction(name string) func() hash.Hash {
	switch name {
	case "MD5":
		return md5.New
	case "SHA1":
		return sha1.New
	case "SHA256":
		return sha256.New
	case "SHA384":
		return sha512.New384
	case "SHA512":
		return sha512.New
	}
	return nil
}

// Hash is a HashAlgorithm: SHA256, HMACSHA256 and so on.
type Hash struct {
	name     string
	make     func() hash.Hash
	state    hash.Hash
	value    []byte // of what was hashed last
	begun    bool   // there are blocks whose hash is not asked for yet
	disposed bool

	keyed bool
	key   []byte
}

// NewHash is the hash of a name that [HashFunction] knows.
func NewHash(name string) *Hash {
	h := &Hash{name: name, make: HashFunction(name)}
	h.state = h.make()
	return h
}

// NewHMAC is HMAC with the hash of a name.
func NewHMAC(name string, key []byte) *Hash {
	h := &Hash{name: name, make: HashFunction(name), keyed: true}
	h.SetKey(key)
	return h
}

// Name is the hash's name, of HMAC that of the hash it is made with.
func (h *Hash) Name() string { return h.name }

// Size is HashSize, in bits.
func (h *Hash) Size() int32 { return int32(8 * h.state.Size()) }

// BlockSize is how many bytes a key is filled up to.
func (h *Hash) BlockSize() int { return h.state.BlockSize() }

// Key is a copy of HMAC's key.
func (h *Hash) Key() []byte { return slices.Clone(h.key) }

// SetKey is HMAC's key; one longer than a block counts as its hash.
func (h *Hash) SetKey(key []byte) {
	if plain := h.make(); len(key) > plain.BlockSize() {
		plain.Write(key)
		key = plain.Sum(nil)
	}
	h.key = append([]byte{}, key...)
	h.Reset()
}

// Reset is Initialize.
func (h *Hash) Reset() {
	h.begun = false
	if h.keyed {
		h.state = hmac.New(h.make, h.key)
	} else {
		h.state = h.make()
	}
}

// Dispose makes the hash unusable.
func (h *Hash) Dispose() { h.disposed, h.value = true, nil }

// Value is Hash: nil before anything was hashed.
func (h *Hash) Value() ([]byte, error) {
	switch {
	case h.disposed:
		return nil, objectDisposed()
	case h.begun:
		return nil, NewException("System.Security.Cryptography.CryptographicUnexpectedOperationException",
			"Hash must be finalized before the hash value is retrieved.")
	}
	return slices.Clone(h.value), nil
}

// CheckDisposed tells of a hash that was disposed of.
func (h *Hash) CheckDisposed() error {
	if h.disposed {
		return objectDisposed()
	}
	return nil
}

func objectDisposed() *Exception {
	return NewException("System.ObjectDisposedException", "Cannot access a disposed object.")
}

// Compute is ComputeHash.
func (h *Hash) Compute(data []byte) ([]byte, error) {
	if h.disposed {
		return nil, objectDisposed()
	}
	h.state.Write(data)
	h.finish()
	return slices.Clone(h.value), nil
}

// Write is TransformBlock.
func (h *Hash) Write(data []byte) error {
	if h.disposed {
		return objectDisposed()
	}
	h.begun = true
	h.state.Write(data)
	return nil
}

// Finish is TransformFinalBlock.
func (h *Hash) Finish(data []byte) error {
	if h.disposed {
		return objectDisposed()
	}
	h.state.Write(data)
	h.finish()
	return nil
}

func (h *Hash) finish() {
	h.value = h.state.Sum(nil)
	h.state.Reset()
	h.begun = false
}

// BufferPart is the part of a buffer, nil for null, that a HashAlgorithm's method
// is given.
func BufferPart(buffer []byte, offset, count int32, param, offsetParam string) ([]byte, error) {
	switch {
	case buffer == nil:
		return nil, ArgumentNull(param)
	case offset < 0:
		return nil, ArgumentOutOfRange(offsetParam, nonNegativeNeeded)
	case count < 0 || int(count) > len(buffer):
		return nil, Argument("Value was invalid.", "")
	case len(buffer)-int(count) < int(offset):
		return nil, Argument("Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.", "")
	}
	return buffer[offset : offset+count], nil
}
