package graphql

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// SQLDataSource defines <sql-data-source>.
func SQLDataSource() *policy.Definition {
	sqlType := policy.Attribute{Name: "sql-type", Doc: "Its type in T-SQL.", Type: policy.String, ExpressionOpen: true}
	return &policy.Definition{
		Element: policy.Element{
			Name:      "sql-data-source",
			Doc:       "Resolves a field by a query of Azure SQL.",
			OrderOpen: true,
			Children: []policy.Child{
				one(policy.Element{Name: "connection-info", Doc: "The database.", Children: []policy.Child{
					one(openText("connection-string", "Its connection string.",
						policy.Attribute{Name: "use-managed-identity", Doc: "Sign in as the system-assigned identity.", Type: policy.Bool, Default: "false", Expression: true})),
					fragments(),
					once(part.Certificate()),
				}}),
				fragments(),
				one(policy.Element{
					Name: "request", Doc: "The query.",
					Attributes: []policy.Attribute{{Name: "single-result", Doc: "There is one row at most: make it one object.", Type: policy.Bool, Default: "false", Expression: true}},
					Children: []policy.Child{
						statement("include-fragment"),
						once(part.SetBody()),
						one(openText("sql-statement", "Statements in T-SQL; the last one gives the result.")),
						once(parameters(sqlType)),
					},
				}),
				once(response(statement("include-fragment"))),
			},
		},
		Category: "graphql",
		Scopes:   resolverOnly,
		Root:     true,
	}
}
