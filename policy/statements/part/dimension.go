package part

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// givenDimensions are those that the gateway knows the values of
// (policies-2.yaml, emit-metric and llm-emit-token-metric).
var givenDimensions = []string{"API ID", "Operation ID", "Product ID", "User ID", "Subscription ID", "Location", "Gateway ID", "Backend ID"}

// Dimensions is the child dimension of the statements that emit metrics.
func Dimensions() policy.Child {
	return policy.Child{Min: 1, Element: policy.Element{
		Name: "dimension",
		Doc:  "A dimension of the metric.",
		Attributes: []policy.Attribute{
			{Name: "name", Doc: "Its name.", Type: policy.String, Required: true, Expression: true},
			{Name: "value", Doc: "Its value; may be left out for " + strings.Join(givenDimensions, ", ") + ".", Type: policy.String, Expression: true},
		},
	}}
}

// mostDimensions is how many dimensions of its own a metric may have: the newest
// page says 5, those of 2024 said 10.
const mostDimensions, mostDimensionsOnce = 5, 10

// CheckDimensions tells of dimensions without a value that the gateway does not
// know, of one that is there twice, and of too many.
func CheckDimensions(n *policy.Node) policy.Diagnostics {
	var found policy.Diagnostics
	var names []string
	own := 0
	for _, d := range n.ChildrenNamed("dimension") {
		name, known := d.String("name").Constant()
		given := slices.Contains(givenDimensions, name)
		switch {
		case known && slices.Contains(names, name):
			found = append(found, d.Fault(policy.Error, d.Attr("name"), "Duplicate dimension '%s'.", d.Attr("name").Written()))
		case known && !given && !d.Has("value"):
			found = append(found, d.Fault(policy.Error, nil, "the dimension '%s' needs a value; the gateway knows only those of %s", d.Attr("name").Written(), strings.Join(givenDimensions, ", ")))
		}
		if known {
			names = append(names, name)
		}
		if !given {
			own++
		}
	}
	switch {
	case own > mostDimensionsOnce:
		found = append(found, n.Fault(policy.Error, nil, "<%s> has %d dimensions of its own; at most %d are allowed", n.Name, own, mostDimensions))
	case own > mostDimensions:
		found = append(found, n.Fault(policy.Warning, nil, "<%s> has %d dimensions of its own; the newest page allows %d", n.Name, own, mostDimensions))
	}
	return found
}

// DimensionList is the dimensions of a metric, compiled.
type DimensionList []dimension

type dimension struct {
	name, value policy.Operand[string]
	given       bool // the gateway fills in the value
}

// CompileDimensions reads the dimensions of a statement that was checked.
func CompileDimensions(n *policy.Node) DimensionList {
	var list DimensionList
	for _, d := range n.ChildrenNamed("dimension") {
		list = append(list, dimension{d.String("name"), d.String("value"), !d.Has("value")})
	}
	return list
}

// Get is the dimensions for this run.
func (l DimensionList) Get(r *policy.Run) ([]policy.Dimension, error) {
	all := make([]policy.Dimension, len(l))
	for i := range l {
		d := &l[i]
		name, err := d.name.Get(r)
		if err != nil {
			return nil, err
		}
		value := ""
		if d.given {
			value, err = givenDimension(r, name)
		} else {
			value, err = d.value.Get(r)
		}
		if err != nil {
			return nil, err
		}
		all[i] = policy.Dimension{Name: name, Value: value}
	}
	return all, nil
}

// givenDimension is what the gateway knows under a dimension's name: ids, as policies
// see them. Chosen: what a request does not have, such as a product, is an empty value,
// and a name that an expression gives and the gateway does not know is a failure.
func givenDimension(r *policy.Run, name string) (value string, err error) {
	switch name {
	case "API ID":
		if r.API != nil {
			value = r.API.ID
		}
	case "Operation ID":
		if r.Operation != nil {
			value = r.Operation.ID
		}
	case "Product ID":
		if r.Product != nil {
			value = r.Product.ID
		}
	case "User ID":
		if r.User != nil {
			value = r.User.ID
		}
	case "Subscription ID":
		if r.Subscription != nil {
			value = r.Subscription.ID
		}
	case "Location":
		if r.Deployment != nil {
			value = r.Deployment.Region
		}
	case "Gateway ID":
		if r.Deployment != nil {
			value = r.Deployment.GatewayID
		}
	case "Backend ID": // chosen: of a pool its own, whichever member answers
		if r.Request.Backend != nil {
			value = r.Request.Backend.ID
		}
	default:
		f := &exchange.Failure{Status: 500}
		f.Reason = exchange.ReasonExpressionEvaluation
		f.Message = exchange.MessageEvaluationFailed("A dimension without a value has a name that the gateway does not know.")
		err = f
	}
	return value, err
}
