package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// MockResponse defines <mock-response>. An operation has neither examples nor
// schemas yet, so its body is the documented last resort: empty.
func MockResponse() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "mock-response",
			Doc:  "Ends the pipeline and answers the caller with a made-up response.",
			Attributes: []policy.Attribute{
				{Name: "status-code", Doc: "Status code.", Type: policy.Status, Default: "200"},
				{Name: "content-type", Doc: "Content-Type of the response.", Type: policy.String},
				{Name: "index", Doc: "Which example of the response to use.", Type: policy.Int, Unsupported: "operations have no examples yet"},
			},
			Check: func(n *policy.Node) policy.Diagnostics {
				if contentType, known := n.String("content-type").Constant(); known && !part.OnOneLine(contentType) {
					return policy.Diagnostics{n.Fault(policy.Error, n.Attr("content-type"), "a header value has to stand on one line")}
				}
				return nil
			},
		},
		Category: "transform",
		Sections: []exchange.Section{exchange.Inbound, exchange.Outbound, exchange.OnError},
		Compile: func(n *policy.Node) (policy.Step, error) {
			status, _ := n.Int("status-code").Constant()
			contentType, _ := n.String("content-type").Constant()
			return policy.StepFunc(func(r *policy.Run) error {
				response := &exchange.Response{Status: status, Reason: exchange.StatusText(status)}
				if contentType != "" {
					response.Header.Add("Content-Type", contentType)
				}
				respond(r, response)
				r.Note("mock-response", "The pipeline was ended with a mock response.")
				return policy.ErrResponded
			}), nil
		},
	}
}
