package limits

import (
	"github.com/apimulator/apimulator/policy"
)

// increments are the attributes of the statements that count by a key.
func increments() []policy.Attribute {
	return []policy.Attribute{
		{Name: "counter-key", Doc: "What is counted: each value has a counter of its own.", Type: policy.String, Required: true, Expression: true},
		{Name: "increment-condition", Doc: "Whether this request counts.", Type: policy.Bool, Expression: true},
		{Name: "increment-count", Doc: "By how much it counts.", Type: policy.Int, Default: "1", Expression: true},
	}
}

// increment is what a request counts for.
type increment struct {
	condition    policy.Operand[bool]
	hasCondition bool
	count        policy.Operand[int]
	// late says that an expression decides, which may look at the response: so it counts
	// at the request's end. A constant one counts at once (chosen: the pages speak of
	// expressions only).
	late bool
}

func newIncrement(n *policy.Node) increment {
	i := increment{condition: n.Bool("increment-condition"), hasCondition: n.Has("increment-condition"), count: n.Int("increment-count")}
	_, constantCondition := i.condition.Constant()
	_, constantCount := i.count.Constant()
	i.late = !constantCondition || !constantCount
	return i
}

// get is by how much the request counts; 0: it does not.
func (i *increment) get(r *policy.Run) (int64, error) {
	if i.hasCondition {
		if counts, err := i.condition.Get(r); !counts || err != nil {
			return 0, err
		}
	}
	n, err := i.count.Get(r)
	return int64(n), err
}

// atEnd has count called with it when the request has ended.
func (i *increment) atEnd(r *policy.Run, statement string, count func(r *policy.Run, n int64)) {
	r.AtEnd(func(r *policy.Run) {
		n, err := i.get(r)
		if err != nil {
			// The client has its answer by then, so the request is not counted
			// rather than failed.
			if r.Observed() {
				r.Note(statement, "The request is not counted: "+err.Error())
			}
			n = 0
		}
		count(r, n)
	})
}
