package access

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// tokenPlaces are the attributes that say where the token is.
var tokenPlaces = []string{"header-name", "query-parameter-name", "token-value"}

// tokenAttributes are those that the statements for tokens share.
func tokenAttributes() []policy.Attribute {
	return []policy.Attribute{
		{Name: "header-name", Doc: "Header with the token.", Type: policy.String, Expression: true},
		{Name: "query-parameter-name", Doc: "Query parameter with the token.", Type: policy.String, Expression: true},
		{Name: "token-value", Doc: "The token, without a scheme.", Type: policy.String, Expression: true},
		{Name: "failed-validation-httpcode", Doc: "Status of the refusal.", Type: policy.Status, Default: "401", Expression: true},
		{Name: "failed-validation-error-message", Doc: "Message of the refusal, put into its JSON body as it is.", Type: policy.String, Expression: true},
		{Name: "output-token-variable-name", Doc: "Variable that gets the token after success.", Type: policy.String},
	}
}

func audiencesElement() policy.Element {
	return policy.Element{Name: "audiences", Doc: "Accepted aud values; one has to match.", Children: []policy.Child{
		{Min: 1, Element: policy.Element{Name: "audience", Doc: "One value.", Text: policy.TrimmedText}}}}
}

// requiredClaimsElement says whether its page allows expressions in it, or is
// silent.
func requiredClaimsElement(expressions bool) policy.Element {
	return policy.Element{Name: "required-claims", Doc: "Claims that the token has to have.", Children: []policy.Child{{Min: 1, Element: policy.Element{
		Name: "claim", Doc: "One claim.",
		Attributes: []policy.Attribute{
			{Name: "name", Doc: "Its name.", Type: policy.String, Required: true, Expression: expressions, ExpressionOpen: !expressions},
			{Name: "match", Doc: "Whether all values have to be there or any.", Type: policy.Enum, Values: []string{"all", "any"}, Default: "all",
				Expression: expressions, ExpressionOpen: !expressions},
			{Name: "separator", Doc: "Splits a claim that is one string.", Type: policy.String, Expression: expressions, ExpressionOpen: !expressions},
		},
		Children: []policy.Child{{Element: policy.Element{Name: "value", Doc: "An expected value.", Text: policy.TrimmedText, TextOpen: !expressions}}},
	}}}}
}

// tokenSource is where a statement finds the token of a request.
type tokenSource struct {
	header, query, value, scheme policy.Operand[string]
	// azure says how validate-azure-ad-token looks for it: in Authorization if
	// nothing is said, there behind Bearer, and in another header as it is.
	azure bool
	none  bool // nothing is said
}

func compileTokenSource(n *policy.Node) tokenSource {
	s := tokenSource{header: n.String("header-name"), query: n.String("query-parameter-name"), value: n.String("token-value")}
	if n.Name == "validate-jwt" {
		s.scheme = n.String("require-scheme")
		return s
	}
	s.azure, s.none = true, !slices.ContainsFunc(tokenPlaces, n.Has)
	return s
}

// A tokenFound is where a request has its token.
type tokenFound struct {
	token string // without its scheme; "": there is none
	place string // header, query parameter, or the attribute token-value
	name  string // of the header or parameter
	// scheme is the one that a header has to have, and has not.
	scheme string
}

func (s *tokenSource) find(r *policy.Run) (f tokenFound, err error) {
	if f.name, err = s.header.Get(r); err != nil {
		return f, err
	}
	if s.none {
		f.name = "Authorization"
	}
	if f.name != "" {
		f.place = "header"
		return f, s.fromHeader(r, &f)
	}
	if f.name, err = s.query.Get(r); err != nil {
		return f, err
	}
	if f.name != "" {
		f.place = "query parameter"
		if values := exchange.QueryValues(r.Request.URL.RawQuery, f.name); len(values) > 0 {
			f.token = values[0]
		}
		return f, nil
	}
	f.place = "token-value"
	f.token, err = s.value.Get(r)
	return f, err
}

func (s *tokenSource) fromHeader(r *policy.Run, f *tokenFound) error {
	value, _ := r.Request.Header.Get(f.name)
	value = strings.TrimSpace(value)
	authorization := strings.EqualFold(f.name, "Authorization")
	if s.azure && !authorization {
		f.token = value
		return nil
	}
	scheme, token, found := strings.Cut(value, " ")
	if !found {
		scheme, token = "", value
	}
	// require-scheme is looked at for the Authorization header only
	// (policies-1.yaml, validate-jwt).
	if authorization {
		required, err := s.scheme.Get(r)
		if err != nil {
			return err
		}
		if s.azure {
			required = "Bearer"
		}
		if required != "" && !strings.EqualFold(scheme, required) {
			if value != "" {
				f.scheme = required
			}
			return nil
		}
	}
	f.token = strings.TrimSpace(token)
	return nil
}
