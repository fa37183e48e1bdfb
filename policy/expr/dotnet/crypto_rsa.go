package dotnet

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"hash"
	"math/big"
)

// RSAParameters are an RSA key's numbers, each with its most significant byte
// first; those of the private part are nil where there is none.
type RSAParameters struct{ Modulus, Exponent, D, P, Q, DP, DQ, InverseQ []byte }

// RSAPadding is how a message is filled up to the size of the key.
type RSAPadding struct {
	// Newer says Pss for a signature and Oaep for encryption, else Pkcs1.
	Newer bool
	Hash  string // of Oaep
}

// goHash is the hash of a HashAlgorithmName.
func goHash(name string) (crypto.Hash, error) {
	switch name {
	case "MD5":
		return crypto.MD5, nil
	case "SHA1":
		return crypto.SHA1, nil
	case "SHA256":
		return crypto.SHA256, nil
	case "SHA384":
		return crypto.SHA384, nil
	case "SHA512":
		return crypto.SHA512, nil
	case "":
		return 0, Argument("The hash algorithm name cannot be null or empty.", "hashAlgorithm")
	}
	return 0, CryptographicException("'" + name + "' is not a known hash algorithm.")
}

// HashData is the hash of data by the name of a hash.
func HashData(name string, data []byte) ([]byte, error) {
	if _, err := goHash(name); err != nil {
		return nil, err
	}
	h := HashFunction(name)()
	h.Write(data)
	return h.Sum(nil), nil
}

// SignRSA is RSA.SignHash.
func SignRSA(key *rsa.PrivateKey, digest []byte, name string, padding RSAPadding) ([]byte, error) {
	h, err := goHash(name)
	if err != nil {
		return nil, err
	}
	if len(digest) != h.Size() {
		return nil, CryptographicException("Error occurred during a cryptographic operation.")
	}
	var signature []byte
	if padding.Newer {
		signature, err = rsa.SignPSS(rand.Reader, key, h, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	} else {
		signature, err = rsa.SignPKCS1v15(rand.Reader, key, h, digest)
	}
	return signature, rsaError(err)
}

// VerifyRSA is RSA.VerifyHash.
func VerifyRSA(key *rsa.PublicKey, digest, signature []byte, name string, padding RSAPadding) (bool, error) {
	h, err := goHash(name)
	if err != nil {
		return false, err
	}
	if padding.Newer {
		err = rsa.VerifyPSS(key, h, digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	} else {
		err = rsa.VerifyPKCS1v15(key, h, digest, signature)
	}
	return err == nil, nil
}

// EncryptRSA is RSA.Encrypt.
func EncryptRSA(key *rsa.PublicKey, data []byte, padding RSAPadding) ([]byte, error) {
	var b []byte
	var err error
	if padding.Newer {
		var h hash.Hash
		if h, err = oaepHash(padding); err == nil {
			b, err = rsa.EncryptOAEP(h, rand.Reader, key, data, nil)
		}
	} else {
		b, err = rsa.EncryptPKCS1v15(rand.Reader, key, data) //lint:ignore SA1019 a policy that asks for this padding gets it, as in .NET
	}
	return b, rsaError(err)
}

// DecryptRSA is RSA.Decrypt.
func DecryptRSA(key *rsa.PrivateKey, data []byte, padding RSAPadding) ([]byte, error) {
	if len(data) != key.Size() {
		return nil, CryptographicException("The length of the data to decrypt is not valid for the size of this key.")
	}
	var b []byte
	var err error
	if padding.Newer {
		var h hash.Hash
		if h, err = oaepHash(padding); err == nil {
			b, err = rsa.DecryptOAEP(h, rand.Reader, key, data, nil)
		}
	} else {
		b, err = rsa.DecryptPKCS1v15(rand.Reader, key, data) //lint:ignore SA1019 a policy that asks for this padding gets it, as in .NET
	}
	return b, rsaError(err)
}

func oaepHash(padding RSAPadding) (hash.Hash, error) {
	if _, err := goHash(padding.Hash); err != nil {
		return nil, err
	}
	return HashFunction(padding.Hash)(), nil
}

// rsaError is a failure as .NET throws it; its own messages are OpenSSL's.
func rsaError(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Exception); ok {
		return e
	}
	return CryptographicException(err.Error())
}

// GenerateRSA makes a key.
func GenerateRSA(bits int) (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	return key, rsaError(err)
}

// Key makes the key of the parameters: the private one is nil if they are of a
// public one.
func (p RSAParameters) Key() (*rsa.PublicKey, *rsa.PrivateKey, error) {
	if p.Modulus == nil || p.Exponent == nil {
		return nil, nil, CryptographicException("Value was invalid.")
	}
	e := new(big.Int).SetBytes(p.Exponent)
	if !e.IsInt64() || e.Int64() >= 1<<31 {
		return nil, nil, CryptographicException("The exponent of the key is too large.")
	}
	public := rsa.PublicKey{N: new(big.Int).SetBytes(p.Modulus), E: int(e.Int64())}
	if p.D == nil {
		return &public, nil, nil
	}
	if p.P == nil || p.Q == nil || p.DP == nil || p.DQ == nil || p.InverseQ == nil {
		return nil, nil, CryptographicException("Value was invalid.")
	}
	key := &rsa.PrivateKey{PublicKey: public, D: new(big.Int).SetBytes(p.D), Primes: []*big.Int{new(big.Int).SetBytes(p.P), new(big.Int).SetBytes(p.Q)}}
	if err := key.Validate(); err != nil {
		return nil, nil, CryptographicException("The specified RSA parameters are not valid: " + err.Error())
	}
	key.Precompute()
	return &key.PublicKey, key, nil
}

// ParametersOf are a key's parameters; private is nil if there is none, or if it
// is not wanted.
func ParametersOf(public *rsa.PublicKey, private *rsa.PrivateKey) RSAParameters {
	p := RSAParameters{Modulus: public.N.Bytes(), Exponent: big.NewInt(int64(public.E)).Bytes()}
	if private == nil || len(private.Primes) != 2 {
		return p
	}
	private.Precompute()
	half := (len(p.Modulus) + 1) / 2
	p.D = private.D.FillBytes(make([]byte, len(p.Modulus)))
	p.P, p.Q = filled(private.Primes[0], half), filled(private.Primes[1], half)
	p.DP, p.DQ, p.InverseQ = filled(private.Precomputed.Dp, half), filled(private.Precomputed.Dq, half), filled(private.Precomputed.Qinv, half)
	return p
}

func filled(n *big.Int, length int) []byte {
	return n.FillBytes(make([]byte, max(length, len(n.Bytes()))))
}
