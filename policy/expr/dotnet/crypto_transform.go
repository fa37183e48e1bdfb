package dotnet

import (
	"crypto/cipher"
	"crypto/subtle"
	"slices"
)

// CipherTransform is an ICryptoTransform that encrypts or decrypts.
type CipherTransform struct {
	block   cipher.Block
	encrypt bool
	chained bool // CBC, else ECB
	padding PaddingMode
	first   []byte // the initialization vector

	last []byte // the encrypted block before
	held []byte // of what is decrypted the last block, which may be padding
}

// BlockSize is InputBlockSize and OutputBlockSize, in bytes.
func (t *CipherTransform) BlockSize() int { return t.block.BlockSize() }

func (t *CipherTransform) reset() { t.last, t.held = slices.Clone(t.first), nil }

const (
	beyondBuffer  = "Attempt to transform beyond end of buffer."
	partialBlock  = "The input data is not a complete block."
	brokenPadding = "Padding is invalid and cannot be removed."
)

// transformPart is the part of a buffer that a transform is given.
func transformPart(in []byte, present bool, offset, count int32) ([]byte, error) {
	switch {
	case !present:
		return nil, ArgumentNull("inputBuffer")
	case offset < 0 || int(offset) > len(in):
		return nil, ArgumentOutOfRange("inputOffset", outOfRange)
	case count < 0:
		return nil, ArgumentOutOfRange("inputCount", outOfRange)
	case int(count) > len(in)-int(offset):
		return nil, ArgumentOutOfRange("inputCount", beyondBuffer)
	}
	return in[offset : offset+count], nil
}

// TransformBlock transforms whole blocks into a buffer and gives how many bytes
// there are; nil buffers are null.
func (t *CipherTransform) TransformBlock(in []byte, offset, count int32, out []byte, outOffset int32) (int32, error) {
	size := int32(t.BlockSize())
	switch {
	case in == nil:
		return 0, ArgumentNull("inputBuffer")
	case offset < 0 || int(offset) > len(in):
		return 0, ArgumentOutOfRange("inputOffset", outOfRange)
	case count <= 0:
		return 0, ArgumentOutOfRange("inputCount", outOfRange)
	case count%size != 0:
		return 0, ArgumentOutOfRange("inputCount", "TransformBlock may only process bytes in block sized increments.")
	}
	data, err := transformPart(in, true, offset, count)
	switch {
	case err != nil:
		return 0, err
	case out == nil:
		return 0, ArgumentNull("outputBuffer")
	case int(outOffset) > len(out):
		return 0, ArgumentOutOfRange("outputOffset", outOfRange)
	case outOffset < 0:
		return 0, NewException("System.ArgumentOutOfRangeException", outOfRange)
	case int(count) > len(out)-int(outOffset):
		return 0, ArgumentOutOfRange("outputOffset", beyondBuffer)
	}
	data = slices.Clone(data)
	if t.holds() {
		data = append(t.held, data...)
		t.held = slices.Clone(data[len(data)-int(size):])
		data = data[:len(data)-int(size)]
	}
	t.crypt(data)
	copy(out[outOffset:], data)
	return int32(len(data)), nil
}

// holds reports whether the last block may be padding to be removed.
func (t *CipherTransform) holds() bool {
	return !t.encrypt && t.padding != PaddingNone && t.padding != PaddingZeros
}

// crypt encrypts or decrypts whole blocks in place.
func (t *CipherTransform) crypt(data []byte) {
	size := t.BlockSize()
	for b := data; len(b) > 0; b = b[size:] {
		block := b[:size]
		switch {
		case !t.chained && t.encrypt:
			t.block.Encrypt(block, block)
		case !t.chained:
			t.block.Decrypt(block, block)
		case t.encrypt:
			subtle.XORBytes(block, block, t.last)
			t.block.Encrypt(block, block)
			copy(t.last, block)
		default:
			before := t.last
			t.last = slices.Clone(block)
			t.block.Decrypt(block, block)
			subtle.XORBytes(block, block, before)
		}
	}
}

// TransformFinalBlock transforms the rest, with its padding. After that the
// transform is as new.
func (t *CipherTransform) TransformFinalBlock(in []byte, offset, count int32) ([]byte, error) {
	data, err := transformPart(in, in != nil, offset, count)
	if err != nil {
		return nil, err
	}
	data = append(slices.Clone(t.held), data...)
	defer t.reset()
	if t.encrypt {
		if data, err = t.pad(data); err != nil {
			return nil, err
		}
		t.crypt(data)
		return data, nil
	}
	if len(data)%t.BlockSize() != 0 {
		return nil, CryptographicException(partialBlock)
	}
	t.crypt(data)
	if data, err = t.unpad(data); data == nil && err == nil {
		data = []byte{}
	}
	return data, err
}

func (t *CipherTransform) pad(data []byte) ([]byte, error) {
	size := t.BlockSize()
	n := size - len(data)%size
	filling := make([]byte, n)
	switch t.padding {
	case PaddingNone, PaddingZeros:
		switch {
		case n == size:
			return data, nil
		case t.padding == PaddingNone:
			return nil, CryptographicException(partialBlock)
		}
		return append(data, filling...), nil
	case PaddingISO10126:
		copy(filling, RandomBytes(n))
	case PaddingPKCS7:
		for i := range filling {
			filling[i] = byte(n)
		}
	}
	filling[n-1] = byte(n)
	return append(data, filling...), nil
}

func (t *CipherTransform) unpad(data []byte) ([]byte, error) {
	if !t.holds() || len(data) == 0 {
		return data, nil
	}
	n := int(data[len(data)-1])
	if n == 0 || n > t.BlockSize() {
		return nil, CryptographicException(brokenPadding)
	}
	start := len(data) - n
	for _, b := range data[start : len(data)-1] {
		if t.padding == PaddingPKCS7 && b != byte(n) || t.padding == PaddingANSIX923 && b != 0 {
			return nil, CryptographicException(brokenPadding)
		}
	}
	return data[:start], nil
}
