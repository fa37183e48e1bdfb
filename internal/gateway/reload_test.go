package gateway_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/apimulator/apimulator/internal/gateway"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy"
)

// generation makes the nth service of a row of reloads: API, key and policy all
// carry its number.
func generation(t *testing.T, n int) *service.Service {
	t.Helper()
	yaml := strings.ReplaceAll(`
name: service-N
apis: [{name: api-N, backend: "http://localhost:9000", policy: api.xml}]
products: [{name: product-N, apis: [api-N], policy: product.xml}]
subscriptions: [{name: me, product: product-N, primaryKey: key-N, secondaryKey: always}]
`, "N", fmt.Sprint(n))
	answer := strings.ReplaceAll(`<policies>
    <inbound>
        <base />
        <return-response><set-header name="X-API"><value>N</value></set-header></return-response>
    </inbound>
</policies>`, "N", fmt.Sprint(n))
	return load(t, yaml, map[string]string{"api.xml": answer, "product.xml": runs}, false)
}

// A request runs on one service from its beginning to its end, whatever is
// swapped in meanwhile.
func TestReloadUnderRequests(t *testing.T) {
	const generations, clients, requests = 8, 8, 200
	services := make([]*service.Service, generations)
	for i := range services {
		services[i] = generation(t, i)
	}
	recorder := &trace.Recorder{}
	g := gateway.New(&policy.Env{}, recorder, services[0])
	var group sync.WaitGroup
	for range clients {
		group.Go(func() {
			for range requests {
				x := request(t, "GET /", "Ocp-Apim-Subscription-Key: always")
				g.Handle(x)
				number := strings.TrimPrefix(x.API.Name, "api-")
				if got := header(x.Response, "X-API"); got != number || x.Product.Name != "product-"+number || x.Deployment.ServiceName != "service-"+number {
					t.Errorf("API %s answered with the policy of %q, in product %s of %s", x.API.Name, got, x.Product.Name, x.Deployment.ServiceName)
				}
				recorder.Finish(x, trace.End{Status: x.Response.Status})
			}
		})
	}
	group.Go(func() {
		for i := range requests {
			g.Use(services[i%generations])
		}
	})
	group.Wait()
	if n := len(recorder.Newest(trace.Kept)); n != clients*requests {
		t.Errorf("%d requests are recorded; want %d", n, clients*requests)
	}
}

// After the swap the old keys open nothing.
func TestReload(t *testing.T) {
	l := newLab(t, `apis: [{name: a, backend: "http://localhost:9000"}]`, nil)
	for n := range 3 {
		s := generation(t, n)
		l.gateway.Use(s)
		if l.gateway.Service() != s {
			t.Errorf("the service in use is not the one swapped in")
		}
		for key := range 3 {
			want := 401
			if key == n {
				want = 200
			}
			if x, _ := l.do("GET /", fmt.Sprintf("Ocp-Apim-Subscription-Key: key-%d", key)); x.Response.Status != want {
				t.Errorf("service %d, key %d: status %d; want %d", n, key, x.Response.Status, want)
			}
		}
	}
}

// A gateway without a recorder works, and keeps nothing.
func TestWithoutRecorder(t *testing.T) {
	g := gateway.New(&policy.Env{}, nil, generation(t, 1))
	for line, want := range map[string]int{"GET /?subscription-key=key-1": 200, "GET /": 401} {
		x := request(t, line)
		g.Handle(x)
		if x.Response.Status != want || x.Observed() {
			t.Errorf("%s: status %d, observed %t; want %d, not observed", line, x.Response.Status, x.Observed(), want)
		}
	}
}
