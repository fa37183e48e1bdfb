package routing

import (
	"net/url"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// SetBackendService defines <set-backend-service>.
func SetBackendService() *policy.Definition {
	const serviceFabric = "Service Fabric is not emulated"
	return &policy.Definition{
		Element: policy.Element{
			Name: "set-backend-service",
			Doc:  "Points the request at another backend; path and query stay.",
			Attributes: []policy.Attribute{
				{Name: "base-url", Doc: "The new base address, without a slash at its end.", Type: policy.URL, Expression: true},
				{Name: "backend-id", Doc: "Name of a backend entity, or dapr.", Type: policy.String, Expression: true},
				{Name: "sf-resolve-condition", Doc: "Service Fabric: when to resolve again.", Type: policy.Bool, Expression: true, Unsupported: serviceFabric},
				{Name: "sf-service-instance-name", Doc: "Service Fabric: service instance.", Type: policy.String, Expression: true, Unsupported: serviceFabric},
				{Name: "sf-partition-key", Doc: "Service Fabric: partition key.", Type: policy.String, Expression: true, Unsupported: serviceFabric},
				{Name: "sf-listener-name", Doc: "Service Fabric: listener.", Type: policy.String, Expression: true, Unsupported: serviceFabric},
				{Name: "sf-replica-type", Doc: "Service Fabric: replica.", Type: policy.String, ExpressionOpen: true, Unsupported: serviceFabric},
				{Name: "dapr-app-id", Doc: "Dapr: the microservice.", Type: policy.String, Expression: true},
				{Name: "dapr-method", Doc: "Dapr: its method.", Type: policy.String, Expression: true},
				{Name: "dapr-namespace", Doc: "Dapr: its namespace.", Type: policy.String, Expression: true},
			},
			OneOf:    [][]string{{"base-url", "backend-id"}},
			Together: [][]string{{"dapr-app-id", "dapr-method"}},
			Check:    checkDapr,
		},
		Category: "routing",
		Facts:    setBackendServiceFacts,
		Sections: []exchange.Section{exchange.Inbound, exchange.Backend},
		Compile: func(n *policy.Node) (policy.Step, error) {
			switch {
			case n.Has("base-url"):
				return compileBaseURL(n), nil
			case n.Has("dapr-app-id"):
				n.Refer(n.Attr("backend-id"), daprSidecar)
				return &setDapr{n.String("dapr-app-id"), n.String("dapr-method"), n.String("dapr-namespace"), n.Site().Scope}, nil
			}
			if err := n.CheckBackend("backend-id"); err != nil {
				return nil, err
			}
			return &setBackend{id: n.String("backend-id"), scope: n.Site().Scope}, nil
		},
	}
}

// checkDapr tells of a set-backend-service that is only half for Dapr.
func checkDapr(n *policy.Node) policy.Diagnostics {
	id, known := n.String("backend-id").Constant()
	switch {
	case known && id == daprID && !n.Has("dapr-app-id"):
		return policy.Diagnostics{n.Fault(policy.Error, n.Attr("backend-id"), `<set-backend-service> with backend-id="dapr" needs dapr-app-id and dapr-method`)}
	case known && id != daprID && (n.Has("dapr-app-id") || n.Has("dapr-namespace")):
		return policy.Diagnostics{n.Fault(policy.Error, nil, `the dapr- attributes of <set-backend-service> need backend-id="dapr"`)}
	}
	return nil
}

// setBackend chooses a backend entity. It is looked up by what the request's instance
// has, so that a reload changes it.
type setBackend struct {
	id    policy.Operand[string]
	scope exchange.Scope
}

func (s *setBackend) Run(r *policy.Run) error {
	id, err := s.id.Get(r)
	if err != nil {
		return err
	}
	e, err := part.BackendByID(r, id)
	if err != nil {
		return err
	}
	r.Request.Backend, r.Request.BackendScope = e, s.scope
	if e.Pool == nil {
		r.Request.SetBackend(e.URL) // of a pool forward-request picks one
	}
	if r.Observed() {
		r.Note("set-backend-service", "The request will go to backend '"+e.ID+"'")
	}
	return nil
}

// setBaseURL gives the request a base address.
type setBaseURL struct {
	address  policy.Operand[string]
	base     exchange.URL // of an address that is the same for all requests
	constant bool
	scope    exchange.Scope
}

func compileBaseURL(n *policy.Node) *setBaseURL {
	s := &setBaseURL{address: n.String("base-url"), scope: n.Site().Scope}
	if text, ok := s.address.Constant(); ok {
		s.base, _ = exchange.ParseURL(text) // Check has accepted it
		s.constant = true
		n.Refer(n.Attr("base-url"), s.base)
	}
	return s
}

func (s *setBaseURL) Run(r *policy.Run) error {
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
	if e := r.Request.Backend; e != nil && narrower(s.scope, r.Request.BackendScope) {
		// policies-1.yaml: an inherited backend-id can be overridden by a backend-id only.
		r.Note("set-backend-service", "warning: base-url does not win over backend-id '"+e.ID+"' of a wider scope: override it by a backend-id")
		return nil
	}
	r.Request.Backend = nil
	r.Request.SetBackend(base)
	// Microsoft's samples write a query here; nothing says what becomes
	// of the request's own, so both are kept.
	r.Request.URL.RawQuery = exchange.QueryJoin(base.RawQuery, r.Request.URL.RawQuery)
	if r.Observed() {
		r.Note("set-backend-service", "The request will go to "+base.Scheme+"://"+base.Authority()+base.Path)
	}
	return nil
}

// width is how wide scopes are.
var width = map[exchange.Scope]int{exchange.ScopeOperation: 0, exchange.ScopeAPI: 1, exchange.ScopeProduct: 2, exchange.ScopeGlobal: 3}

func narrower(a, b exchange.Scope) bool { return width[a] < width[b] }

// daprID is the backend-id of the form for Dapr.
const daprID = "dapr"

// daprSidecar is where Dapr's sidecar listens.
var daprSidecar = exchange.URL{Scheme: "http", Host: "localhost", Port: 3500}

// setDapr points the request at a method of a Dapr application, by way of the sidecar.
// The address is the whole target, so the request's path goes; its query stays, of which
// the page says nothing.
type setDapr struct {
	app, method, namespace policy.Operand[string]
	scope                  exchange.Scope
}

func (s *setDapr) Run(r *policy.Run) error {
	values, err := policy.All(r, []policy.Operand[string]{s.app, s.method, s.namespace})
	if err != nil {
		return err
	}
	app := values[0]
	if values[2] != "" {
		app += "." + values[2]
	}
	r.Request.Backend, r.Request.BackendScope = nil, s.scope
	r.Request.SetBackend(daprSidecar)
	r.Request.URL.Path = "/v1.0/invoke/" + url.PathEscape(app) + "/method/" + exchange.Escaped(values[1])
	if r.Observed() {
		r.Note("set-backend-service", "The request will go to "+daprSidecar.Scheme+"://"+daprSidecar.Authority()+r.Request.URL.Path)
	}
	return nil
}
