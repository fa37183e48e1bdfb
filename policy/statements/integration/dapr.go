package integration

import (
	"github.com/apimulator/apimulator/policy"
)

// daprCall are the attributes of the statements that call the Dapr sidecar.
func daprCall() []policy.Attribute {
	return []policy.Attribute{
		{Name: "ignore-error", Doc: "Go on where Dapr answers with an error.", Type: policy.Bool, Default: "false"},
		{Name: "response-variable-name", Doc: "Variable that gets Dapr's response.", Type: policy.String},
		{Name: "timeout", Doc: "Seconds to wait for it.", Type: policy.Seconds, Min: 1, Max: 240, Default: "5", Expression: true},
		{Name: "template", Doc: "Liquid makes the content a Liquid template.", Type: policy.Enum, Values: []string{"Liquid"}, ExpressionOpen: true},
		{Name: "content-type", Doc: "Type of the content.", Type: policy.Enum, Values: []string{"application/json"}, ExpressionOpen: true},
	}
}
