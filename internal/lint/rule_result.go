package lint

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
)

// neverNumbers and neverBooleans are static types whose values can't be converted to
// what a place takes. Texts may be; what is an object may be anything.
var (
	neverNumbers  = []string{"System.Boolean", "System.DateTime", "System.Guid", "System.TimeSpan", "Newtonsoft.Json.Linq.JObject", "Newtonsoft.Json.Linq.JArray", "System.Char"}
	neverBooleans = []string{"System.Int32", "System.Int64", "System.Double", "System.Decimal", "System.DateTime", "System.Guid", "System.TimeSpan",
		"Newtonsoft.Json.Linq.JObject", "Newtonsoft.Json.Linq.JArray", "System.Char"}
)

// resultTypes finds expressions that give what their attribute does not take.
func (o *outcome) resultTypes(st *statement) {
	for _, e := range st.expressions() {
		element := e.node.Element()
		if element == nil || e.value.Name == "" || e.value.Compiled() == nil || e.value.Compiled().Type() == nil {
			continue
		}
		i := slices.IndexFunc(element.Attributes, func(a policy.Attribute) bool { return a.Name == e.value.Name })
		if i < 0 {
			continue
		}
		given := e.value.Compiled().Type().String()
		switch element.Attributes[i].Type {
		case policy.Bool:
			if slices.Contains(neverBooleans, given) {
				o.at(Error, ruleResultType, e.node, e.value, "%s of <%s> takes true or false, but the expression gives %s", e.value.Name, e.node.Name, given)
			}
		case policy.Int, policy.Long, policy.Number, policy.Seconds, policy.Milliseconds, policy.Status:
			if slices.Contains(neverNumbers, given) {
				o.at(Error, ruleResultType, e.node, e.value, "%s of <%s> takes a number, but the expression gives %s", e.value.Name, e.node.Name, given)
			}
		}
	}
}
