package testrun

import (
	"maps"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/parties"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// makeUp gives values to named values that the file written must not hold, or cannot:
// those that a request would carry although not the service's file holds them but the
// environment or another file, for there they are secret; and those that a lone document
// refers to.
func (d *drafter) makeUp(written *service.Service) (map[string]string, error) {
	configs, err := parties.Read(written)
	if err != nil {
		return nil, err
	}
	madeUp := make(map[string]string)
	names := written.Names()
	known := names.NamedValue
	names.NamedValue = func(name string) (string, bool) {
		value, ok := known(name)
		if !ok {
			value = madeUpPrefix + name
			madeUp[name] = value
		}
		return value, true
	}
	for _, a := range written.APIs {
		for _, o := range a.Operations {
			for _, p := range append([]*service.Product{nil}, a.Products...) {
				effective, _, err := d.sources.Effective(written.Policies(a, o, p), names)
				if err != nil {
					return nil, err
				}
				for _, part := range effective.Sections[0].Parts {
					addSent(part.Node, written.NamedValues, madeUp)
					addTenant(part.Node, configs.Entra.Tenants[0].ID, madeUp)
				}
			}
		}
	}
	return madeUp, nil
}

// madeUpPrefix is what values that are made up begin with.
const madeUpPrefix = "made-up-"

// addTenant has a made-up tenant of tokens be one that the emulated Entra ID has.
func addTenant(n *policy.Node, tenant string, madeUp map[string]string) {
	named := constant(n.Attr("tenant-id"))
	if config := n.Child("openid-config"); n.Name == "validate-jwt" && config != nil {
		if u, err := exchange.ParseURL(constant(config.Attr("url"))); err == nil {
			named, _, _ = strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
		}
	}
	if name, ok := strings.CutPrefix(named, madeUpPrefix); ok && madeUp[name] == named {
		madeUp[name] = tenant
	}
}

// addSent adds the named values that were not read and that a request would carry to get
// past a statement.
func addSent(n *policy.Node, known, madeUp map[string]string) {
	if n.Name != "check-header" {
		return
	}
	for _, v := range n.ChildrenNamed("value") {
		if v.Text == nil {
			continue
		}
		for _, found := range policy.NamedValue().FindAllStringSubmatch(v.Text.Written(), -1) {
			if value, ok := known[found[1]]; ok && value == "" {
				madeUp[found[1]] = madeUpPrefix + found[1]
			}
		}
	}
}

// namedValues is the line of a test file that gives what is made up.
func (d *drafter) namedValues() string {
	var all []member
	for _, name := range slices.Sorted(maps.Keys(d.madeUp)) {
		all = append(all, member{name, d.madeUp[name]})
	}
	return "namedValues: " + mapping(all) + "\n"
}
