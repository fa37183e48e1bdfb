package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements"
)

// ticking is a clock that is a second further each time it is asked.
type ticking struct {
	exchange.Clock
	asked int
}

func (c *ticking) Now() time.Time {
	c.asked++
	return time.Unix(int64(c.asked), 0)
}

// metered writes down what a meter is told.
type metered struct{ text strings.Builder }

func (m *metered) Statement(_ *exchange.Exchange, site *exchange.Site, outcome exchange.Outcome, err error, took time.Duration) {
	fmt.Fprintln(&m.text, site.Path, outcome, err != nil, took)
}

func (m *metered) Lookup(statement string, found bool) { fmt.Fprintln(&m.text, statement, found) }

// A meter is told of each statement at its end, nested ones first.
func TestMeter(t *testing.T) {
	d, fault := policy.Read("p.xml", []byte(`<policies><inbound><base />
<cache-lookup-value key="k" variable-name="v" />
<choose><when condition="@(true)"><set-variable name="v" value="1" /><check-header name="X" failed-check-httpcode="401" failed-check-error-message="no" ignore-case="true" /></when></choose>
<set-variable name="never" value="1" /></inbound><on-error><return-response /></on-error></policies>`))
	if fault != nil {
		t.Fatal(fault)
	}
	c, err := policy.Compile(d, exchange.ScopeAPI, policy.Bindings{}, statements.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	x, m := newExchange(), &metered{}
	x.Clock = &ticking{}
	policy.Link(c).Execute(x, &policy.Env{BodyLimit: 1 << 20, Meter: m})
	const want = `cache-lookup-value false
cache-lookup-value continued false 1s
choose\when\set-variable continued false 1s
choose\when\check-header failed true 1s
choose failed true 5s
return-response responded true 1s
`
	if got := m.text.String(); got != want {
		t.Errorf("the meter is told\n%s\nwant\n%s", got, want)
	}
}
