package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// What the methods of RSA take: paddings and parameters; and RSA of the older
// kind.

var (
	_ = declareEnum("enum "+cryptoNamespace+"RSASignaturePaddingMode", EnumValue{"Pkcs1", 0}, EnumValue{"Pss", 1})
	_ = declareEnum("enum "+cryptoNamespace+"RSAEncryptionPaddingMode", EnumValue{"Pkcs1", 0}, EnumValue{"Oaep", 1})
)

// paddingObject is an RSASignaturePadding or RSAEncryptionPadding.
type paddingObject struct {
	class, text string
	dotnet.RSAPadding
}

// DotnetType is part of Object.
func (p *paddingObject) DotnetType() *Type { return typeOf(cryptoNamespace + p.class) }

// ToString is part of Texter.
func (p *paddingObject) ToString(*Machine) (string, error) { return p.text, nil }

// EqualTo is part of Equaler.
func (p *paddingObject) EqualTo(_ *Machine, other any) (bool, error) {
	o, ok := other.(*paddingObject)
	return ok && *o == *p, nil
}

var (
	signPkcs1    = &paddingObject{"RSASignaturePadding", "Pkcs1", dotnet.RSAPadding{}}
	signPss      = &paddingObject{"RSASignaturePadding", "Pss", dotnet.RSAPadding{Newer: true}}
	encryptPkcs1 = &paddingObject{"RSAEncryptionPadding", "Pkcs1", dotnet.RSAPadding{}}
)

func oaep(hash string) *paddingObject {
	return &paddingObject{"RSAEncryptionPadding", "Oaep" + hash, dotnet.RSAPadding{Newer: true, Hash: hash}}
}

// paddingMembers are those that both kinds have.
func paddingMembers(name string) []memberDecl {
	equal := func(m *Machine, a []any) (any, error) { return m.Equal(a[0], a[1]) }
	return []memberDecl{
		member("static bool operator ==("+name+" left, "+name+" right)", equal),
		member("static bool operator !=("+name+" left, "+name+" right)", func(m *Machine, a []any) (any, error) {
			same, err := m.Equal(a[0], a[1])
			return !same, err
		}),
		member("bool Equals("+name+" other)", equal),
		member(name+"Mode Mode { get; }", func(_ *Machine, a []any) (any, error) {
			mode := EnumObject{Type: typeOf(cryptoNamespace + name + "Mode")}
			if a[0].(*paddingObject).Newer {
				mode.Value = 1
			}
			return mode, nil
		}),
	}
}

var _ = declare("class "+cryptoNamespace+"RSASignaturePadding", func() []memberDecl {
	return append(paddingMembers("RSASignaturePadding"),
		member("static RSASignaturePadding Pkcs1 { get; }", always(signPkcs1)),
		member("static RSASignaturePadding Pss { get; }", always(signPss)),
	)
})

var _ = declare("class "+cryptoNamespace+"RSAEncryptionPadding", func() []memberDecl {
	return append(paddingMembers("RSAEncryptionPadding"),
		member("static RSAEncryptionPadding Pkcs1 { get; }", always(encryptPkcs1)),
		member("static RSAEncryptionPadding OaepSHA1 { get; }", always(oaep("SHA1"))),
		member("static RSAEncryptionPadding OaepSHA256 { get; }", always(oaep("SHA256"))),
		member("static RSAEncryptionPadding OaepSHA384 { get; }", always(oaep("SHA384"))),
		member("static RSAEncryptionPadding OaepSHA512 { get; }", always(oaep("SHA512"))),
		member("static RSAEncryptionPadding CreateOaep(HashAlgorithmName hashAlgorithm)", func(_ *Machine, a []any) (any, error) {
			name := text(a[0].(hashNameObject).name)
			if name == "" {
				return nil, dotnet.Argument("The hash algorithm name cannot be null or empty.", "hashAlgorithm")
			}
			return oaep(name), nil
		}),
		member("HashAlgorithmName OaepHashAlgorithm { get; }", func(_ *Machine, a []any) (any, error) {
			if hash := a[0].(*paddingObject).Hash; hash != "" {
				return hashNameObject{hash}, nil
			}
			return hashNameObject{}, nil
		}),
	)
})

// rsaParameters is an RSAParameters.
type rsaParameters struct{ dotnet.RSAParameters }

// DotnetType is part of Object.
func (*rsaParameters) DotnetType() *Type { return typeOf(cryptoNamespace + "RSAParameters") }

var _ = declare("struct "+cryptoNamespace+"RSAParameters", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return &rsaParameters{}, nil }),
		rsaField("D"), rsaField("DP"), rsaField("DQ"), rsaField("Exponent"), rsaField("InverseQ"), rsaField("Modulus"), rsaField("P"), rsaField("Q"),
	}
})

func rsaField(name string) memberDecl {
	return member("byte[] "+name+" { get; set; }", func(m *Machine, a []any) (any, error) {
		b := *a[0].(*rsaParameters).RSAField(name)
		if b == nil {
			return nil, nil
		}
		return bytesResult(m, b, nil)
	}, func(_ *Machine, a []any) (any, error) {
		*a[0].(*rsaParameters).RSAField(name) = bytesArg(a[1])
		return nil, nil
	})
}

var _ = declare("class "+cryptoNamespace+"RSACryptoServiceProvider : "+cryptoNamespace+"RSA", func() []memberDecl {
	return []memberDecl{
		member("new()", newRSA("RSACryptoServiceProvider", 1024)),
		member("new(int dwKeySize)", newRSA("RSACryptoServiceProvider", 1024)),
		member("bool PersistKeyInCsp { get; set; }", always(false), always(nil)),
		member("bool PublicOnly { get; }", func(m *Machine, a []any) (any, error) {
			_, err := a[0].(*rsaObject).key(m)
			return a[0].(*rsaObject).private == nil, err
		}),
		member("byte[] Encrypt(byte[] rgb, bool fOAEP)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "rgb"); err != nil {
				return nil, err
			}
			return rsaEncrypt(m, a[0].(*rsaObject), bytesArg(a[1]), olderPadding(a[2]))
		}),
		member("byte[] Decrypt(byte[] rgb, bool fOAEP)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "rgb"); err != nil {
				return nil, err
			}
			return rsaDecrypt(m, a[0].(*rsaObject), bytesArg(a[1]), olderPadding(a[2]))
		}),
		member("byte[] SignData(byte[] buffer, object halg)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "buffer"); err != nil {
				return nil, err
			}
			name, err := digestNamed(a[2])
			if err != nil {
				return nil, err
			}
			return rsaSignData(m, []any{a[0], a[1], name, signPkcs1})
		}),
		member("bool VerifyData(byte[] buffer, object halg, byte[] signature)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "buffer"); err != nil {
				return nil, err
			}
			name, err := digestNamed(a[2])
			if err != nil {
				return nil, err
			}
			return rsaVerifyData(m, []any{a[0], a[1], a[3], name, signPkcs1})
		}),
	}
})

func olderPadding(oaep any) dotnet.RSAPadding {
	if oaep.(bool) {
		return dotnet.RSAPadding{Newer: true, Hash: "SHA1"}
	}
	return dotnet.RSAPadding{}
}

// digestNamed is the hash that an object stands for: its name, itself or its type.
func digestNamed(v any) (hashNameObject, error) {
	switch v := v.(type) {
	case string:
		if h, ok := newCrypto(v).(*hashObject); ok {
			return hashNameObject{h.Name()}, nil
		}
	case *hashObject:
		return hashNameObject{v.Name()}, nil
	case nil:
		return hashNameObject{}, dotnet.ArgumentNull("hashAlg")
	}
	return hashNameObject{}, dotnet.Argument("The requested hash algorithm is not valid.", "hashAlg")
}
