package graphql

import (
	"github.com/apimulator/apimulator/policy"
)

// PublishEvent defines <publish-event>, which stands in the response of a data
// source.
func PublishEvent() *policy.Definition {
	subscription := policy.Element{Name: "graphql-subscription", Doc: "A subscription.",
		Attributes: []policy.Attribute{{Name: "id", Doc: "Its field.", Type: policy.String, Required: true, ExpressionOpen: true}}}
	return &policy.Definition{
		Element: policy.Element{
			Name:     "publish-event",
			Doc:      "Sends the result to the subscribers of a GraphQL API.",
			Children: []policy.Child{one(policy.Element{Name: "targets", Doc: "Who gets it.", Children: []policy.Child{{Min: 1, Element: subscription}}})},
		},
		Category: "graphql",
		Scopes:   resolverOnly,
	}
}
