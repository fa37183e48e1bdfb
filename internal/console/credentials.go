package console

import (
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// aToken is a JSON Web Token, wherever it stands.
var aToken = pattern.Lazy(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*`)

// credential is where a request says who the client is.
type credential struct {
	header, query string // the name of the one that has it
	text          string // the token or key itself, which is never shown
}

func (c *credential) given() bool { return c.text != "" }

// tokenOf finds the token of a request: in Authorization, else in whatever has one.
func tokenOf(raw *trace.Raw) credential {
	var found credential
	for _, f := range raw.Header {
		token := aToken().FindString(f.Value)
		isAuthorization := strings.EqualFold(f.Name, "Authorization")
		if token != "" && (!found.given() || isAuthorization) {
			found = credential{header: f.Name, text: token}
		}
	}
	if found.given() {
		return found
	}
	for _, q := range queryOf(raw) {
		if token := aToken().FindString(q.value); token != "" {
			return credential{query: q.name, text: token}
		}
	}
	for _, f := range raw.Header {
		if strings.EqualFold(f.Name, "Authorization") { // something else than a JSON Web Token
			_, text, _ := strings.Cut(f.Value, " ")
			return credential{header: f.Name, text: text}
		}
	}
	return found
}

// keyOf finds the subscription key of a request, and whose it is; "" if it is nobody's.
func keyOf(raw *trace.Raw, s *service.Service) (credential, string) {
	owner := func(text string) string {
		for _, sub := range s.Subscriptions {
			if text != "" && (text == sub.View.PrimaryKey || text == sub.View.SecondaryKey) {
				return sub.View.ID
			}
		}
		return ""
	}
	for _, f := range raw.Header {
		if name := owner(f.Value); name != "" || isKeyHeader(f.Name, s) {
			return credential{header: f.Name, text: f.Value}, name
		}
	}
	for _, q := range queryOf(raw) {
		if name := owner(q.value); name != "" || isKeyQuery(q.name, s) {
			return credential{query: q.name, text: q.value}, name
		}
	}
	return credential{}, ""
}

func isKeyHeader(name string, s *service.Service) bool {
	for _, a := range s.APIs {
		if strings.EqualFold(a.View.SubscriptionHeader, name) {
			return true
		}
	}
	return false
}

func isKeyQuery(name string, s *service.Service) bool {
	for _, a := range s.APIs {
		if strings.EqualFold(a.View.SubscriptionQuery, name) {
			return true
		}
	}
	return false
}

// parameter is one of a query, as it was written and as it reads.
type parameter struct{ written, name, value string }

func queryOf(raw *trace.Raw) []parameter {
	var all []parameter
	for written := range strings.SplitSeq(raw.URL.RawQuery, "&") {
		if written == "" {
			continue
		}
		name, _, _ := strings.Cut(written, "=")
		p := parameter{written: written, name: name}
		if values := exchange.QueryValues(written, name); len(values) > 0 {
			p.value = values[0]
		}
		all = append(all, p)
	}
	return all
}

// renewed is a token that has expired since it was used, minted anew; false for any other.
func (p *Page) renewed(token string, used time.Time) (string, bool) {
	m, own := p.Tokens.Describe(token, used)
	if !own || m.Fault == faultExpired {
		return "", false // it was to be refused then, and is now
	}
	if now, _ := p.Tokens.Describe(token, p.Clock.Now()); now.Fault != faultExpired {
		return "", false
	}
	fresh, err := p.Tokens.Mint(m)
	return fresh, err == nil
}

// faultExpired is what the emulated Entra ID calls a token whose time is over.
const faultExpired = "expired"
