package expr

import (
	"crypto/rsa"
	"crypto/x509"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// rsaObject is an RSA: a key, which is made when it is first used.
type rsaObject struct {
	class   string
	size    int32 // of the key to be made, in bits
	public  *rsa.PublicKey
	private *rsa.PrivateKey
}

// DotnetType is part of Object.
func (r *rsaObject) DotnetType() *Type { return typeOf(cryptoNamespace + r.class) }

// ToString is part of Texter.
func (r *rsaObject) ToString(*Machine) (string, error) {
	if r.class == "RSA" {
		return cryptoNamespace + "RSAImplementation+RSACng", nil
	}
	return cryptoNamespace + r.class, nil
}

// key is the key; it is made if there is none yet.
func (r *rsaObject) key(m *Machine) (*rsa.PublicKey, error) {
	if r.public != nil {
		return r.public, nil
	}
	err := m.timed(func() error {
		key, err := dotnet.GenerateRSA(int(r.size))
		if err == nil {
			r.private, r.public = key, &key.PublicKey
		}
		return err
	})
	return r.public, err
}

// privateKey is the private key, or that there is none.
func (r *rsaObject) privateKey(m *Machine) (*rsa.PrivateKey, error) {
	if _, err := r.key(m); err != nil {
		return nil, err
	}
	if r.private == nil {
		return nil, dotnet.CryptographicException("Error occurred during a cryptographic operation.")
	}
	return r.private, nil
}

func (r *rsaObject) take(p dotnet.RSAParameters) error {
	public, private, err := p.Key()
	if err != nil {
		return err
	}
	r.public, r.private, r.size = public, private, int32(8*public.Size())
	return nil
}

// checkRSASize checks the size of a key in bits.
func checkRSASize(size int32) error {
	if size < 512 || size > 16384 || size%8 != 0 {
		return dotnet.CryptographicException("Specified key is not a valid size for this algorithm.")
	}
	return nil
}

// newRSA makes an RSA of a class with a size given as the first argument, or else
// the usual one.
func newRSA(class string, usual int32) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		r := &rsaObject{class: class, size: usual}
		if len(a) > 0 {
			r.size = a[0].(int32)
		}
		if err := checkRSASize(r.size); err != nil {
			return nil, err
		}
		return r, nil
	}
}

var _ = declare("abstract class "+cryptoNamespace+"AsymmetricAlgorithm : System.IDisposable", func() []memberDecl {
	return []memberDecl{
		member("static AsymmetricAlgorithm Create()", notChosen),
		member("static AsymmetricAlgorithm Create(string algName)", algorithmNamed("AsymmetricAlgorithm")),
		member("int KeySize { get; set; }", func(_ *Machine, a []any) (any, error) { return a[0].(*rsaObject).size, nil }, func(_ *Machine, a []any) (any, error) {
			r := a[0].(*rsaObject)
			if r.size == a[1].(int32) {
				return nil, nil
			}
			if err := checkRSASize(a[1].(int32)); err != nil {
				return nil, err
			}
			r.size, r.public, r.private = a[1].(int32), nil, nil
			return nil, nil
		}),
		member("KeySizes[] LegalKeySizes { get; }", func(*Machine, []any) (any, error) { return keySizesOf(512, 16384, 8), nil }),
		member("string KeyExchangeAlgorithm { get; }", always("RSA")),
		member("string SignatureAlgorithm { get; }", always("RSA")),
		member("string ToXmlString(bool includePrivateParameters)", func(m *Machine, a []any) (any, error) {
			p, err := exportRSA(m, a[0].(*rsaObject), a[1].(bool))
			if err != nil {
				return nil, err
			}
			s := p.XML()
			return s, m.Allocate(len(s))
		}),
		member("void FromXmlString(string xmlString)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "xmlString"); err != nil {
				return nil, err
			}
			p, err := dotnet.ParseRSAParameters(a[1].(string))
			if err != nil {
				return nil, err
			}
			return nil, a[0].(*rsaObject).take(p)
		}),
		member("void Clear()", always(nil)),
		member("void Dispose()", always(nil)),
	}
})

func exportRSA(m *Machine, r *rsaObject, private bool) (dotnet.RSAParameters, error) {
	public, err := r.key(m)
	if err != nil || !private {
		return dotnet.ParametersOf(public, nil), err
	}
	if r.private == nil {
		return dotnet.RSAParameters{}, dotnet.CryptographicException("Object contains only the public half of a key pair. A private key must also be provided.")
	}
	return dotnet.ParametersOf(public, r.private), nil
}

var _ = declare("abstract class "+cryptoNamespace+"RSA : "+cryptoNamespace+"AsymmetricAlgorithm", func() []memberDecl {
	return []memberDecl{
		member("static RSA Create()", newRSA("RSA", 2048)),
		member("static RSA Create(int keySizeInBits)", newRSA("RSA", 2048)),
		member("static RSA Create(RSAParameters parameters)", func(_ *Machine, a []any) (any, error) {
			r := &rsaObject{class: "RSA"}
			return r, r.take(a[0].(*rsaParameters).RSAParameters)
		}),
		member("static RSA Create(string algName)", algorithmNamed("RSA")),
		member("RSAParameters ExportParameters(bool includePrivateParameters)", func(m *Machine, a []any) (any, error) {
			p, err := exportRSA(m, a[0].(*rsaObject), a[1].(bool))
			return &rsaParameters{p}, err
		}),
		member("void ImportParameters(RSAParameters parameters)", func(_ *Machine, a []any) (any, error) {
			return nil, a[0].(*rsaObject).take(a[1].(*rsaParameters).RSAParameters)
		}),
		member("byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", rsaSignData),
		member("byte[] SignData(byte[] data, int offset, int count, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", rsaSignData),
		member("byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "hash", "", "padding"); err != nil {
				return nil, err
			}
			return rsaSign(m, a[0].(*rsaObject), bytesArg(a[1]), a[2], a[3])
		}),
		member("bool VerifyData(byte[] data, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", rsaVerifyData),
		member("bool VerifyData(byte[] data, int offset, int count, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", rsaVerifyData),
		member("bool VerifyHash(byte[] hash, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "hash", "signature", "", "padding"); err != nil {
				return nil, err
			}
			return rsaVerify(m, a[0].(*rsaObject), bytesArg(a[1]), bytesArg(a[2]), a[3], a[4])
		}),
		member("byte[] Encrypt(byte[] data, RSAEncryptionPadding padding)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "data", "padding"); err != nil {
				return nil, err
			}
			return rsaEncrypt(m, a[0].(*rsaObject), bytesArg(a[1]), a[2].(*paddingObject).RSAPadding)
		}),
		member("byte[] Decrypt(byte[] data, RSAEncryptionPadding padding)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "data", "padding"); err != nil {
				return nil, err
			}
			return rsaDecrypt(m, a[0].(*rsaObject), bytesArg(a[1]), a[2].(*paddingObject).RSAPadding)
		}),
		rsaExport("ExportRSAPublicKey", false, func(r *rsaObject) ([]byte, error) { return x509.MarshalPKCS1PublicKey(r.public), nil }),
		rsaExport("ExportSubjectPublicKeyInfo", false, func(r *rsaObject) ([]byte, error) { return x509.MarshalPKIXPublicKey(r.public) }),
		rsaExport("ExportRSAPrivateKey", true, func(r *rsaObject) ([]byte, error) { return x509.MarshalPKCS1PrivateKey(r.private), nil }),
		rsaExport("ExportPkcs8PrivateKey", true, func(r *rsaObject) ([]byte, error) { return x509.MarshalPKCS8PrivateKey(r.private) }),
		rsaImport("ImportRSAPublicKey", func(b []byte) (any, error) { return x509.ParsePKCS1PublicKey(b) }),
		rsaImport("ImportSubjectPublicKeyInfo", x509.ParsePKIXPublicKey),
		rsaImport("ImportRSAPrivateKey", func(b []byte) (any, error) { return x509.ParsePKCS1PrivateKey(b) }),
		rsaImport("ImportPkcs8PrivateKey", x509.ParsePKCS8PrivateKey),
	}
})

// rsaExport declares a method that gives a key as DER.
func rsaExport(name string, private bool, marshal func(*rsaObject) ([]byte, error)) memberDecl {
	return member("byte[] "+name+"()", func(m *Machine, a []any) (any, error) {
		r := a[0].(*rsaObject)
		_, err := r.key(m)
		if err == nil && private {
			_, err = r.privateKey(m)
		}
		if err != nil {
			return nil, err
		}
		b, err := marshal(r)
		return bytesResult(m, b, err)
	})
}

// rsaImport declares a method that takes a key as DER. In .NET Core it takes a
// ReadOnlySpan<byte>, which a byte[] becomes.
func rsaImport(name string, parse func([]byte) (any, error)) memberDecl {
	return member("void "+name+"(byte[] source, out int bytesRead)", func(_ *Machine, a []any) (any, error) {
		r := a[0].(*rsaObject)
		key, err := parse(bytesArg(a[1]))
		switch key := key.(type) {
		case *rsa.PublicKey:
			r.public, r.private = key, nil
		case *rsa.PrivateKey:
			r.public, r.private = &key.PublicKey, key
		default:
			err = dotnet.CryptographicException("ASN1 corrupted data.")
		}
		if err != nil {
			return nil, dotnet.CryptographicException("ASN1 corrupted data.")
		}
		r.size = int32(8 * r.public.Size())
		a[2].(*Ref).Value = int32(len(bytesArg(a[1])))
		return nil, nil
	})
}

func rsaSignData(m *Machine, a []any) (any, error) {
	if err := notNull(a[1:], "data"); err != nil {
		return nil, err
	}
	last := len(a) - 1
	data, err := rsaData(a[1], a[2:last-1])
	if err != nil {
		return nil, err
	}
	digest, err := rsaDigest(m, data, a[last-1], a[last])
	if err != nil {
		return nil, err
	}
	return rsaSign(m, a[0].(*rsaObject), digest, a[last-1], a[last])
}

func rsaVerifyData(m *Machine, a []any) (any, error) {
	last := len(a) - 1
	if err := notNull(a[1:2], "data"); err != nil {
		return nil, err
	}
	if err := notNull(a[last-2:], "signature"); err != nil {
		return nil, err
	}
	data, err := rsaData(a[1], a[2:last-2])
	if err != nil {
		return nil, err
	}
	digest, err := rsaDigest(m, data, a[last-1], a[last])
	if err != nil {
		return nil, err
	}
	return rsaVerify(m, a[0].(*rsaObject), digest, bytesArg(a[last-2]), a[last-1], a[last])
}

// rsaData is the part of the data that offset and count say, if there are any.
func rsaData(data any, part []any) ([]byte, error) {
	b := bytesArg(data)
	if len(part) == 0 {
		return b, nil
	}
	offset, count := intArg(part[0]), intArg(part[1])
	switch {
	case offset < 0 || offset > len(b):
		return nil, dotnet.ArgumentOutOfRange("offset", outOfRange)
	case count < 0 || count > len(b)-offset:
		return nil, dotnet.ArgumentOutOfRange("count", outOfRange)
	}
	return b[offset : offset+count], nil
}

func rsaDigest(m *Machine, data []byte, name, padding any) ([]byte, error) {
	hash := text(name.(hashNameObject).name)
	switch {
	case hash == "":
		return nil, dotnet.Argument("The hash algorithm name cannot be null or empty.", "hashAlgorithm")
	case padding == nil:
		return nil, dotnet.ArgumentNull("padding")
	}
	if err := m.Spend(len(data) / hashedPerStep); err != nil {
		return nil, err
	}
	return dotnet.HashData(hash, data)
}

func rsaSign(m *Machine, r *rsaObject, digest []byte, name, padding any) (any, error) {
	key, err := r.privateKey(m)
	if err != nil {
		return nil, err
	}
	var b []byte
	err = m.timed(func() (err error) {
		b, err = dotnet.SignRSA(key, digest, text(name.(hashNameObject).name), padding.(*paddingObject).RSAPadding)
		return err
	})
	return bytesResult(m, b, err)
}

func rsaVerify(m *Machine, r *rsaObject, digest, signature []byte, name, padding any) (any, error) {
	key, err := r.key(m)
	if err != nil {
		return nil, err
	}
	valid := false
	err = m.timed(func() (err error) {
		valid, err = dotnet.VerifyRSA(key, digest, signature, text(name.(hashNameObject).name), padding.(*paddingObject).RSAPadding)
		return err
	})
	return valid, err
}

func rsaEncrypt(m *Machine, r *rsaObject, data []byte, padding dotnet.RSAPadding) (any, error) {
	key, err := r.key(m)
	if err != nil {
		return nil, err
	}
	var b []byte
	err = m.timed(func() (err error) { b, err = dotnet.EncryptRSA(key, data, padding); return err })
	return bytesResult(m, b, err)
}

func rsaDecrypt(m *Machine, r *rsaObject, data []byte, padding dotnet.RSAPadding) (any, error) {
	key, err := r.privateKey(m)
	if err != nil {
		return nil, err
	}
	var b []byte
	err = m.timed(func() (err error) { b, err = dotnet.DecryptRSA(key, data, padding); return err })
	return bytesResult(m, b, err)
}
