package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// ReturnResponse defines <return-response>.
func ReturnResponse() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "return-response",
			Doc:  "Ends the pipeline and answers the caller: 200 OK without a body, unless children say otherwise.",
			Attributes: []policy.Attribute{
				{Name: "response-variable-name", Doc: "Variable that holds the response to return.", Type: policy.String,
					Unsupported: "no statement that sets such a variable runs yet"},
			},
			Children: []policy.Child{
				{Element: setStatusElement(), Max: 1},
				{Element: setHeaderElement()},
				{Element: setBodyElement(), Max: 1},
			},
		},
		Category: "transform",
		Sections: policy.AnySection,
		Compile:  compileReturnResponse,
	}
}

type returnResponse struct {
	status *statusEdit // nil: 200 OK
	edits  []edit
}

func compileReturnResponse(n *policy.Node) (policy.Step, error) {
	s := &returnResponse{}
	for _, c := range n.Children {
		var e edit
		var err error
		switch c.Name {
		case "set-status":
			s.status, err = compileSetStatus(c)
		case "set-header":
			e, err = compileSetHeader(c)
		case "set-body":
			e = compileSetBody(c)
		}
		if err != nil {
			return nil, err
		}
		if e != nil {
			s.edits = append(s.edits, e)
		}
	}
	return s, nil
}

func (s *returnResponse) Run(r *policy.Run) error {
	response := &exchange.Response{Status: 200, Reason: exchange.StatusText(200)}
	if s.status != nil {
		if err := s.status.apply(r, response); err != nil {
			return err
		}
	}
	m := responseMessage(response)
	for _, e := range s.edits {
		if err := e.apply(r, m); err != nil {
			return err
		}
	}
	respond(r, response)
	r.Note("return-response", "Return response was applied")
	return policy.ErrResponded
}

// respond makes response the exchange's, and lets go of the one before.
func respond(r *policy.Run, response *exchange.Response) {
	if r.Response != nil {
		r.Response.Body.Close()
	}
	r.Response = response
}
