package testrun

import (
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// A check is a statement that refuses requests.
type check interface {
	// satisfy adds to a request what lets it through.
	satisfy(r *request)
	// refusals add the requests that the check refuses, made of a good one.
	refusals(good request, add func(what string, r request, good bool))
}

// checks are those that an operation's requests go through always: what stands in a
// branch is left to who writes the tests.
func (d *drafter) checks(a *service.API, o *service.Operation) []check {
	var all []check
	compiled := []*policy.Compiled{d.subject.service.Global}
	for _, p := range a.Products {
		compiled = append(compiled, p.Policy)
	}
	for _, c := range append(compiled, a.Policy, o.Policy) {
		if c == nil {
			continue
		}
		data, err := os.ReadFile(c.Name)
		if err != nil {
			continue // the built-in policy of all APIs is no file
		}
		document, fault := policy.Read(c.Name, data)
		if fault != nil || document.Root() == nil {
			continue
		}
		if inbound := document.Root().SelectElement("inbound"); inbound != nil {
			for _, e := range inbound.ChildElements() {
				if found := d.check(e); found != nil {
					all = append(all, found)
				}
			}
		}
	}
	return all
}

func (d *drafter) check(e *etree.Element) check {
	switch e.Tag {
	case "check-header":
		c := &headerCheck{name: d.bound(e.SelectAttrValue("name", ""))}
		if len(e.SelectElements("value")) > 0 {
			c.value = d.bound(strings.TrimSpace(e.SelectElement("value").Text()))
		}
		if isExpression(c.name) || isExpression(c.value) || c.name == "" {
			return nil
		}
		return c
	case "validate-jwt":
		return d.tokenCheck(e)
	}
	return nil
}

// namedValue is {{name}}.
var namedValue = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_.\-]+)\s*\}\}`)

// bound is a text with its named values put in.
func (d *drafter) bound(text string) string {
	return namedValue.ReplaceAllStringFunc(text, func(found string) string {
		return d.subject.service.NamedValues[namedValue.FindStringSubmatch(found)[1]]
	})
}

func isExpression(s string) bool { return strings.HasPrefix(s, "@") }

// headerCheck is a check-header.
type headerCheck struct{ name, value string }

func (c *headerCheck) satisfy(r *request) {
	value := c.value
	if value == "" {
		value = "anything"
	}
	r.headers = with(r.headers, c.name, value)
}

func (c *headerCheck) refusals(good request, add func(string, request, bool)) {
	without := good
	without.headers = with(good.headers, c.name, "")
	add("no header "+c.name, without, false)
	if c.value != "" {
		wrong := good
		wrong.headers = with(good.headers, c.name, "not-"+c.value)
		add("another value of header "+c.name, wrong, false)
	}
}

// tokenCheck is a validate-jwt.
type tokenCheck struct {
	token     []member
	audiences bool
	issuer    bool // an issuer is checked
	claims    []string
}

// tokenCheck reads a validate-jwt; nil if its tokens can't be minted here.
func (d *drafter) tokenCheck(e *etree.Element) check {
	config := e.SelectElement("openid-config")
	if config == nil || e.SelectAttr("token-value") != nil {
		return nil
	}
	address, err := exchange.ParseURL(d.bound(config.SelectAttrValue("url", "")))
	if err != nil {
		return nil
	}
	c := &tokenCheck{token: []member{}, issuer: true}
	audiences, issuers := d.texts(e, "audiences/audience"), d.texts(e, "issuers/issuer")
	target, mapped := d.subject.hosts.Lookup(address.Host)
	if mapped && target.Party == hosts.Entra {
		c.ofEntra(&address, issuers)
	} else {
		c.ofIssuer(&address, issuers)
	}
	if c.audiences = len(audiences) > 0; c.audiences {
		c.token = append(c.token, member{"audience", scalar(audiences[0])})
	}
	c.readClaims(d, e)
	switch name := d.bound(e.SelectAttrValue("header-name", "")); {
	case name != "" && !strings.EqualFold(name, "Authorization"):
		c.token = append(c.token, member{"header", scalar(name)})
	case name == "":
		c.token = append(c.token, member{"query", scalar(d.bound(e.SelectAttrValue("query-parameter-name", "")))})
	}
	return c
}

// texts are the texts of elements that are no expressions.
func (d *drafter) texts(e *etree.Element, path string) []string {
	var all []string
	for _, found := range e.FindElements(path) {
		if text := d.bound(strings.TrimSpace(found.Text())); text != "" && !isExpression(text) {
			all = append(all, text)
		}
	}
	return all
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

// readClaims asks for the claims that are required.
func (c *tokenCheck) readClaims(d *drafter, e *etree.Element) {
	var claims []string
	for _, claim := range e.FindElements("required-claims/claim") {
		name := claim.SelectAttrValue("name", "")
		values := d.texts(claim, "value")
		if name == "" || len(values) == 0 {
			continue
		}
		value := scalar(values[0])
		if separator := claim.SelectAttrValue("separator", ""); separator != "" {
			value = scalar(strings.Join(values, separator))
		} else if len(values) > 1 && claim.SelectAttrValue("match", "all") == "all" {
			value = list(values)
		}
		claims = append(claims, scalar(name)+": "+value)
		c.claims = append(c.claims, name)
	}
	if claims != nil {
		c.token = append(c.token, member{"claims", "{" + strings.Join(claims, ", ") + "}"})
	}
}

func (c *tokenCheck) satisfy(r *request) { r.token = c.token }

func (c *tokenCheck) refusals(good request, add func(string, request, bool)) {
	refused := func(what string, token []member) {
		r := good
		r.token = token
		add(what, r, false)
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
