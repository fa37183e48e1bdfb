package testrun

import (
	"net/netip"
	"strings"

	"github.com/apimulator/apimulator/policy"
)

// A check is a statement that refuses requests.
type check interface {
	// satisfy adds to a request what lets it through.
	satisfy(r *request)
	// refusals add the requests that the check refuses, made of a good one.
	refusals(good request, add func(what string, r request))
}

// checksOf are those that requests go through always. What stands in a branch is found by
// its condition, if at all.
func checksOf(statements []*policy.Part) []check {
	var all []check
	for _, p := range statements {
		if c := checkOf(p.Node); c != nil {
			all = append(all, c)
		}
	}
	return all
}

// checkOf is what a statement checks; nil if that is nothing, or depends on the request.
func checkOf(n *policy.Node) check {
	switch n.Name {
	case "check-header":
		if c := (&headerCheck{name: constant(n.Attr("name")), values: textsOf(n, "value")}); c.name != "" && len(c.values) == len(n.ChildrenNamed("value")) {
			return c
		}
	case "ip-filter":
		return addressCheckOf(n)
	case "validate-content":
		return contentCheckOf(n)
	case "validate-jwt":
		if c := tokenCheckOf(n); c != nil {
			return c
		}
	case "validate-azure-ad-token":
		if c := azureTokenCheckOf(n); c != nil {
			return c
		}
	}
	return nil
}

// constant is a value that is no expression; "" if there is none.
func constant(v *policy.Value) string {
	if v == nil || v.Expression {
		return ""
	}
	return strings.TrimSpace(v.Text)
}

// textsOf are the texts of children that are no expressions.
func textsOf(n *policy.Node, child string) []string {
	if n == nil {
		return nil
	}
	var all []string
	for _, c := range n.ChildrenNamed(child) {
		if text := constant(c.Text); text != "" {
			all = append(all, text)
		}
	}
	return all
}

// headerCheck is a check-header.
type headerCheck struct {
	name   string
	values []string // nil: any
}

func (c *headerCheck) satisfy(r *request) {
	value := "anything"
	if len(c.values) > 0 {
		value = c.values[0]
	}
	r.headers = with(r.headers, c.name, value)
}

func (c *headerCheck) refusals(good request, add func(string, request)) {
	without := good
	without.headers = with(good.headers, c.name, "")
	add("no header "+c.name, without)
	if len(c.values) > 0 {
		wrong := good
		wrong.headers = with(good.headers, c.name, "not-"+c.values[0])
		add("another value of header "+c.name, wrong)
	}
}

// addressCheck is an ip-filter.
type addressCheck struct{ in, out netip.Addr }

// addressCheckOf finds an address that the filter lets through and one that it keeps out;
// nil if an expression decides.
func addressCheckOf(n *policy.Node) check {
	listed, err := netip.ParseAddr(firstAddress(n))
	if err != nil {
		return nil
	}
	for _, other := range []string{clientAddress, "198.51.100.1", "192.0.2.1"} {
		c := &addressCheck{in: listed, out: netip.MustParseAddr(other)}
		if lists(n, c.out) {
			continue
		}
		switch constant(n.Attr("action")) {
		case "allow":
			return c
		case "forbid":
			c.in, c.out = c.out, c.in
			return c
		}
	}
	return nil
}

func firstAddress(n *policy.Node) string {
	if all := textsOf(n, "address"); len(all) > 0 {
		return all[0]
	}
	if r := n.Child("address-range"); r != nil {
		return constant(r.Attr("from"))
	}
	return ""
}

// lists reports whether an ip-filter names an address.
func lists(n *policy.Node, address netip.Addr) bool {
	for _, text := range textsOf(n, "address") {
		if a, err := netip.ParseAddr(text); err == nil && a == address {
			return true
		}
	}
	for _, r := range n.ChildrenNamed("address-range") {
		from, errFrom := netip.ParseAddr(constant(r.Attr("from")))
		to, errTo := netip.ParseAddr(constant(r.Attr("to")))
		if errFrom == nil && errTo == nil && from.Compare(address) <= 0 && address.Compare(to) <= 0 {
			return true
		}
	}
	return false
}

func (c *addressCheck) satisfy(r *request) {
	if c.in.String() != clientAddress {
		r.members = with(r.members, "clientAddress", scalar(c.in.String()))
	}
}

func (c *addressCheck) refusals(good request, add func(string, request)) {
	good.members = with(good.members, "clientAddress", scalar(c.out.String()))
	add("a client at "+c.out.String(), good)
}

// contentCheck is a validate-content that refuses what it does not know.
type contentCheck struct{ accepted string }

func contentCheckOf(n *policy.Node) check {
	c := &contentCheck{}
	for _, content := range n.ChildrenNamed("content") {
		if c.accepted = constant(content.Attr("type")); c.accepted != "" {
			break
		}
	}
	if constant(n.Attr("unspecified-content-type-action")) != "prevent" || c.accepted == "" {
		return nil
	}
	return c
}

func (c *contentCheck) satisfy(r *request) {
	if c.accepted != "application/json" {
		r.headers = with(r.headers, "Content-Type", c.accepted)
	}
}

func (c *contentCheck) refusals(good request, add func(string, request)) {
	good.headers = with(good.headers, "Content-Type", "application/x-unexpected")
	add("a body of another type", good)
}
