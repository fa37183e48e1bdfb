package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// hashObject is a HashAlgorithm.
type hashObject struct {
	*dotnet.Hash
	class, text string // the type's name, and what ToString tells
}

// DotnetType is part of Object.
func (h *hashObject) DotnetType() *Type { return typeOf(cryptoNamespace + h.class) }

// ToString is part of Texter.
func (h *hashObject) ToString(*Machine) (string, error) { return cryptoNamespace + h.text, nil }

// hashClass is a class of hashes that can be made.
type hashClass struct{ class, base, name string }

// hashClasses are the classes, each with its base and the hash it computes.
var hashClasses = []hashClass{
	{"MD5CryptoServiceProvider", "MD5", "MD5"},
	{"SHA1Managed", "SHA1", "SHA1"}, {"SHA1CryptoServiceProvider", "SHA1", "SHA1"},
	{"SHA256Managed", "SHA256", "SHA256"}, {"SHA256CryptoServiceProvider", "SHA256", "SHA256"},
	{"SHA384Managed", "SHA384", "SHA384"}, {"SHA384CryptoServiceProvider", "SHA384", "SHA384"},
	{"SHA512Managed", "SHA512", "SHA512"}, {"SHA512CryptoServiceProvider", "SHA512", "SHA512"},
	{"HMACMD5", "HMAC", "MD5"}, {"HMACSHA1", "HMAC", "SHA1"}, {"HMACSHA256", "HMAC", "SHA256"}, {"HMACSHA384", "HMAC", "SHA384"},
	{"HMACSHA512", "HMAC", "SHA512"},
}

func (c hashClass) make(key []byte) *hashObject {
	if c.base != "HMAC" {
		return &hashObject{dotnet.NewHash(c.name), c.class, c.class}
	}
	if key == nil {
		// Of the length of a block, as .NET makes it.
		key = dotnet.RandomBytes(dotnet.NewHash(c.name).BlockSize())
	}
	return &hashObject{dotnet.NewHMAC(c.name, key), c.class, c.class}
}

var _ = func() struct{} {
	for _, c := range hashClasses {
		declareHash(c)
	}
	for _, name := range []string{"MD5", "SHA1", "SHA256", "SHA384", "SHA512"} {
		declare("abstract class "+cryptoNamespace+name+" : "+cryptoNamespace+"HashAlgorithm", func() []memberDecl {
			return []memberDecl{
				member("static "+name+" Create()", func(*Machine, []any) (any, error) {
					return &hashObject{dotnet.NewHash(name), name, name + "+Implementation"}, nil
				}),
				member("static "+name+" Create(string hashName)", algorithmNamed(name)),
			}
		})
	}
	return struct{}{}
}()

func declareHash(c hashClass) {
	declare("class "+cryptoNamespace+c.class+" : "+cryptoNamespace+c.base, c.members)
}

func (c hashClass) members() []memberDecl {
	members := []memberDecl{member("new()", func(*Machine, []any) (any, error) { return c.make(nil), nil })}
	if c.base == "HMAC" {
		withKey := func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.NullReference()
			}
			return c.make(bytesArg(a[0])), nil
		}
		members = append(members, member("new(byte[] key)", withKey))
		if c.name == "SHA1" {
			members = append(members, member("new(byte[] key, bool useManagedSha1)", withKey))
		}
		if strings.HasPrefix(c.name, "SHA3") || c.name == "SHA512" {
			members = append(members, member("bool ProduceLegacyHmacValues { get; set; }", always(false), func(_ *Machine, a []any) (any, error) {
				if a[1].(bool) {
					return nil, dotnet.NewException("System.PlatformNotSupportedException", "Operation is not supported on this platform.")
				}
				return nil, nil
			}))
		}
	}
	return members
}

var _ = declare("abstract class "+cryptoNamespace+"KeyedHashAlgorithm : "+cryptoNamespace+"HashAlgorithm", func() []memberDecl {
	return []memberDecl{
		member("static KeyedHashAlgorithm Create()", notChosen),
		member("static KeyedHashAlgorithm Create(string algName)", algorithmNamed("KeyedHashAlgorithm")),
		member("byte[] Key { get; set; }", func(m *Machine, a []any) (any, error) { return bytesResult(m, a[0].(*hashObject).Key(), nil) }, func(_ *Machine, a []any) (any, error) {
			if a[1] == nil {
				return nil, dotnet.NullReference()
			}
			a[0].(*hashObject).SetKey(bytesArg(a[1]))
			return nil, nil
		}),
	}
})

var _ = declare("abstract class "+cryptoNamespace+"HMAC : "+cryptoNamespace+"KeyedHashAlgorithm", func() []memberDecl {
	return []memberDecl{
		member("static HMAC Create()", notChosen),
		member("static HMAC Create(string algorithmName)", algorithmNamed("HMAC")),
		member("string HashName { get; set; }", func(_ *Machine, a []any) (any, error) { return a[0].(*hashObject).Name(), nil }, func(_ *Machine, a []any) (any, error) {
			switch {
			case a[1] == nil:
				return nil, dotnet.ArgumentNull("HashName")
			case a[1] != a[0].(*hashObject).Name():
				return nil, dotnet.NewException("System.PlatformNotSupportedException", "Setting the hashname after it's already been set is not supported on this platform.")
			}
			return nil, nil
		}),
	}
})

var _ = declare("abstract class "+cryptoNamespace+"HashAlgorithm : "+cryptoNamespace+"ICryptoTransform", func() []memberDecl {
	return []memberDecl{
		member("static HashAlgorithm Create()", notChosen),
		member("static HashAlgorithm Create(string hashName)", algorithmNamed("HashAlgorithm")),
		member("int HashSize { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*hashObject).Size(), nil }),
		member("byte[] Hash { get; }", func(m *Machine, a []any) (any, error) {
			value, err := a[0].(*hashObject).Value()
			if err != nil || value == nil {
				return nil, err
			}
			return bytesResult(m, value, nil)
		}),
		member("int InputBlockSize { get; }", always(int32(1))),
		member("int OutputBlockSize { get; }", always(int32(1))),
		member("bool CanTransformMultipleBlocks { get; }", always(true)),
		member("bool CanReuseTransform { get; }", always(true)),
		member("byte[] ComputeHash(byte[] buffer)", func(m *Machine, a []any) (any, error) {
			h := a[0].(*hashObject)
			if err := h.CheckDisposed(); err != nil {
				return nil, err
			}
			if err := notNull(a[1:], "buffer"); err != nil {
				return nil, err
			}
			return computeHash(m, h, bytesArg(a[1]))
		}),
		member("byte[] ComputeHash(byte[] buffer, int offset, int count)", func(m *Machine, a []any) (any, error) {
			part, err := dotnet.BufferPart(bytesArg(a[1]), a[2].(int32), a[3].(int32), "buffer", "offset")
			if err != nil {
				return nil, err
			}
			return computeHash(m, a[0].(*hashObject), part)
		}),
		member("int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)", func(m *Machine, a []any) (any, error) {
			part, err := dotnet.BufferPart(bytesArg(a[1]), a[2].(int32), a[3].(int32), "inputBuffer", "inputOffset")
			if err != nil {
				return nil, err
			}
			if err := m.Spend(len(part) / hashedPerStep); err != nil {
				return nil, err
			}
			if err := a[0].(*hashObject).Write(part); err != nil {
				return nil, err
			}
			if out, at := bytesArg(a[4]), intArg(a[5]); out != nil {
				switch {
				case at < 0:
					return nil, dotnet.ArgumentOutOfRange("dstOffset", needNonNegative)
				case at > len(out)-len(part):
					return nil, dotnet.Argument(badOffset, "")
				}
				copy(out[at:], part)
			}
			return a[3], nil
		}),
		member("byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)", func(m *Machine, a []any) (any, error) {
			part, err := dotnet.BufferPart(bytesArg(a[1]), a[2].(int32), a[3].(int32), "inputBuffer", "inputOffset")
			if err != nil {
				return nil, err
			}
			if err := m.Spend(len(part) / hashedPerStep); err != nil {
				return nil, err
			}
			if err := a[0].(*hashObject).Finish(part); err != nil {
				return nil, err
			}
			return bytesResult(m, append([]byte{}, part...), nil)
		}),
		member("void Initialize()", func(_ *Machine, a []any) (any, error) { a[0].(*hashObject).Reset(); return nil, nil }),
		member("void Clear()", disposeHash),
		member("void Dispose()", disposeHash),
	}
})

// hashedPerStep is how many bytes are hashed or encrypted in the time of a step.
const hashedPerStep = 16

func computeHash(m *Machine, h *hashObject, data []byte) (any, error) {
	if err := m.Spend(len(data) / hashedPerStep); err != nil {
		return nil, err
	}
	sum, err := h.Compute(data)
	return bytesResult(m, sum, err)
}

func disposeHash(_ *Machine, a []any) (any, error) {
	a[0].(*hashObject).Dispose()
	return nil, nil
}
