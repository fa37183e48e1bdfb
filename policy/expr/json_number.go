package expr

import (
	"math/big"
	"time"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// bigInt is how package newtonsoft holds an integer beyond long.
type bigInt = *big.Int

// bigInteger is a System.Numerics.BigInteger, as JSON's integers beyond long are.
type bigInteger struct{ n *big.Int }

var _ = declare("struct System.Numerics.BigInteger : System.IComparable, System.IFormattable", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return bigInteger{new(big.Int)}, nil }),
	}
})

// DotnetType is part of Object.
func (bigInteger) DotnetType() *Type { return typeOf("System.Numerics.BigInteger") }

// ToString is part of Texter.
func (b bigInteger) ToString(*Machine) (string, error) { return b.n.String(), nil }

// EqualTo is part of Equaler.
func (b bigInteger) EqualTo(_ *Machine, other any) (bool, error) {
	o, ok := other.(bigInteger)
	return ok && b.n.Cmp(o.n) == 0, nil
}

// CompareWith is part of Comparer.
func (b bigInteger) CompareWith(_ *Machine, other any) (int, error) {
	o, ok := other.(bigInteger)
	if !ok {
		return 0, dotnet.Argument("The parameter must be a BigInteger.", "obj")
	}
	return b.n.Cmp(o.n), nil
}

// now is the machine's clock as package dotnet asks it.
func (m *Machine) now() time.Time { return m.Clock.Now() }
