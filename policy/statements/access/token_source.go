package access

import (
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// tokenSource is where a statement finds the token of a request.
type tokenSource struct {
	header, query, value, scheme policy.Operand[string]
}

func compileTokenSource(n *policy.Node) tokenSource {
	return tokenSource{header: n.String("header-name"), query: n.String("query-parameter-name"), value: n.String("token-value"), scheme: n.String("require-scheme")}
}

// token is the token without its scheme, "" if there is none.
func (s *tokenSource) token(r *policy.Run) (string, error) {
	header, err := s.header.Get(r)
	if err != nil {
		return "", err
	}
	if header != "" {
		return s.fromHeader(r, header)
	}
	query, err := s.query.Get(r)
	if err != nil {
		return "", err
	}
	if query != "" {
		if values := exchange.QueryValues(r.Request.URL.RawQuery, query); len(values) > 0 {
			return values[0], nil
		}
		return "", nil
	}
	return s.value.Get(r)
}

func (s *tokenSource) fromHeader(r *policy.Run, name string) (string, error) {
	value, _ := r.Request.Header.Get(name)
	value = strings.TrimSpace(value)
	scheme, token, found := strings.Cut(value, " ")
	if !found {
		scheme, token = "", value
	}
	// require-scheme is looked at for the Authorization header only
	// (policies-1.yaml, validate-jwt).
	if strings.EqualFold(name, "Authorization") {
		required, err := s.scheme.Get(r)
		if err != nil {
			return "", err
		}
		if required != "" && !strings.EqualFold(scheme, required) {
			return "", nil
		}
	}
	return strings.TrimSpace(token), nil
}
