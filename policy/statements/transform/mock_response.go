package transform

import (
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// MockResponse defines <mock-response>.
func MockResponse() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "mock-response",
			Doc:  "Ends the pipeline and answers the caller with a made-up response: an example of the API's definition, a sample of its schema, or no body.",
			Attributes: []policy.Attribute{
				{Name: "status-code", Doc: "Status code; it picks the example or schema, too.", Type: policy.Status, Default: "200"},
				{Name: "content-type", Doc: "Content-Type of the response; it picks the example or schema, too.", Type: policy.String},
				// Seen in the policy toolkit only.
				{Name: "index", Doc: "Which example of the response to use, from 0.", Type: policy.Int},
			},
			Check: func(n *policy.Node) policy.Diagnostics {
				if contentType, known := n.String("content-type").Constant(); known && !part.OnOneLine(contentType) {
					return policy.Diagnostics{n.Fault(policy.Error, n.Attr("content-type"), "a header value has to stand on one line")}
				}
				return nil
			},
		},
		Category: "transform",
		Facts:    mockResponseFacts,
		Sections: []exchange.Section{exchange.Inbound, exchange.Outbound, exchange.OnError},
		Compile: func(n *policy.Node) (policy.Step, error) {
			s := &mockResponse{}
			s.status, _ = n.Int("status-code").Constant()
			s.contentType, _ = n.String("content-type").Constant()
			s.index, _ = n.Int("index").Constant()
			return s, nil
		},
	}
}

type mockResponse struct {
	status      int
	contentType string
	index       int
}

// Run answers with a response of its own. Its reason phrase is the status's: the toolkit's
// is empty, and nobody has recorded one.
func (s *mockResponse) Run(r *policy.Run) error {
	contentType, body, found := s.content(r.Operation)
	response := &exchange.Response{Status: s.status, Reason: exchange.StatusText(s.status)}
	if contentType != "" {
		response.Header.Add("Content-Type", contentType)
	}
	if body != nil {
		response.Body = exchange.BytesBody(body)
	}
	respond(r, response)
	if r.Observed() {
		r.Note("mock-response", "The pipeline was ended with a mock response: "+found+".")
	}
	return policy.ErrResponded
}

// content is what the response says, and where that comes from. What of another content
// type is used, and that it is after the asked one's sample, is chosen by the toolkit's
// emulator.
func (s *mockResponse) content(o *exchange.Operation) (contentType string, body []byte, found string) {
	var all []exchange.Representation
	if o != nil {
		if d := o.Definition.Response(s.status); d != nil {
			all = d.Representations
		}
	}
	if s.contentType == "" {
		if len(all) == 0 {
			return "", nil, "the operation has none of this status"
		}
		body, found = s.of(&all[0])
		return all[0].ContentType, body, found
	}
	for i := range all {
		if sameType(all[i].ContentType, s.contentType) {
			if body, found = s.of(&all[i]); body != nil {
				return s.contentType, body, found
			}
		}
	}
	for i := range all {
		if example := s.example(&all[i]); example != nil {
			return all[i].ContentType, example, "an example of another content type"
		}
	}
	return s.contentType, nil, "the operation has no example and no schema of this status and content type"
}

func (s *mockResponse) of(r *exchange.Representation) (body []byte, found string) {
	if example := s.example(r); example != nil {
		return example, "an example"
	}
	if r.Sample != nil {
		return r.Sample, "a sample of the schema"
	}
	return nil, "the operation has no example and no schema"
}

func (s *mockResponse) example(r *exchange.Representation) []byte {
	if s.index < len(r.Examples) {
		return r.Examples[s.index]
	}
	return nil
}

// sameType compares content types without their parameters.
func sameType(a, b string) bool {
	a, _, _ = strings.Cut(a, ";")
	b, _, _ = strings.Cut(b, ";")
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}
