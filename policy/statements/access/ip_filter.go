package access

import (
	"net/netip"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	allow  = "allow"
	forbid = "forbid"
)

// IPFilter defines <ip-filter>.
func IPFilter() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "ip-filter",
			Doc:  "Lets only callers of the listed addresses in, or keeps them out.",
			Attributes: []policy.Attribute{
				{Name: "action", Doc: "What to do with the listed addresses.", Type: policy.Enum, Values: []string{allow, forbid}, Required: true, Expression: true},
			},
			Children: []policy.Child{
				{Element: policy.Element{Name: "address", Doc: "An address.", Text: policy.TrimmedText, TextType: policy.IPAddress}},
				{Element: policy.Element{Name: "address-range", Doc: "A range of addresses; its ends belong to it.", Attributes: []policy.Attribute{
					{Name: "from", Doc: "Its first address.", Type: policy.IPAddress, Required: true, ExpressionOpen: true},
					{Name: "to", Doc: "Its last address.", Type: policy.IPAddress, Required: true, ExpressionOpen: true},
				}}},
			},
			AtLeastOne: [][]string{{"<address>", "<address-range>"}},
		},
		Category: "access",
		Facts:    ipFilterFacts,
		Sections: policy.InboundOnly,
		Compile:  compileIPFilter,
	}
}

func compileIPFilter(n *policy.Node) (policy.Step, error) {
	s := &ipFilter{action: n.String("action")}
	for _, a := range n.ChildrenNamed("address") {
		s.add(a.Content(), a.Content())
	}
	for _, a := range n.ChildrenNamed("address-range") {
		s.add(a.String("from"), a.String("to"))
	}
	for _, known := range s.known {
		if known.from.Compare(known.to) > 0 || known.from.Is4() != known.to.Is4() {
			n.Warn(nil, "no address is from %s to %s: the ends are of two kinds, or the wrong way round", known.from, known.to)
		}
	}
	return s, nil
}

type ipFilter struct {
	action policy.Operand[string]
	known  []addressRange
	// computed are those that expressions give; both operands of an address are one.
	computed [][2]policy.Operand[string]
}

type addressRange struct{ from, to netip.Addr }

func (s *ipFilter) add(from, to policy.Operand[string]) {
	first, firstKnown := from.Constant()
	last, lastKnown := to.Constant()
	if !firstKnown || !lastKnown {
		s.computed = append(s.computed, [2]policy.Operand[string]{from, to})
		return
	}
	a, okA := parseAddress(first)
	b, okB := parseAddress(last)
	if okA && okB { // as Check has found
		s.known = append(s.known, addressRange{a, b})
	}
}

// parseAddress reads an address. One of IPv4 may be written in IPv6, as sockets that
// listen for both give it.
func parseAddress(text string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(text)
	return a.Unmap().WithZone(""), err == nil
}

// holds reports whether the range has the address: of its kind, ends included.
func (r addressRange) holds(a netip.Addr) bool {
	return r.from.Is4() == a.Is4() && r.to.Is4() == a.Is4() && r.from.Compare(a) <= 0 && a.Compare(r.to) <= 0
}

func (s *ipFilter) Run(r *policy.Run) error {
	action, err := s.action.Get(r)
	if err != nil {
		return err
	}
	caller, ok := parseAddress(r.Request.ClientIP)
	if !ok {
		return refuseAddress(exchange.ReasonCallerAddressUnknown, exchange.MessageCallerAddressUnknown)
	}
	listed, err := s.lists(r, caller)
	switch {
	case err != nil:
		return err
	case listed && action == forbid:
		return refuseAddress(exchange.ReasonCallerAddressBlocked, exchange.MessageCallerAddressBlocked)
	case !listed && action == allow:
		return refuseAddress(exchange.ReasonCallerAddressNotAllowed, exchange.MessageCallerAddressNotAllowed(caller.String()))
	}
	if r.Observed() {
		r.Note("ip-filter", "The caller's address "+caller.String()+map[bool]string{true: " is listed.", false: " is not listed."}[listed])
	}
	return nil
}

func (s *ipFilter) lists(r *policy.Run, caller netip.Addr) (bool, error) {
	for _, known := range s.known {
		if known.holds(caller) {
			return true, nil
		}
	}
	for _, ends := range s.computed {
		var parsed [2]netip.Addr
		for i, end := range ends {
			text, err := end.Get(r)
			if err != nil {
				return false, err
			}
			var ok bool
			if parsed[i], ok = parseAddress(text); !ok {
				f := &exchange.Failure{Status: 500}
				f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed("What it gave is no IP address.")
				return false, f
			}
		}
		if (addressRange{parsed[0], parsed[1]}).holds(caller) {
			return true, nil
		}
	}
	return false, nil
}

// refuseAddress tells the client nothing but Forbidden (observed.md 7.7).
func refuseAddress(reason, message string) error {
	f := &exchange.Failure{Status: 403, ClientMessage: exchange.MessageForbidden}
	f.Reason, f.Message = reason, message
	return f
}
