package part

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
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
