package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// ReturnResponse defines <return-response>.
func ReturnResponse() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "return-response",
			Doc:  "Ends the pipeline and answers the caller: 200 OK without a body, unless children say otherwise.",
			Attributes: []policy.Attribute{
				{Name: "response-variable-name", Doc: "Variable that holds the response to return; children change it.", Type: policy.String},
			},
			Children: []policy.Child{
				{Element: part.SetStatus(), Max: 1},
				{Element: part.SetHeader()},
				{Element: part.SetBody(), Max: 1},
			},
			OrderOpen: true,
		},
		Category: "transform",
		Facts:    returnResponseFacts,
		Sections: policy.AnySection,
		Compile:  compileReturnResponse,
	}
}

type returnResponse struct {
	variable string           // "": the response is made here
	status   *part.StatusEdit // nil: it stays as it is
	edits    []part.Edit
}

func compileReturnResponse(n *policy.Node) (policy.Step, error) {
	s := &returnResponse{}
	s.variable, _ = n.String("response-variable-name").Constant()
	for _, c := range n.Children {
		switch c.Name {
		case "set-status":
			s.status = part.CompileSetStatus(c)
		case "set-header":
			s.edits = append(s.edits, part.CompileSetHeader(c))
		case "set-body":
			edit, err := part.CompileSetBody(c, true) // Liquid sees no body, whatever the response has
			if err != nil {
				return nil, err
			}
			s.edits = append(s.edits, edit)
		}
	}
	return s, nil
}

func (s *returnResponse) Run(r *policy.Run) error {
	response, err := s.response(r)
	if err != nil {
		return err
	}
	if s.status != nil {
		if err := s.status.Apply(r, response); err != nil {
			return err
		}
	}
	m := part.ResponseMessage(response)
	for _, e := range s.edits {
		if err := e.Apply(r, m); err != nil {
			return err
		}
	}
	respond(r, response)
	r.Note("return-response", "Return response was applied")
	return policy.ErrResponded
}

// response is the one that the children change: that of the variable, or a new one.
func (s *returnResponse) response(r *policy.Run) (*exchange.Response, error) {
	if s.variable == "" {
		return &exchange.Response{Status: 200, Reason: exchange.StatusText(200)}, nil
	}
	value, _ := r.Variables.Get(s.variable)
	if response := expr.ResponseOf(value); response != nil {
		return response, nil
	}
	// No source has the reason and the message.
	f := &exchange.Failure{Status: 500}
	f.Reason, f.Message = exchange.ReasonResponseVariable, exchange.MessageResponseVariable(s.variable)
	return nil, f
}

// respond makes response the exchange's, and lets go of the one before.
func respond(r *policy.Run, response *exchange.Response) {
	if r.Response != nil && r.Response != response {
		r.Response.Body.Close()
	}
	r.Response = response
}
