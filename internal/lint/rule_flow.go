package lint

import "github.com/apimulator/apimulator/policy"

// alwaysSame finds a condition that does not depend on the request.
func (f *flow) alwaysSame(n *policy.Node, v *policy.Value, known []expression) {
	for _, e := range known {
		value, ok := e.uses.Value.(bool)
		if !e.uses.Constant || !ok {
			continue
		}
		f.o.at(Warning, ruleCondition, n, v, "this condition is always %v", value)
	}
	if value, ok := literal(n, "condition"); ok {
		f.o.at(Warning, ruleCondition, n, v, "this condition is always %s", value)
	}
}

// unreachable tells of the first statement that no way leads to.
func (f *flow) unreachable(after, n *policy.Node) {
	line, _ := after.Position()
	f.o.at(Warning, ruleUnreachable, n, nil, "<%s> never runs: <%s> on line %d ends the pipeline", n.Name, after.Name, line)
}
