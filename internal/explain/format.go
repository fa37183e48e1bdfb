package explain

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// WriteXML prints the policy as one document; each statement has its file and line
// in a comment before it.
func (r *Report) WriteXML(w io.Writer) error {
	_, err := io.WriteString(w, r.Policy.XML())
	return err
}

// report is the JSON of a Report.
type report struct {
	Request   string           `json:"request,omitempty"`
	API       apiJSON          `json:"api"`
	Operation operationJSON    `json:"operation"`
	Product   *string          `json:"product"`
	Key       keyJSON          `json:"key"`
	Products  []productJSON    `json:"products"`
	Policies  []policyJSON     `json:"policies"`
	NotRun    []diagnosticJSON `json:"notRun"`
	Sections  sectionsJSON     `json:"sections"`
}

type apiJSON struct {
	Name     string `json:"name"`
	Version  string `json:"version,omitempty"`
	Revision string `json:"revision"`
}

type operationJSON struct {
	Name        string `json:"name"`
	Method      string `json:"method"`
	URLTemplate string `json:"urlTemplate"`
}

type keyJSON struct {
	Required bool `json:"required"` // by the API; an open product asks for none
	// Subscription is the one whose key the request has.
	Subscription *string `json:"subscription"`
	// Refused: the request is answered with 401 as it stands.
	Refused       bool               `json:"refused"`
	Header        string             `json:"header"`
	Query         string             `json:"query"`
	Subscriptions []subscriptionJSON `json:"subscriptions"`
}

type subscriptionJSON struct {
	Name    string `json:"name"`
	Product string `json:"product,omitempty"`
	API     string `json:"api,omitempty"`
}

type productJSON struct {
	Name     string `json:"name"`
	Required bool   `json:"subscriptionRequired"`
	Policy   string `json:"policy,omitempty"`
}

type policyJSON struct {
	Scope exchange.Scope `json:"scope"`
	File  string         `json:"file"`
}

type diagnosticJSON struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

type sectionsJSON struct {
	Inbound  []statementJSON `json:"inbound"`
	Backend  []statementJSON `json:"backend"`
	Outbound []statementJSON `json:"outbound"`
	OnError  []statementJSON `json:"on-error"`
}

type statementJSON struct {
	Statement string          `json:"statement"`
	File      string          `json:"file"`
	Line      int             `json:"line"`
	Scope     exchange.Scope  `json:"scope"`
	Source    string          `json:"source"`
	Children  []statementJSON `json:"children,omitempty"`
}

// WriteJSON prints the report as a JSON object. A list is never null.
func (r *Report) WriteJSON(w io.Writer) error {
	v, o := &r.API.View, &r.Operation.View
	out := report{
		Request: r.Request, API: apiJSON{v.ID, v.Version, v.Revision}, Operation: operationJSON{o.ID, o.Method, o.URLTemplate},
		Key:      keyJSON{Required: r.API.SubscriptionRequired, Refused: r.Refused != "", Header: v.SubscriptionHeader, Query: v.SubscriptionQuery, Subscriptions: []subscriptionJSON{}},
		Products: []productJSON{}, Policies: []policyJSON{}, NotRun: []diagnosticJSON{},
	}
	if r.Product != nil {
		out.Product = &r.Product.View.ID
	}
	if r.Subscription != "" {
		out.Key.Subscription = &r.Subscription
	}
	for _, s := range r.Subscriptions {
		sub := subscriptionJSON{Name: s.View.ID}
		if s.Product != nil {
			sub.Product = s.Product.View.ID
		}
		if s.API != nil {
			sub.API = s.API.View.ID
		}
		out.Key.Subscriptions = append(out.Key.Subscriptions, sub)
	}
	for _, p := range r.API.Products {
		product := productJSON{Name: p.View.ID, Required: p.SubscriptionRequired}
		if p.Policy != nil {
			product.Policy = p.Policy.Name
		}
		out.Products = append(out.Products, product)
	}
	for _, c := range r.Policies {
		out.Policies = append(out.Policies, policyJSON{c.Scope, c.Name})
	}
	for _, d := range r.NotRun {
		out.NotRun = append(out.NotRun, diagnosticJSON{d.Document, d.Line, d.Message})
	}
	out.Sections = sectionsOf(r.Policy)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

func sectionsOf(e *policy.EffectivePolicy) sectionsJSON {
	by := make(map[exchange.Section][]statementJSON)
	for _, s := range e.Sections {
		by[s.Name] = statements(s.Parts)
	}
	return sectionsJSON{by[exchange.Inbound], by[exchange.Backend], by[exchange.Outbound], by[exchange.OnError]}
}

func statements(parts []*policy.Part) []statementJSON {
	all := []statementJSON{}
	for _, p := range parts {
		line, _ := p.Node.Position()
		all = append(all, statementJSON{
			p.Node.Name, p.Node.Document().Name, line, p.Scope, strings.TrimSuffix(p.Source(), "\n"), statements(p.Parts),
		})
	}
	return all
}
