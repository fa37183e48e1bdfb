package liquid

import (
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Conversions as .NET's Convert makes them.

// toInteger is Convert.ToInt32(object).
func toInteger(v any) (int32, error) {
	v = plain(v)
	if v == nil {
		return 0, nil
	}
	if !isConvertible(v) {
		return 0, notConvertible()
	}
	return dotnet.ConvertToInteger[int32](v)
}

// isConvertible reports whether a value is an IConvertible.
func isConvertible(v any) bool {
	switch dotnet.TypeCodeOf(v) {
	case dotnet.TypeCodeEmpty, dotnet.TypeCodeObject:
		return false
	}
	return true
}

func notConvertible() error { return dotnet.InvalidCast("Object must implement IConvertible.") }

// changeType is Convert.ChangeType(v, like.GetType()).
func changeType(r *run, v, like any) (any, error) {
	if !isConvertible(v) {
		return nil, notConvertible()
	}
	if !isConvertible(like) {
		return nil, dotnet.InvalidCast("Invalid cast from '" + r.typeName(v) + "' to '" + r.typeName(like) + "'.")
	}
	return dotnet.ChangeType(v, dotnet.TypeCodeOf(like), r.now())
}

// now is the machine's clock.
func (r *run) now() dotnet.Clock {
	if r.m.Clock == nil {
		return exchange.System.Now
	}
	return r.m.Clock.Now
}
