package testrun

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// tokenCheck is a validate-jwt or validate-azure-ad-token.
type tokenCheck struct {
	token     []member
	audiences bool
	claims    []string
}

// tokenCheckOf reads a validate-jwt; nil if its tokens can't be minted here.
func tokenCheckOf(n *policy.Node) *tokenCheck {
	config := n.Child("openid-config")
	if config == nil || n.Has("token-value") {
		return nil
	}
	address, err := exchange.ParseURL(constant(config.Attr("url")))
	if err != nil {
		return nil
	}
	c := &tokenCheck{token: []member{}}
	issuers := textsOf(n.Child("issuers"), "issuer")
	if target, mapped := hosts.Default().Lookup(address.Host); mapped && target.Party == hosts.Entra {
		c.ofEntra(&address, issuers)
	} else {
		c.ofIssuer(&address, issuers)
	}
	c.readAudience(textsOf(n.Child("audiences"), "audience"))
	c.readClaims(n, nil)
	c.readPlace(n)
	return c
}

// azureTokenCheckOf reads a validate-azure-ad-token; nil if its tokens can't be minted
// here.
func azureTokenCheckOf(n *policy.Node) *tokenCheck {
	tenant := constant(n.Attr("tenant-id"))
	if tenant == "" || n.Has("token-value") || n.Has("authentication-endpoint") {
		return nil
	}
	c := &tokenCheck{token: []member{}}
	if _, rest, isAddress := strings.Cut(tenant, "://"); isAddress {
		_, tenant, _ = strings.Cut(rest, "/")
		tenant, _, _ = strings.Cut(tenant, "/")
	}
	if tenant != "common" && tenant != "organizations" {
		c.token = append(c.token, member{"tenant", scalar(tenant)})
	}
	c.token = append(c.token, member{"version", "2"})
	audiences := textsOf(n.Child("audiences"), "audience")
	if len(audiences) == 0 {
		audiences = textsOf(n.Child("backend-application-ids"), "application-id")
	}
	c.readAudience(audiences)
	var client []member
	if ids := textsOf(n.Child("client-application-ids"), "application-id"); len(ids) > 0 {
		client = []member{{"azp", scalar(ids[0])}}
	}
	c.readClaims(n, client)
	c.readPlace(n)
	return c
}

// ofEntra asks for a token of the tenant, in the version of the issuers that are
// accepted.
func (c *tokenCheck) ofEntra(address *exchange.URL, issuers []string) {
	tenant, _, _ := strings.Cut(strings.TrimPrefix(address.Path, "/"), "/")
	if tenant != "common" && tenant != "organizations" {
		c.token = append(c.token, member{"tenant", scalar(tenant)})
	}
	version := "1"
	isV2 := func(issuer string) bool { return strings.HasSuffix(strings.TrimSuffix(issuer, "/"), "/v2.0") }
	if slices.ContainsFunc(issuers, isV2) || len(issuers) == 0 && strings.Contains(address.Path, "/v2.0/") {
		version = "2"
	}
	c.token = append(c.token, member{"version", version})
}

// ofIssuer asks for a token of the issuer that the document belongs to.
func (c *tokenCheck) ofIssuer(address *exchange.URL, issuers []string) {
	issuer := strings.TrimSuffix(address.Scheme+"://"+address.Authority()+address.Path, discoveryPath)
	same := func(other string) bool { return strings.TrimSuffix(other, "/") == issuer }
	if i := slices.IndexFunc(issuers, same); i >= 0 {
		issuer = issuers[i]
	} else if strings.HasSuffix(issuer, ".auth0.com") {
		issuer += "/"
	}
	c.token = append(c.token, member{"issuer", scalar(issuer)})
}

func (c *tokenCheck) readAudience(audiences []string) {
	if c.audiences = len(audiences) > 0; c.audiences {
		c.token = append(c.token, member{"audience", scalar(audiences[0])})
	}
}

// readClaims asks for the claims that are required, client among them: the application
// that may call.
func (c *tokenCheck) readClaims(n *policy.Node, client []member) {
	claims := client
	required := n.Child("required-claims")
	if required != nil {
		for _, claim := range required.ChildrenNamed("claim") {
			name, values := constant(claim.Attr("name")), textsOf(claim, "value")
			if name == "" || len(values) == 0 {
				continue
			}
			value := scalar(values[0])
			if separator := claim.Attr("separator"); separator != nil && separator.Text != "" {
				value = scalar(strings.Join(values, separator.Text))
			} else if match := constant(claim.Attr("match")); len(values) > 1 && (match == "" || match == "all") {
				value = list(values)
			}
			claims = append(claims, member{name, value})
		}
	}
	var pieces []string
	for _, m := range claims {
		pieces = append(pieces, scalar(m.key)+": "+m.value)
		c.claims = append(c.claims, m.key)
	}
	if pieces != nil {
		c.token = append(c.token, member{"claims", "{" + strings.Join(pieces, ", ") + "}"})
	}
}

// readPlace sends the token to where the statement looks for it.
func (c *tokenCheck) readPlace(n *policy.Node) {
	header, query := constant(n.Attr("header-name")), constant(n.Attr("query-parameter-name"))
	switch {
	case header != "" && !strings.EqualFold(header, "Authorization"):
		c.token = append(c.token, member{"header", scalar(header)})
	case header == "" && query != "":
		c.token = append(c.token, member{"query", scalar(query)})
	}
}

func (c *tokenCheck) satisfy(r *request) { r.token = c.token }

func (c *tokenCheck) refusals(good request, add func(string, request)) {
	refused := func(what string, token []member) {
		r := good
		r.token = token
		add(what, r)
	}
	refused("no token", nil)
	refused("an expired token", with(c.token, "fault", "expired"))
	if c.audiences {
		refused("a token for another audience", with(c.token, "fault", "audience"))
	}
	refused("a token of another issuer", with(c.token, "fault", "issuer"))
	refused("a token that was changed after signing", with(c.token, "fault", "tampered"))
	for _, claim := range c.claims {
		refused("a token without the claim "+claim, with(c.token, "removeClaims", list([]string{claim})))
	}
}
