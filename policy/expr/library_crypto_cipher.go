package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var (
	_ = declareEnum("enum "+cryptoNamespace+"CipherMode", EnumValue{"CBC", 1}, EnumValue{"ECB", 2}, EnumValue{"OFB", 3}, EnumValue{"CFB", 4}, EnumValue{"CTS", 5})
	_ = declareEnum("enum "+cryptoNamespace+"PaddingMode", EnumValue{"None", 1}, EnumValue{"PKCS7", 2}, EnumValue{"Zeros", 3}, EnumValue{"ANSIX923", 4}, EnumValue{"ISO10126", 5})
)

// cipherObject is a SymmetricAlgorithm.
type cipherObject struct {
	*dotnet.Cipher
	class, text string // the type's name, and what ToString tells
}

// DotnetType is part of Object.
func (c *cipherObject) DotnetType() *Type { return typeOf(cryptoNamespace + c.class) }

// ToString is part of Texter.
func (c *cipherObject) ToString(*Machine) (string, error) { return c.text, nil }

// cipherClass is a class of symmetric algorithms that can be made.
type cipherClass struct {
	class, base string
	kind        *dotnet.CipherKind
	feedback    int32 // bits
}

var cipherClasses = []cipherClass{
	{"AesManaged", "Aes", dotnet.CipherAES, 8}, {"AesCryptoServiceProvider", "Aes", dotnet.CipherAES, 8},
	{"RijndaelManaged", "Rijndael", dotnet.CipherAES, 128},
	{"TripleDESCryptoServiceProvider", "TripleDES", dotnet.CipherTripleDES, 8},
	{"DESCryptoServiceProvider", "DES", dotnet.CipherDES, 8},
}

func (c cipherClass) make() *cipherObject {
	return &cipherObject{dotnet.NewCipher(c.kind, c.feedback), c.class, cryptoNamespace + c.class}
}

var _ = func() struct{} {
	for _, c := range cipherClasses {
		declare("class "+cryptoNamespace+c.class+" : "+cryptoNamespace+c.base, func() []memberDecl {
			return []memberDecl{
				member("new()", func(*Machine, []any) (any, error) { return c.make(), nil }),
			}
		})
	}
	declareCipher("Aes", "Internal.Cryptography.AesImplementation", dotnet.CipherAES, 8)
	declareCipher("Rijndael", "Internal.Cryptography.RijndaelImplementation", dotnet.CipherAES, 128)
	declareCipher("TripleDES", "Internal.Cryptography.TripleDesImplementation", dotnet.CipherTripleDES, 64, func() []memberDecl {
		return []memberDecl{member("static bool IsWeakKey(byte[] rgbKey)", weakKey(dotnet.CipherTripleDES, dotnet.WeakTripleDES))}
	})
	declareCipher("DES", "Internal.Cryptography.DesImplementation", dotnet.CipherDES, 64, func() []memberDecl {
		return []memberDecl{
			member("static bool IsWeakKey(byte[] rgbKey)", weakKey(dotnet.CipherDES, dotnet.WeakDES)),
			member("static bool IsSemiWeakKey(byte[] rgbKey)", weakKey(dotnet.CipherDES, dotnet.SemiWeakDES)),
		}
	})
	return struct{}{}
}()

func declareCipher(name, implementation string, kind *dotnet.CipherKind, feedback int32, more ...func() []memberDecl) {
	declare("abstract class "+cryptoNamespace+name+" : "+cryptoNamespace+"SymmetricAlgorithm", append(more, func() []memberDecl {
		return []memberDecl{
			member("static "+name+" Create()", func(*Machine, []any) (any, error) {
				return &cipherObject{dotnet.NewCipher(kind, feedback), name, implementation}, nil
			}),
			member("static "+name+" Create(string algorithmName)", algorithmNamed(name)),
		}
	})...)
}

func weakKey(kind *dotnet.CipherKind, weak func([]byte) bool) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		key := bytesArg(a[0])
		if !slices.Contains(kind.KeySizes, len(key)) {
			return nil, dotnet.CryptographicException("Specified key is not a valid size for this algorithm.")
		}
		return weak(key), nil
	}
}

func cipherArg(a []any) *dotnet.Cipher { return a[0].(*cipherObject).Cipher }

// cipherInt is a property of a SymmetricAlgorithm, and how it is set.
func cipherInt(signature string, get func(*dotnet.Cipher) int32, set func(*dotnet.Cipher, int32) error) memberDecl {
	return member(signature, func(_ *Machine, a []any) (any, error) { return get(cipherArg(a)), nil },
		func(_ *Machine, a []any) (any, error) { return nil, set(cipherArg(a), a[1].(int32)) })
}

func cipherBytes(signature string, get func(*dotnet.Cipher) []byte, set func(*dotnet.Cipher, []byte) error) memberDecl {
	return member(signature, func(m *Machine, a []any) (any, error) { return bytesResult(m, get(cipherArg(a)), nil) },
		func(_ *Machine, a []any) (any, error) { return nil, set(cipherArg(a), bytesArg(a[1])) })
}

var _ = declare("abstract class "+cryptoNamespace+"SymmetricAlgorithm : System.IDisposable", func() []memberDecl {
	return []memberDecl{
		member("static SymmetricAlgorithm Create()", notChosen),
		member("static SymmetricAlgorithm Create(string algName)", algorithmNamed("SymmetricAlgorithm")),
		cipherInt("int FeedbackSize { get; set; }", (*dotnet.Cipher).Feedback, (*dotnet.Cipher).SetFeedback),
		member("int BlockSize { get; set; }", func(_ *Machine, a []any) (any, error) { return int32(8 * cipherArg(a).Kind.BlockSize), nil }, func(_ *Machine, a []any) (any, error) {
			if err := cipherArg(a).SetBlockSize(a[1].(int32)); err == nil || a[0].(*cipherObject).class != "RijndaelManaged" {
				return nil, err
			}
			return nil, dotnet.NewException("System.PlatformNotSupportedException", "BlockSize must be 128 in this implementation.")
		}),
		cipherBytes("byte[] IV { get; set; }", (*dotnet.Cipher).IV, (*dotnet.Cipher).SetIV),
		cipherBytes("byte[] Key { get; set; }", (*dotnet.Cipher).Key, (*dotnet.Cipher).SetKey),
		cipherInt("int KeySize { get; set; }", (*dotnet.Cipher).KeySize, (*dotnet.Cipher).SetKeySize),
		member("KeySizes[] LegalBlockSizes { get; }", func(_ *Machine, a []any) (any, error) {
			n := int32(8 * cipherArg(a).Kind.BlockSize)
			return keySizesOf(n, n, 0), nil
		}),
		member("KeySizes[] LegalKeySizes { get; }", func(_ *Machine, a []any) (any, error) {
			sizes := cipherArg(a).Kind.KeySizes
			step := 0
			if len(sizes) > 1 {
				step = sizes[1] - sizes[0]
			}
			return keySizesOf(int32(8*sizes[0]), int32(8*sizes[len(sizes)-1]), int32(8*step)), nil
		}),
		member("CipherMode Mode { get; set; }", func(_ *Machine, a []any) (any, error) {
			return EnumObject{typeOf(cryptoNamespace + "CipherMode"), int64(cipherArg(a).Mode())}, nil
		}, func(_ *Machine, a []any) (any, error) {
			return nil, cipherArg(a).SetMode(dotnet.CipherMode(a[1].(EnumObject).Value))
		}),
		member("PaddingMode Padding { get; set; }", func(_ *Machine, a []any) (any, error) {
			return EnumObject{typeOf(cryptoNamespace + "PaddingMode"), int64(cipherArg(a).Padding())}, nil
		}, func(_ *Machine, a []any) (any, error) {
			return nil, cipherArg(a).SetPadding(dotnet.PaddingMode(a[1].(EnumObject).Value))
		}),
		member("ICryptoTransform CreateEncryptor()", ownTransform(true)),
		member("ICryptoTransform CreateEncryptor(byte[] rgbKey, byte[] rgbIV)", givenTransform(true)),
		member("ICryptoTransform CreateDecryptor()", ownTransform(false)),
		member("ICryptoTransform CreateDecryptor(byte[] rgbKey, byte[] rgbIV)", givenTransform(false)),
		member("void GenerateIV()", func(_ *Machine, a []any) (any, error) { cipherArg(a).GenerateIV(); return nil, nil }),
		member("void GenerateKey()", func(_ *Machine, a []any) (any, error) { cipherArg(a).GenerateKey(); return nil, nil }),
		member("bool ValidKeySize(int bitLength)", func(_ *Machine, a []any) (any, error) { return cipherArg(a).ValidKeySize(a[1].(int32)), nil }),
		member("void Clear()", always(nil)),
		member("void Dispose()", always(nil)),
	}
})

// transformObject is what CreateEncryptor and CreateDecryptor give.
type transformObject struct {
	*dotnet.CipherTransform
	class string
}

// DotnetType is part of Object.
func (t *transformObject) DotnetType() *Type { return typeOf("Internal.Cryptography." + t.class) }

func newTransform(c *dotnet.Cipher, encrypt bool, key, iv []byte) (any, error) {
	t, err := c.Transform(encrypt, key, iv)
	if err != nil {
		return nil, err
	}
	if encrypt {
		return &transformObject{t, "UniversalCryptoEncryptor"}, nil
	}
	return &transformObject{t, "UniversalCryptoDecryptor"}, nil
}

func ownTransform(encrypt bool) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		return newTransform(cipherArg(a), encrypt, cipherArg(a).Key(), cipherArg(a).IV())
	}
}

func givenTransform(encrypt bool) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) {
		return newTransform(cipherArg(a), encrypt, bytesArg(a[1]), bytesArg(a[2]))
	}
}

var _ = declareTransform("UniversalCryptoEncryptor")

var _ = declareTransform("UniversalCryptoDecryptor")

func declareTransform(name string) struct{} {
	return declare("class Internal.Cryptography."+name+" : "+cryptoNamespace+"ICryptoTransform", func() []memberDecl {
		return []memberDecl{
			member("bool CanReuseTransform { get; }", always(true)),
			member("bool CanTransformMultipleBlocks { get; }", always(true)),
			member("int InputBlockSize { get; }", transformSize),
			member("int OutputBlockSize { get; }", transformSize),
			member("int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)", func(m *Machine, a []any) (any, error) {
				if err := m.Spend(len(bytesArg(a[1])) / hashedPerStep); err != nil {
					return nil, err
				}
				return a[0].(*transformObject).TransformBlock(bytesArg(a[1]), a[2].(int32), a[3].(int32), bytesArg(a[4]), a[5].(int32))
			}),
			member("byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)", func(m *Machine, a []any) (any, error) {
				if err := m.Spend(len(bytesArg(a[1])) / hashedPerStep); err != nil {
					return nil, err
				}
				b, err := a[0].(*transformObject).TransformFinalBlock(bytesArg(a[1]), a[2].(int32), a[3].(int32))
				return bytesResult(m, b, err)
			}),
			member("void Dispose()", always(nil)),
		}
	})
}

func transformSize(_ *Machine, a []any) (any, error) {
	return int32(a[0].(*transformObject).BlockSize()), nil
}

// APIM's own methods of byte[]. An algorithm by name is made as
// SymmetricAlgorithm.Create makes it.
var _ = declare("static class CryptographyExtensions", func() []memberDecl {
	return []memberDecl{
		member("static byte[] Encrypt(this byte[] input, string alg, byte[] key, byte[] iv)", extensionCrypt(true)),
		member("static byte[] Encrypt(this byte[] input, SymmetricAlgorithm alg)", extensionCrypt(true)),
		member("static byte[] Encrypt(this byte[] input, SymmetricAlgorithm alg, byte[] key, byte[] iv)", extensionCrypt(true)),
		member("static byte[] Decrypt(this byte[] input, string alg, byte[] key, byte[] iv)", extensionCrypt(false)),
		member("static byte[] Decrypt(this byte[] input, SymmetricAlgorithm alg)", extensionCrypt(false)),
		member("static byte[] Decrypt(this byte[] input, SymmetricAlgorithm alg, byte[] key, byte[] iv)", extensionCrypt(false)),
	}
})

func extensionCrypt(encrypt bool) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if err := notNull(a, "input", "alg"); err != nil {
			return nil, err
		}
		c, ok := a[1].(*cipherObject)
		if !ok {
			v, err := algorithmNamed("SymmetricAlgorithm")(m, a[1:2])
			if err != nil {
				return nil, err
			}
			if c, ok = v.(*cipherObject); !ok {
				return nil, dotnet.Argument("There is no symmetric algorithm '"+text(a[1])+"'.", "alg")
			}
		}
		key, iv := c.Key(), c.IV()
		if len(a) > 2 {
			key, iv = bytesArg(a[2]), bytesArg(a[3])
		}
		data := bytesArg(a[0])
		t, err := c.Transform(encrypt, key, iv)
		if err != nil {
			return nil, err
		}
		if err := m.Spend(len(data) / hashedPerStep); err != nil {
			return nil, err
		}
		b, err := t.TransformFinalBlock(data, 0, int32(len(data)))
		return bytesResult(m, b, err)
	}
}
