package graphql

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// CosmosDBDataSource defines <cosmosdb-data-source>. Its page is loose about the
// order of what stands in the requests.
func CosmosDBDataSource() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name:      "cosmosdb-data-source",
			Doc:       "Resolves a field by a request to Azure Cosmos DB.",
			OrderOpen: true,
			Children: []policy.Child{
				one(cosmosConnection()),
				once(cosmosQuery()),
				once(policy.Element{Name: "read-request", Doc: "Reads an item.", Children: []policy.Child{one(itemID()), once(partitionKey())}}),
				once(policy.Element{
					Name: "delete-request", Doc: "Deletes an item.", Attributes: changeAttributes(),
					Children: []policy.Child{one(itemID()), once(partitionKey()), once(etag())},
				}),
				once(cosmosWrite()),
				once(response()),
			},
			OneOf: [][]string{{"<query-request>", "<read-request>", "<delete-request>", "<write-request>"}},
		},
		Category: "graphql",
		Scopes:   resolverOnly,
		Root:     true,
	}
}

func cosmosConnection() policy.Element {
	return policy.Element{Name: "connection-info", Doc: "The container.", Children: []policy.Child{
		one(openText("connection-string", "Endpoint and key of the account.",
			policy.Attribute{Name: "use-managed-identity", Doc: "Sign in as the system-assigned identity.", Type: policy.Bool, Default: "false", ExpressionOpen: true})),
		one(openText("database-name", "Name of the database.")),
		one(openText("container-name", "Name of the container.")),
	}}
}

func cosmosQuery() policy.Element {
	size := openText("max-item-count", "The most items of a page; -1: no bound.", template())
	return policy.Element{
		Name: "query-request", Doc: "Runs a query.",
		Attributes: []policy.Attribute{{Name: "enable-low-precision-order-by", Doc: "An option of the service.", Type: policy.Bool, ExpressionOpen: true}},
		Children: []policy.Child{
			once(openText("sql-statement", "The query.")),
			once(parameters()),
			once(partitionKey()),
			once(policy.Element{Name: "paging", Doc: "Pages of the result.", Children: []policy.Child{
				one(size), one(openText("continuation-token", "Token of the page.", template()))}}),
		},
	}
}

func cosmosWrite() policy.Element {
	return policy.Element{
		Name: "write-request", Doc: "Writes an item.",
		Attributes: slices.Concat([]policy.Attribute{
			{Name: "type", Doc: "How.", Type: policy.Enum, Values: []string{"insert", "replace", "upsert"}, Default: "upsert", ExpressionOpen: true},
			{Name: "indexing-directive", Doc: "Whether the item is indexed.", Type: policy.String, Default: "default", ExpressionOpen: true},
		}, changeAttributes()),
		Children: []policy.Child{once(itemID()), once(partitionKey()), once(etag()), once(part.SetBody())},
		Check: func(n *policy.Node) policy.Diagnostics {
			if kind, known := n.String("type").Constant(); known && kind == "replace" && n.Child("id") == nil {
				return policy.Diagnostics{n.Fault(policy.Error, nil, `The element 'write-request' has incomplete content: with type="replace" it needs <id>.`)}
			}
			return nil
		},
	}
}

// changeAttributes are those of requests that change an item.
func changeAttributes() []policy.Attribute {
	return []policy.Attribute{
		{Name: "consistency-level", Doc: "Consistency that is asked for.", Type: policy.Enum,
			Values: []string{"bounded-staleness", "consistent-prefix", "eventual", "session", "strong"}, ExpressionOpen: true},
		{Name: "pre-trigger", Doc: "A trigger to run before it.", Type: policy.String, ExpressionOpen: true},
		{Name: "post-trigger", Doc: "A trigger to run after it.", Type: policy.String, ExpressionOpen: true},
	}
}

func itemID() policy.Element { return text("id", "Id of the item.", template()) }

func partitionKey() policy.Element {
	return text("partition-key", "Partition key.",
		policy.Attribute{Name: "data-type", Doc: "Its type.", Type: policy.Enum, Values: []string{"string", "number", "bool", "none", "null"}, Default: "string", ExpressionOpen: true},
		template())
}

func etag() policy.Element {
	return openText("etag", "Entity tag of the item as it was.",
		policy.Attribute{Name: "type", Doc: "Whether it has to be the same still.", Type: policy.Enum, Values: []string{"match", "no-match"}, Default: "match", ExpressionOpen: true},
		template())
}

// template is the attribute that makes a text a template.
func template() policy.Attribute {
	return policy.Attribute{Name: "template", Doc: "liquid makes the text a Liquid template.", Type: policy.Enum, Values: []string{"liquid"}, ExpressionOpen: true}
}
