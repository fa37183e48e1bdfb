package part

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// existsAction is what set-header and set-query-parameter may do about a value
// that is there already.
func existsAction() policy.Attribute {
	return policy.Attribute{Name: "exists-action", Doc: "What to do when it is there already.", Type: policy.Enum,
		Values: []string{"override", "skip", "append", "delete"}, Default: "override", Expression: true}
}

// needsValue is what is wrong with a node that has no value for what it sets.
func needsValue(n *policy.Node) policy.Diagnostics {
	action, known := n.String("exists-action").Constant()
	if known && action != "delete" && n.Child("value") == nil {
		return policy.Diagnostics{n.Fault(policy.Error, nil, `<%s> needs a <value> unless exists-action is "delete"`, n.Name)}
	}
	return nil
}

// SetHeader is the element set-header.
func SetHeader() policy.Element {
	return policy.Element{
		Name: "set-header",
		Doc:  "Sets, adds to or removes a header of the request (inbound, backend) or of the response (outbound, on-error).",
		Attributes: []policy.Attribute{
			{Name: "name", Doc: "Header name.", Type: policy.String, Required: true, Expression: true},
			existsAction(),
		},
		Children: []policy.Child{{Element: policy.Element{Name: "value", Doc: "A value; several are sent as one line, joined by commas.", Text: policy.TrimmedText}}},
		Check:    checkHeader,
	}
}

func checkHeader(n *policy.Node) policy.Diagnostics {
	var found policy.Diagnostics
	action, _ := n.String("exists-action").Constant()
	if name, known := n.String("name").Constant(); known {
		written := n.Attr("name").Written()
		switch {
		case !exchange.IsToken(name):
			found = append(found, n.Fault(policy.Error, n.Attr("name"), "%q is no header name", written))
		case hasNoEffect(name, action):
			found = append(found, n.Fault(policy.Warning, n.Attr("name"), "APIM can neither change nor remove the header %s (Server can be changed): this has no effect", written))
		}
	}
	for _, v := range n.ChildrenNamed("value") {
		if text, known := v.Content().Constant(); known && !OnOneLine(text) {
			found = append(found, v.Fault(policy.Error, nil, "a header value has to stand on one line"))
		}
	}
	return append(found, needsValue(n)...)
}

// separateLines are the headers whose values are sent as lines of their own
// (policies-2.yaml, set-header).
var separateLines = []string{"user-agent", "www-authenticate", "proxy-authenticate", "cookie", "set-cookie", "warning", "date", "expires",
	"if-modified-since", "if-unmodified-since", "last-modified", "retry-after"}

// fixedHeaders belong to the connection: they can be neither changed nor removed.
var fixedHeaders = []string{"connection", "content-length", "keep-alive", "transfer-encoding"}

// hasNoEffect tells what APIM accepts in a document but does not do: deployed
// documents ask for it (policies-2.yaml, set-header).
func hasNoEffect(name, action string) bool {
	return slices.Contains(fixedHeaders, strings.ToLower(name)) || action == "delete" && strings.EqualFold(name, "Server")
}

type headerEdit struct {
	name   policy.Operand[string]
	action policy.Operand[string]
	values []policy.Operand[string]
}

// CompileSetHeader makes the edit of a set-header that was checked.
func CompileSetHeader(n *policy.Node) Edit {
	return &headerEdit{name: n.String("name"), action: n.String("exists-action"), values: n.Contents("value")}
}

func (e *headerEdit) Apply(r *policy.Run, m Message) error {
	name, err := e.name.Get(r)
	if err != nil {
		return err
	}
	action, err := e.action.Get(r)
	if err != nil {
		return err
	}
	if !exchange.IsToken(name) {
		return badHeader("the name is no header name")
	}
	if action == "skip" && m.Header.Has(name) || hasNoEffect(name, action) {
		return nil
	}
	if action == "delete" {
		if r.Observed() && m.Header.Has(name) {
			r.Note("set-header", "Header '"+name+"' was removed.")
		}
		m.setHeader(name)
		return nil
	}
	values, err := policy.All(r, e.values)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(values, func(v string) bool { return !OnOneLine(v) }) {
		return badHeader("a value of " + name + " does not stand on one line")
	}
	if action == "append" {
		values = append(m.Header.Values(name), values...)
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
