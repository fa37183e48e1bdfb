package integration

import (
	"github.com/apimulator/apimulator/policy"
)

// SendRequest defines <send-request>.
func SendRequest() *policy.Definition {
	return &policy.Definition{
		Element: sentRequest("send-request", "Sends a request of its own and puts the response into a variable.",
			policy.Attribute{Name: "response-variable-name", Doc: "Variable that gets the response.", Type: policy.String, Required: true, ExpressionOpen: true},
			policy.Attribute{Name: "ignore-error", Doc: "Set the variable to null where there is no response, and go on.", Type: policy.Bool, Default: "false"},
		),
		Category: "integration",
		Sections: policy.AnySection,
	}
}
