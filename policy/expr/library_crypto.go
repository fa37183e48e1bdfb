package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const cryptoNamespace = "System.Security.Cryptography."

var (
	_ = exception(cryptoNamespace+"CryptographicUnexpectedOperationException", cryptoNamespace+"CryptographicException", "Unexpected cryptographic operation.")

	_ = declare("interface "+cryptoNamespace+"ICryptoTransform : System.IDisposable", func() []memberDecl {
		return []memberDecl{
			virtual("ICryptoTransform", "InputBlockSize", "int InputBlockSize { get; }"),
			virtual("ICryptoTransform", "OutputBlockSize", "int OutputBlockSize { get; }"),
			virtual("ICryptoTransform", "CanTransformMultipleBlocks", "bool CanTransformMultipleBlocks { get; }"),
			virtual("ICryptoTransform", "CanReuseTransform", "bool CanReuseTransform { get; }"),
			virtual("ICryptoTransform", "TransformBlock", "int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)"),
			virtual("ICryptoTransform", "TransformFinalBlock", "byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)"),
		}
	})

	_ = declare("class "+cryptoNamespace+"KeySizes", func() []memberDecl {
		return []memberDecl{
			member("new(int minSize, int maxSize, int skipSize)", func(_ *Machine, a []any) (any, error) {
				return &keySizes{a[0].(int32), a[1].(int32), a[2].(int32)}, nil
			}),
			member("int MinSize { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*keySizes).least, nil }),
			member("int MaxSize { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*keySizes).most, nil }),
			member("int SkipSize { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*keySizes).step, nil }),
		}
	})
)

// keySizes is a KeySizes: sizes in bits that an algorithm allows.
type keySizes struct{ least, most, step int32 }

// DotnetType is part of Object.
func (*keySizes) DotnetType() *Type { return typeOf(cryptoNamespace + "KeySizes") }

func keySizesOf(least, most, step int32) *ArrayObject {
	return NewArray(typeOf(cryptoNamespace+"KeySizes"), []any{&keySizes{least, most, step}})
}

// bytesArg are the bytes of a byte[]; nil if it is null, and never nil otherwise.
func bytesArg(v any) []byte {
	if v == nil {
		return nil
	}
	if b := v.(*ArrayObject).bytes; b != nil {
		return b
	}
	return []byte{}
}

// bytesResult is a byte[], or what went wrong.
func bytesResult(m *Machine, b []byte, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return NewBytes(b), m.Allocate(len(b))
}

// shortNames and fullNames are the classes that Create(name) makes by a short name,
// and by one with its namespace, in small letters: "*" is the class of that name.
var (
	shortNames = map[string]string{
		"sha": "SHA1CryptoServiceProvider", "sha1": "SHA1CryptoServiceProvider", "md5": "MD5CryptoServiceProvider",
		"sha256": "SHA256Managed", "sha-256": "SHA256Managed", "sha384": "SHA384Managed", "sha-384": "SHA384Managed",
		"sha512": "SHA512Managed", "sha-512": "SHA512Managed",
		"hmacmd5": "*", "hmacsha1": "*", "hmacsha256": "*", "hmacsha384": "*", "hmacsha512": "*",
		"aes": "AesCryptoServiceProvider", "aesmanaged": "*", "aescryptoserviceprovider": "*", "rijndael": "RijndaelManaged",
		"tripledes": "TripleDESCryptoServiceProvider", "3des": "TripleDESCryptoServiceProvider", "triple des": "TripleDESCryptoServiceProvider",
		"des": "DESCryptoServiceProvider", "rsa": "RSACryptoServiceProvider", "randomnumbergenerator": "RNGCryptoServiceProvider",
	}
	fullNames = map[string]string{
		"sha1": "SHA1CryptoServiceProvider", "md5": "MD5CryptoServiceProvider", "sha256": "SHA256Managed", "sha384": "SHA384Managed", "sha512": "SHA512Managed",
		"sha1managed": "*", "sha256managed": "*", "sha384managed": "*", "sha512managed": "*", "hashalgorithm": "SHA1CryptoServiceProvider",
		"hmacmd5": "*", "hmacsha1": "*", "hmacsha256": "*", "hmacsha384": "*", "hmacsha512": "*", "hmac": "HMACSHA1", "keyedhashalgorithm": "HMACSHA1",
		"aesmanaged": "*", "aescryptoserviceprovider": "*", "rijndael": "RijndaelManaged", "rijndaelmanaged": "*", "symmetricalgorithm": "RijndaelManaged",
		"tripledes": "TripleDESCryptoServiceProvider", "des": "DESCryptoServiceProvider", "rsa": "RSACryptoServiceProvider",
		"asymmetricalgorithm": "RSACryptoServiceProvider", "randomnumbergenerator": "RNGCryptoServiceProvider",
	}
)

// algorithmNamed is Create(name) of a type: what CryptoConfig has for the name, null if
// nothing, and an exception if that is of another type.
func algorithmNamed(as string) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		if a[0] == nil {
			return nil, dotnet.ArgumentNull("name")
		}
		v := newCrypto(a[0].(string))
		if v == nil {
			return nil, nil
		}
		if t := v.DotnetType(); !inherits(t, typeOf(cryptoNamespace+as)) {
			return nil, dotnet.InvalidCast("Unable to cast object of type '" + t.def.Name + "' to type '" + cryptoNamespace + as + "'.")
		}
		return v, nil
	}
}

// newCrypto makes what a name stands for, whatever its case; nil if nothing.
func newCrypto(name string) Object {
	name = strings.ToLower(name)
	names := shortNames
	if rest, ok := strings.CutPrefix(name, strings.ToLower(cryptoNamespace)); ok {
		name, names = rest, fullNames
	}
	switch class := names[name]; class {
	case "":
		return nil
	case "*":
	default:
		name = strings.ToLower(class)
	}
	for _, h := range hashClasses {
		if strings.ToLower(h.class) == name {
			return h.make(nil)
		}
	}
	for _, c := range cipherClasses {
		if strings.ToLower(c.class) == name {
			return c.make()
		}
	}
	switch name {
	case "rsacryptoserviceprovider":
		return &rsaObject{class: "RSACryptoServiceProvider", size: 1024}
	case "rngcryptoserviceprovider":
		return &generatorObject{"RNGCryptoServiceProvider"}
	}
	return nil
}

// notChosen is Create() of an abstract class, which chose an algorithm in .NET
// Framework and does no more.
func notChosen(*Machine, []any) (any, error) {
	return nil, dotnet.NewException("System.PlatformNotSupportedException", "This platform does not allow the automatic selection of an algorithm.")
}

// hashNameObject is a HashAlgorithmName.
type hashNameObject struct{ name any } // a string or nil

// DotnetType is part of Object.
func (hashNameObject) DotnetType() *Type { return typeOf(cryptoNamespace + "HashAlgorithmName") }

// ToString is part of Texter.
func (n hashNameObject) ToString(*Machine) (string, error) { return text(n.name), nil }

// EqualTo is part of Equaler.
func (n hashNameObject) EqualTo(_ *Machine, other any) (bool, error) { return other == any(n), nil }

func hashName(name string) memberDecl {
	return member("static HashAlgorithmName "+name+" { get; }", always(hashNameObject{name}))
}

var _ = declare("struct "+cryptoNamespace+"HashAlgorithmName : System.IEquatable<"+cryptoNamespace+"HashAlgorithmName>", func() []memberDecl {
	return append(
		equalityOperators("HashAlgorithmName", func(a, b hashNameObject) bool { return a == b }),
		member("new()", always(hashNameObject{})),
		member("new(string name)", func(_ *Machine, a []any) (any, error) { return hashNameObject{a[0]}, nil }),
		hashName("MD5"), hashName("SHA1"), hashName("SHA256"), hashName("SHA384"), hashName("SHA512"),
		member("string Name { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(hashNameObject).name, nil }),
		member("bool Equals(HashAlgorithmName other)", equalTo),
	)
})
