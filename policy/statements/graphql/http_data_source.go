package graphql

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// HTTPDataSource defines <http-data-source>. Table and statement of its page differ
// in the place of include-fragment, so the order in http-request is free.
func HTTPDataSource() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name:    "http-data-source",
			Doc:     "Resolves a field by a request.",
			Ordered: true,
			Children: []policy.Child{
				one(policy.Element{Name: "http-request", Doc: "The request.", Children: []policy.Child{
					statement("get-authorization-context"),
					statement("set-backend-service"),
					one(part.SetMethod()),
					one(part.SetURL()),
					fragments(),
					{Element: part.SetHeader()},
					once(part.SetBody()),
					once(part.Certificate()),
				}}),
				once(policy.Element{Name: "backend", Doc: "How it is sent.", Children: []policy.Child{statement("forward-request")}}),
				once(policy.Element{Name: "http-response", Doc: "Changes the response; without it, it is returned as it is.", Children: []policy.Child{
					once(part.SetBody()),
					statement("xml-to-json"),
					statement("find-and-replace"),
					statement("publish-event"),
					fragments(),
				}}),
			},
		},
		Category: "graphql",
		Scopes:   resolverOnly,
		Root:     true,
	}
}
