package routing

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// SetBackendService defines <set-backend-service>.
func SetBackendService() *policy.Definition {
	const serviceFabric, dapr = "Service Fabric is not emulated", "Dapr is not emulated"
	return &policy.Definition{
		Element: policy.Element{
			Name: "set-backend-service",
			Doc:  "Points the request at another backend; path and query stay.",
			Attributes: []policy.Attribute{
				{Name: "base-url", Doc: "The new base address, without a slash at its end.", Type: policy.URL, Expression: true},
				{Name: "backend-id", Doc: "Name of a backend entity.", Type: policy.String, Expression: true, Unsupported: "backend entities come with a later version; use base-url"},
				{Name: "sf-resolve-condition", Doc: "Service Fabric: when to resolve again.", Type: policy.Bool, Expression: true, Unsupported: serviceFabric},
				{Name: "sf-service-instance-name", Doc: "Service Fabric: service instance.", Type: policy.String, Expression: true, Unsupported: serviceFabric},
				{Name: "sf-partition-key", Doc: "Service Fabric: partition key.", Type: policy.String, Expression: true, Unsupported: serviceFabric},
				{Name: "sf-listener-name", Doc: "Service Fabric: listener.", Type: policy.String, Expression: true, Unsupported: serviceFabric},
				{Name: "sf-replica-type", Doc: "Service Fabric: replica.", Type: policy.String, ExpressionOpen: true, Unsupported: serviceFabric},
				{Name: "dapr-app-id", Doc: "Dapr: the microservice.", Type: policy.String, Expression: true, Unsupported: dapr},
				{Name: "dapr-method", Doc: "Dapr: its method.", Type: policy.String, Expression: true, Unsupported: dapr},
				{Name: "dapr-namespace", Doc: "Dapr: its namespace.", Type: policy.String, Expression: true, Unsupported: dapr},
			},
			OneOf:    [][]string{{"base-url", "backend-id"}},
			Together: [][]string{{"dapr-app-id", "dapr-method"}},
			Check:    checkDapr,
		},
		Category: "routing",
		Sections: []exchange.Section{exchange.Inbound, exchange.Backend},
		Compile: func(n *policy.Node) (policy.Step, error) {
			address := n.String("base-url")
			s := &setBackendService{address: address}
			if text, ok := address.Constant(); ok {
				s.base, _ = exchange.ParseURL(text) // Check has accepted it
				s.constant = true
				n.Refer(n.Attr("base-url"), s.base)
			}
			return s, nil
		},
	}
}

// checkDapr tells of a set-backend-service that is only half for Dapr.
func checkDapr(n *policy.Node) policy.Diagnostics {
	id, known := n.String("backend-id").Constant()
	switch {
	case known && id == "dapr" && !n.Has("dapr-app-id"):
		return policy.Diagnostics{n.Fault(policy.Error, n.Attr("backend-id"), `<set-backend-service> with backend-id="dapr" needs dapr-app-id and dapr-method`)}
	case known && id != "dapr" && (n.Has("dapr-app-id") || n.Has("dapr-namespace")):
		return policy.Diagnostics{n.Fault(policy.Error, nil, `the dapr- attributes of <set-backend-service> need backend-id="dapr"`)}
	}
	return nil
}

type setBackendService struct {
	address  policy.Operand[string]
	base     exchange.URL // of an address that is the same for all requests
	constant bool
}

func (s *setBackendService) Run(r *policy.Run) error {
	base := s.base
	if !s.constant {
		address, err := s.address.Get(r)
		if err != nil {
			return err
		}
		if base, err = exchange.ParseURL(address); err != nil {
			f := &exchange.Failure{Status: 500, Err: err}
			f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed("base-url is no address: "+err.Error())
			return f
		}
	}
	r.Request.SetBackend(base)
	// Microsoft's samples write a query here; nothing says what becomes
	// of the request's own, so both are kept.
	r.Request.URL.RawQuery = exchange.QueryJoin(base.RawQuery, r.Request.URL.RawQuery)
	if r.Observed() {
		r.Note("set-backend-service", "The request will go to "+base.Scheme+"://"+base.Authority()+base.Path)
	}
	return nil
}
