package expr

import (
	"crypto/pbkdf2"
	"crypto/subtle"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// deriveObject is a Rfc2898DeriveBytes: the bytes of PBKDF2, one after another.
type deriveObject struct {
	password, salt []byte
	iterations     int32
	hash           string
	given          int // bytes so far
}

// DotnetType is part of Object.
func (*deriveObject) DotnetType() *Type { return typeOf(cryptoNamespace + "Rfc2898DeriveBytes") }

var _ = declare("class "+cryptoNamespace+"Rfc2898DeriveBytes : System.IDisposable", func() []memberDecl {
	return []memberDecl{
		member("new(string password, byte[] salt)", newDerive),
		member("new(string password, byte[] salt, int iterations)", newDerive),
		member("new(string password, byte[] salt, int iterations, HashAlgorithmName hashAlgorithm)", newDerive),
		member("new(string password, int saltSize)", newDerive),
		member("new(string password, int saltSize, int iterations)", newDerive),
		member("new(string password, int saltSize, int iterations, HashAlgorithmName hashAlgorithm)", newDerive),
		member("new(byte[] password, byte[] salt, int iterations)", newDerive),
		member("new(byte[] password, byte[] salt, int iterations, HashAlgorithmName hashAlgorithm)", newDerive),
		member("int IterationCount { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*deriveObject).iterations, nil }),
		member("byte[] Salt { get; }", func(m *Machine, a []any) (any, error) {
			return bytesResult(m, append([]byte{}, a[0].(*deriveObject).salt...), nil)
		}),
		member("HashAlgorithmName HashAlgorithm { get; }", func(_ *Machine, a []any) (any, error) { return hashNameObject{a[0].(*deriveObject).hash}, nil }),
		member("byte[] GetBytes(int cb)", deriveBytes),
		member("void Reset()", func(_ *Machine, a []any) (any, error) { a[0].(*deriveObject).given = 0; return nil, nil }),
		member("void Dispose()", always(nil)),
	}
})

func newDerive(m *Machine, a []any) (any, error) {
	d := &deriveObject{iterations: 1000, hash: "SHA1"}
	saltName := "salt"
	switch password := a[0].(type) {
	case nil:
		return nil, renamed(dotnet.Argument("String reference not set to an instance of a String.", "s"), "System.ArgumentNullException")
	case string:
		d.password = []byte(dotnet.Valid(password))
	default:
		d.password = bytesArg(password)
	}
	switch salt := a[1].(type) {
	case nil:
		return nil, dotnet.ArgumentNull("salt")
	case int32:
		saltName = "saltSize"
		if salt < 0 {
			return nil, dotnet.ArgumentOutOfRange("saltSize", needNonNegative)
		}
		if err := m.Allocate(int(salt)); err != nil {
			return nil, err
		}
		d.salt = dotnet.RandomBytes(int(salt))
	default:
		d.salt = bytesArg(salt)
	}
	if len(d.salt) < 8 {
		return nil, dotnet.Argument("Salt is not at least eight bytes.", saltName)
	}
	if len(a) > 2 {
		if d.iterations = a[2].(int32); d.iterations <= 0 {
			return nil, dotnet.ArgumentOutOfRange("iterations", "Positive number required.")
		}
	}
	if len(a) > 3 {
		if d.hash = text(a[3].(hashNameObject).name); d.hash == "" {
			return nil, dotnet.Argument("The hash algorithm name cannot be null or empty.", "hashAlgorithm")
		}
		if d.hash == "MD5" || dotnet.HashFunction(d.hash) == nil {
			return nil, dotnet.CryptographicException("'" + d.hash + "' is not a known hash algorithm.")
		}
	}
	return d, nil
}

func deriveBytes(m *Machine, a []any) (any, error) {
	d, n := a[0].(*deriveObject), intArg(a[1])
	if n <= 0 {
		return nil, dotnet.ArgumentOutOfRange("cb", "Positive number required.")
	}
	hash := dotnet.HashFunction(d.hash)
	// A hash takes the time of some steps.
	const stepsPerHash = 5
	blocks := (d.given + n + hash().Size() - 1) / hash().Size()
	if blocks > MaxSteps {
		return nil, m.Allocate(MaxAllocation + 1)
	}
	if err := m.Spend(min(blocks*int(d.iterations), MaxSteps) * stepsPerHash); err != nil {
		return nil, err
	}
	all, err := pbkdf2.Key(hash, string(d.password), d.salt, int(d.iterations), d.given+n)
	if err != nil {
		return nil, dotnet.CryptographicException(err.Error())
	}
	b := all[d.given:]
	d.given += n
	return bytesResult(m, b, nil)
}

var _ = declare("static class "+cryptoNamespace+"CryptographicOperations", func() []memberDecl {
	return []memberDecl{
		// In .NET Core they are ReadOnlySpan<byte>, which a byte[] becomes.
		member("static bool FixedTimeEquals(byte[] left, byte[] right)", func(m *Machine, a []any) (any, error) {
			return subtle.ConstantTimeCompare(bytesArg(a[0]), bytesArg(a[1])) == 1, m.Spend(len(bytesArg(a[0])) / hashedPerStep)
		}),
		member("static void ZeroMemory(byte[] buffer)", func(_ *Machine, a []any) (any, error) { clear(bytesArg(a[0])); return nil, nil }),
	}
})
