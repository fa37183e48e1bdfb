package expr

import "github.com/apimulator/apimulator/policy/exchange"

// ResponseOf is the response that a value is, be it what a statement left in a variable
// or an IResponse of an expression; nil if it is none.
func ResponseOf(value any) *exchange.Response {
	switch v := value.(type) {
	case *exchange.Response:
		return v
	case *responseObject:
		return v.r
	}
	return nil
}
