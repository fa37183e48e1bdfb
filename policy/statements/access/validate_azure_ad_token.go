package access

import (
	"github.com/apimulator/apimulator/policy"
)

// ValidateAzureADToken defines <validate-azure-ad-token>.
func ValidateAzureADToken() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "validate-azure-ad-token",
			Doc:  "Refuses a request without a valid token of Entra ID; without a place for it, it is the one in Authorization.",
			Attributes: append(tokenAttributes(),
				policy.Attribute{Name: "tenant-id", Doc: "The tenant: its id, domain or address.", Type: policy.String, Required: true, Expression: true},
				policy.Attribute{Name: "authentication-endpoint", Doc: "Entra ID's address in another cloud.", Type: policy.URL, ExpressionOpen: true},
			),
			AtMostOne: [][]string{tokenPlaces},
			// Editions of the page differ in the order of the first two, and in
			// whether client-application-ids has to be there.
			Children: []policy.Child{
				{Element: applicationIDs("client-application-ids", "Applications that may call; one has to match."), Max: 1, MinOpen: true},
				{Element: applicationIDs("backend-application-ids", "Applications of the backend."), Max: 1},
				{Element: audiencesElement(), Max: 1},
				{Element: requiredClaimsElement(true), Max: 1},
			},
		},
		Category: "access",
		Sections: policy.InboundOnly,
	}
}

func applicationIDs(name, doc string) policy.Element {
	return policy.Element{Name: name, Doc: doc, Children: []policy.Child{
		{Min: 1, Element: policy.Element{Name: "application-id", Doc: "An application's id.", Text: policy.LiteralText}}}}
}
