package expr

import (
	"crypto/rand"
	"math/big"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// generatorObject is a RandomNumberGenerator. All make what nobody can guess.
type generatorObject struct{ class string }

// DotnetType is part of Object.
func (r *generatorObject) DotnetType() *Type { return typeOf(cryptoNamespace + r.class) }

// ToString is part of Texter.
func (r *generatorObject) ToString(*Machine) (string, error) {
	if r.class == "RandomNumberGenerator" {
		return cryptoNamespace + "RandomNumberGeneratorImplementation", nil
	}
	return cryptoNamespace + r.class, nil
}

func newGenerator(*Machine, []any) (any, error) {
	return &generatorObject{"RNGCryptoServiceProvider"}, nil
}

var _ = declare("class "+cryptoNamespace+"RNGCryptoServiceProvider : "+cryptoNamespace+"RandomNumberGenerator", func() []memberDecl {
	return []memberDecl{
		member("new()", newGenerator), member("new(string str)", newGenerator), member("new(byte[] rgb)", newGenerator),
		// The list of allowed types names this class, but not its base.
		member("void GetBytes(byte[] data)", fillRandom),
		member("void GetBytes(byte[] data, int offset, int count)", fillRandomPart),
		member("void GetNonZeroBytes(byte[] data)", fillNonZero),
		member("void Dispose()", always(nil)),
	}
})

var _ = declare("abstract class "+cryptoNamespace+"RandomNumberGenerator : System.IDisposable", func() []memberDecl {
	return []memberDecl{
		member("static RandomNumberGenerator Create()", func(*Machine, []any) (any, error) { return &generatorObject{"RandomNumberGenerator"}, nil }),
		member("static RandomNumberGenerator Create(string rngName)", algorithmNamed("RandomNumberGenerator")),
		member("void GetBytes(byte[] data)", fillRandom),
		member("void GetBytes(byte[] data, int offset, int count)", fillRandomPart),
		member("void GetNonZeroBytes(byte[] data)", fillNonZero),
		member("static int GetInt32(int toExclusive)", func(_ *Machine, a []any) (any, error) {
			if a[0].(int32) <= 0 {
				return nil, dotnet.ArgumentOutOfRange("toExclusive", "Positive number required.")
			}
			return randomBetween(0, a[0].(int32))
		}),
		member("static int GetInt32(int fromInclusive, int toExclusive)", func(_ *Machine, a []any) (any, error) {
			if a[0].(int32) >= a[1].(int32) {
				return nil, dotnet.Argument("Range of random number does not contain at least one possibility.", "")
			}
			return randomBetween(a[0].(int32), a[1].(int32))
		}),
		member("void Dispose()", always(nil)),
	}
})

func fillRandom(m *Machine, a []any) (any, error) {
	if err := notNull(a[1:], "data"); err != nil {
		return nil, err
	}
	rand.Read(bytesArg(a[1]))
	return nil, m.Spend(len(bytesArg(a[1])) / hashedPerStep)
}

func fillRandomPart(m *Machine, a []any) (any, error) {
	if err := notNull(a[1:], "data"); err != nil {
		return nil, err
	}
	data, offset, count := bytesArg(a[1]), intArg(a[2]), intArg(a[3])
	switch {
	case offset < 0:
		return nil, dotnet.ArgumentOutOfRange("offset", needNonNegative)
	case count < 0:
		return nil, dotnet.ArgumentOutOfRange("count", needNonNegative)
	case count > len(data)-offset:
		return nil, dotnet.Argument(badOffset, "")
	}
	rand.Read(data[offset : offset+count])
	return nil, m.Spend(count / hashedPerStep)
}

func fillNonZero(m *Machine, a []any) (any, error) {
	if err := notNull(a[1:], "data"); err != nil {
		return nil, err
	}
	data := bytesArg(a[1])
	rand.Read(data)
	for i := range data {
		for data[i] == 0 {
			rand.Read(data[i : i+1])
		}
	}
	return nil, m.Spend(len(data))
}

func randomBetween(from, to int32) (any, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(to)-int64(from)))
	if err != nil {
		return nil, dotnet.CryptographicException(err.Error())
	}
	return int32(int64(from) + n.Int64()), nil
}
