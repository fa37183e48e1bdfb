package lint

import (
	"strings"

	"github.com/apimulator/apimulator/internal/credential"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// tokenHost finds tokens of the managed identity that go to hosts of others.
func (f *flow) tokenHost(st *statement, s *state) {
	n := st.node
	switch n.Name {
	case "set-backend-service":
		if s.identity != nil {
			f.tokenTo(s.identity, address(n, n.Attr("base-url")), n)
		}
	case "authentication-managed-identity":
		if s.backend != nil && !n.Has("output-token-variable-name") {
			f.tokenTo(n, address(s.backend, s.backend.Attr("base-url")), n)
		}
	case "send-request", "send-one-way-request":
		if identity, url := n.Child("authentication-managed-identity"), n.Child("set-url"); identity != nil && url != nil {
			f.tokenTo(identity, address(url, url.Body()), identity)
		}
	}
}

// address is the host of a constant address, "" if it is not known.
func address(n *policy.Node, v *policy.Value) string {
	if v == nil || n.Open(v) {
		return ""
	}
	text := v.Text
	if v.Expression {
		constant, ok := constantText(v)
		if !ok {
			return ""
		}
		text = constant
	}
	u, err := exchange.ParseURL(strings.TrimSpace(text))
	if err != nil {
		return ""
	}
	return u.Host
}

func (f *flow) tokenTo(identity *policy.Node, host string, at *policy.Node) {
	resource, ok := literal(identity, "resource")
	if !ok || host == "" || host == "localhost" || strings.HasPrefix(host, "127.") {
		return
	}
	if credential.Allowed(credential.Real, resource, host, false, true) != nil {
		v := at.Attr("base-url")
		if at == identity {
			v = identity.Attr("resource")
		}
		f.o.at(Warning, ruleIdentityHost, at, v, "the managed identity's token for %s goes to %s, which does not belong to it", resource, host)
	}
}
