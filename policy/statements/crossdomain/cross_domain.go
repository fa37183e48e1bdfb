package crossdomain

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// CrossDomain defines <cross-domain>.
func CrossDomain() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cross-domain",
			Doc:  "Serves a cross-domain policy file for Flash and Silverlight.",
			Children: []policy.Child{{Max: 1, Element: policy.Element{
				Name: "cross-domain-policy", Doc: "The file, as Adobe specifies it.", Foreign: true,
			}}},
		},
		Category: "cross-domain",
		Sections: policy.InboundOnly,
		Scopes:   []exchange.Scope{exchange.ScopeGlobal},
	}
}
