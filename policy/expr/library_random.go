package expr

import (
	"math/rand/v2"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// randomObject is a System.Random.
type randomObject struct{ *dotnet.Generator }

// DotnetType is part of Object.
func (*randomObject) DotnetType() *Type { return typeOf("System.Random") }

func randomOf(v any) *randomObject { return v.(*randomObject) }

var _ = declare("class System.Random", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return &randomObject{dotnet.NewRandom(rand.Int32())}, nil }),
		member("new(int Seed)", func(_ *Machine, a []any) (any, error) { return &randomObject{dotnet.NewRandom(a[0].(int32))}, nil }),
		member("int Next()", func(_ *Machine, a []any) (any, error) { return randomOf(a[0]).Next(), nil }),
		member("int Next(int maxValue)", func(_ *Machine, a []any) (any, error) { return randomOf(a[0]).NextBelow(a[1].(int32)) }),
		member("int Next(int minValue, int maxValue)", func(_ *Machine, a []any) (any, error) {
			return randomOf(a[0]).NextBetween(a[1].(int32), a[2].(int32))
		}),
		member("double NextDouble()", func(_ *Machine, a []any) (any, error) { return randomOf(a[0]).NextDouble(), nil }),
		member("void NextBytes(byte[] buffer)", func(m *Machine, a []any) (any, error) {
			buffer, ok := a[1].(*ArrayObject)
			if !ok {
				return nil, dotnet.ArgumentNull("buffer")
			}
			b := buffer.Bytes()
			for i := range b {
				b[i] = byte(randomOf(a[0]).Next())
			}
			return nil, m.Spend(len(b))
		}),
	}
})
