package transform

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// existsActions are what set-header and set-query-parameter may do about a value
// that is there already.
var existsActions = []string{"override", "skip", "append", "delete"}

func existsActionAttribute() policy.Attribute {
	return policy.Attribute{Name: "exists-action", Doc: "What to do when it is there already.", Type: policy.Enum, Values: existsActions, Default: "override", Expression: true}
}

func setHeaderElement() policy.Element {
	return policy.Element{
		Name: "set-header",
		Doc:  "Sets, adds to or removes a header of the request (inbound, backend) or of the response (outbound, on-error).",
		Attributes: []policy.Attribute{
			{Name: "name", Doc: "Header name.", Type: policy.String, Required: true, Expression: true},
			existsActionAttribute(),
		},
		Children: []policy.Child{{Element: policy.Element{Name: "value", Doc: "A value; several are sent as one line, joined by commas.", Text: policy.TrimmedText}}},
	}
}

// SetHeader defines <set-header>.
func SetHeader() *policy.Definition {
	return &policy.Definition{
		Element:  setHeaderElement(),
		Category: "transform",
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			e, err := compileSetHeader(n)
			return &editStep{e, n.Site().Section}, err
		},
	}
}

// separateLines are the headers whose values are sent as lines of their own
// (policies-2.yaml, set-header).
var separateLines = []string{"user-agent", "www-authenticate", "proxy-authenticate", "cookie", "set-cookie", "warning", "date", "expires",
	"if-modified-since", "if-unmodified-since", "last-modified", "retry-after"}

// fixedHeaders belong to the connection: they can be neither changed nor removed.
var fixedHeaders = []string{"connection", "content-length", "keep-alive", "transfer-encoding"}

type headerEdit struct {
	name   policy.Operand[string]
	action policy.Operand[string]
	values []policy.Operand[string]
}

func compileSetHeader(n *policy.Node) (*headerEdit, error) {
	e := &headerEdit{name: n.String("name"), action: n.String("exists-action"), values: n.Contents("value")}
	action, _ := e.action.Constant()
	if name, ok := e.name.Constant(); ok {
		written := n.Attr("name").Written()
		if !isHeaderName(name) {
			return nil, n.Fault(policy.Error, n.Attr("name"), "%q is no header name", written)
		}
		if hasNoEffect(name, action) {
			n.Warn(n.Attr("name"), "APIM can neither change nor remove the header %s (Server can be changed): this has no effect", written)
		}
	}
	if len(e.values) == 0 && action != "delete" {
		return nil, n.Fault(policy.Error, nil, `<set-header> needs a <value> unless exists-action is "delete"`)
	}
	for i, v := range e.values {
		if text, ok := v.Constant(); ok && !onOneLine(text) {
			return nil, n.ChildrenNamed("value")[i].Fault(policy.Error, nil, "a header value has to stand on one line")
		}
	}
	return e, nil
}

// hasNoEffect tells what APIM accepts in a document but does not do: deployed
// documents ask for it (policies-2.yaml, set-header).
func hasNoEffect(name, action string) bool {
	return slices.Contains(fixedHeaders, strings.ToLower(name)) || action == "delete" && strings.EqualFold(name, "Server")
}

func (e *headerEdit) apply(r *policy.Run, m message) error {
	name, err := e.name.Get(r)
	if err != nil {
		return err
	}
	action, err := e.action.Get(r)
	if err != nil {
		return err
	}
	if !isHeaderName(name) {
		return badHeader("the name is no header name")
	}
	if action == "skip" && m.header.Has(name) || hasNoEffect(name, action) {
		return nil
	}
	if action == "delete" {
		if r.Observed() && m.header.Has(name) {
			r.Note("set-header", "Header '"+name+"' was removed.")
		}
		m.setHeader(name)
		return nil
	}
	values, err := policy.All(r, e.values)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(values, func(v string) bool { return !onOneLine(v) }) {
		return badHeader("a value of " + name + " does not stand on one line")
	}
	if action == "append" {
		values = append(m.header.Values(name), values...)
	}
	if len(values) > 1 && !slices.Contains(separateLines, strings.ToLower(name)) {
		values = []string{strings.Join(values, ",")}
	}
	m.setHeader(name, values...)
	if r.Observed() {
		r.Note("set-header", "Header '"+name+"' was set.")
	}
	return nil
}

// badHeader is the failure of an expression that gave what no header can be: the
// message could not be sent.
func badHeader(why string) error {
	f := &exchange.Failure{Status: 500}
	f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed("The header can't be set: "+why+".")
	return f
}

// isHeaderName tells a token of RFC 9110 section 5.6.2.
func isHeaderName(s string) bool {
	return s != "" && strings.Trim(s, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
