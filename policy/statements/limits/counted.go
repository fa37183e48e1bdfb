package limits

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
)

// counted is an api or operation child: an entity of the product with a limit of
// its own.
func counted(name, doc string, limit []policy.Attribute) policy.Element {
	return policy.Element{
		Name: name,
		Doc:  doc,
		Attributes: slices.Concat([]policy.Attribute{
			{Name: "name", Doc: "It by its name.", Type: policy.String, ExpressionOpen: true},
			{Name: "id", Doc: "It by its id, which wins over the name.", Type: policy.String, ExpressionOpen: true},
		}, limit),
		AtLeastOne: [][]string{{"name", "id"}},
	}
}

// increments are the attributes of the statements that count by a key.
func increments() []policy.Attribute {
	return []policy.Attribute{
		{Name: "counter-key", Doc: "What is counted: each value has a counter of its own.", Type: policy.String, Required: true, Expression: true},
		{Name: "increment-condition", Doc: "Whether this request counts.", Type: policy.Bool, Expression: true},
		{Name: "increment-count", Doc: "By how much it counts.", Type: policy.Int, Default: "1", Expression: true},
	}
}

// rateReports are the attributes that tell callers and later statements how the
// limit of a rate stands.
func rateReports() []policy.Attribute {
	return []policy.Attribute{
		{Name: "retry-after-header-name", Doc: "Response header with the seconds to wait.", Type: policy.String, Default: "Retry-After"},
		{Name: "retry-after-variable-name", Doc: "Variable with the seconds to wait.", Type: policy.String},
		{Name: "remaining-calls-header-name", Doc: "Response header with the calls that are left.", Type: policy.String},
		{Name: "remaining-calls-variable-name", Doc: "Variable with the calls that are left.", Type: policy.String},
		{Name: "total-calls-header-name", Doc: "Response header with the calls that are allowed.", Type: policy.String},
	}
}
