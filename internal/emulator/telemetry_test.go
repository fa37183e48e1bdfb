package emulator

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/internal/entra"
)

// scrape reads the metrics as Prometheus does. Times are left out.
func (l *lab) scrape() map[string]string {
	l.t.Helper()
	got := do(l.t, http.DefaultClient, request(l.t, http.MethodGet, l.Management()+"/metrics", "", "Authorization", "Bearer "+l.bearer))
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain; version=") {
		l.t.Fatalf("/metrics answers %d, %s", got.status, got.header)
	}
	series := make(map[string]string)
	for line := range strings.Lines(got.body) {
		line = strings.TrimSpace(line)
		at := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || at < 0 {
			continue
		}
		name := strings.TrimPrefix(line[:at], "apimulator_")
		family, _, _ := strings.Cut(name, "{")
		if strings.HasSuffix(family, "_bucket") || strings.Contains(family, "seconds") && !strings.HasSuffix(family, "_count") {
			continue
		}
		series[name] = line[at+1:]
	}
	return series
}

// measured is a service with an operation for each kind of what can happen.
func measured(backend, gone string) files {
	f := files{"apim.yaml": "apis:\n  - name: shop\n    path: shop\n    backend: \"" + backend + "\"\n    subscriptionRequired: false\n    operations:\n"}
	for name, inbound := range map[string]string{
		"ok": "", "token": fakeLogin,
		"limited":  `<choose><when condition="@(true)"><rate-limit-by-key calls="1" renewal-period="60" counter-key="all" /></when></choose>`,
		"value":    `<cache-lookup-value key="k" variable-name="v" /><cache-store-value key="k" value="1" duration="60" />`,
		"gone":     `<set-backend-service base-url="` + gone + `" />`,
		"emits":    `<emit-metric name="cars" namespace="fleet" value="2.5"><dimension name="Color" value="@(context.Request.Headers.GetValueOrDefault("Color", "red"))" /><dimension name="API ID" /></emit-metric>`,
		"odd":      `<return-response><set-status code="299" reason="Odd" /></return-response>`,
		"computed": `<cache-value key="computed" variable-name="v" expires-after="60"><value><set-variable name="v" value="1" /></value></cache-value>`,
		"response": `<cache-lookup vary-by-developer="false" vary-by-developer-groups="false" />`,
	} {
		f["apim.yaml"] += "      - {name: " + name + ", method: GET, urlTemplate: /" + name + ", policy: " + name + ".xml}\n"
		f[name+".xml"] = document(inbound)
	}
	f["response.xml"] = strings.Replace(f["response.xml"], "<outbound>", `<outbound><cache-store duration="60" />`, 1)
	return f
}

func TestMetrics(t *testing.T) {
	behind := backend(t, func(http.ResponseWriter, *http.Request) {})
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	l := newLab(t, measured(behind.URL, "http://"+closed.Addr().String()), withWatch)

	good, err := l.MintToken(entra.MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: l.ClientID()})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []struct {
		path  string
		want  int
		lines []string
	}{
		{"/shop/ok", 200, nil}, {"/shop/ok", 200, nil}, {"/shop/nowhere", 404, nil}, {"/nowhere", 404, nil},
		{"/shop/token", 401, nil}, {"/shop/token", 401, []string{"Authorization", "Bearer nonsense"}}, {"/shop/token", 200, []string{"Authorization", "Bearer " + good}},
		{"/shop/limited", 200, nil}, {"/shop/limited", 429, nil}, {"/shop/value", 200, nil}, {"/shop/value", 200, nil}, {"/shop/gone", 500, nil},
		{"/shop/emits", 200, nil}, {"/shop/emits", 200, nil}, {"/shop/emits", 200, []string{"Color", "blue, or=green"}}, {"/shop/emits", 200, []string{"Color", good}},
		{"/shop/odd", 299, nil}, {"/shop/response", 200, nil}, {"/shop/response", 200, nil}, {"/shop/computed", 200, nil}, {"/shop/computed", 200, nil},
	} {
		if got := l.get(q.path, q.lines...); got.status != q.want {
			t.Fatalf("%s answers %d %s, want %d", q.path, got.status, got.body, q.want)
		}
	}
	l.replace("odd.xml", document(`<return-response />`))
	l.log.await(t, reloaded)
	l.replace("odd.xml", document(`<no-such-statement />`))
	l.log.await(t, notReloaded)

	host := strings.TrimPrefix(behind.URL, "http://")
	want := map[string]string{
		`requests_total{api="shop",operation="ok",status="200"}`:       "2",
		`requests_total{api="shop",operation="none",status="404"}`:     "1",
		`requests_total{api="none",operation="none",status="404"}`:     "1",
		`requests_total{api="shop",operation="token",status="401"}`:    "2",
		`requests_total{api="shop",operation="token",status="200"}`:    "1",
		`requests_total{api="shop",operation="limited",status="200"}`:  "1",
		`requests_total{api="shop",operation="limited",status="429"}`:  "1",
		`requests_total{api="shop",operation="value",status="200"}`:    "2",
		`requests_total{api="shop",operation="gone",status="500"}`:     "1",
		`requests_total{api="shop",operation="emits",status="200"}`:    "4",
		`requests_total{api="shop",operation="response",status="200"}`: "2",
		`requests_total{api="shop",operation="computed",status="200"}`: "2",
		`requests_total{api="shop",operation="odd",status="2xx"}`:      "1",

		`request_duration_seconds_count{api="shop",operation="ok"}`:       "2",
		`request_duration_seconds_count{api="shop",operation="none"}`:     "1",
		`request_duration_seconds_count{api="none",operation="none"}`:     "1",
		`request_duration_seconds_count{api="shop",operation="token"}`:    "3",
		`request_duration_seconds_count{api="shop",operation="limited"}`:  "2",
		`request_duration_seconds_count{api="shop",operation="value"}`:    "2",
		`request_duration_seconds_count{api="shop",operation="gone"}`:     "1",
		`request_duration_seconds_count{api="shop",operation="emits"}`:    "4",
		`request_duration_seconds_count{api="shop",operation="odd"}`:      "1",
		`request_duration_seconds_count{api="shop",operation="response"}`: "2",
		`request_duration_seconds_count{api="shop",operation="computed"}`: "2",

		`requests_in_flight`: "0",

		`statements_total{outcome="continued",statement="validate-jwt"}`:        "1",
		`statements_total{outcome="failed",statement="validate-jwt"}`:           "2",
		`statements_total{outcome="continued",statement="choose"}`:              "1",
		`statements_total{outcome="failed",statement="choose"}`:                 "1",
		`statements_total{outcome="continued",statement="rate-limit-by-key"}`:   "1",
		`statements_total{outcome="failed",statement="rate-limit-by-key"}`:      "1",
		`statements_total{outcome="continued",statement="cache-lookup-value"}`:  "2",
		`statements_total{outcome="continued",statement="cache-store-value"}`:   "2",
		`statements_total{outcome="continued",statement="set-backend-service"}`: "1",
		`statements_total{outcome="continued",statement="cache-lookup"}`:        "1",
		`statements_total{outcome="responded",statement="cache-lookup"}`:        "1",
		`statements_total{outcome="continued",statement="cache-store"}`:         "1",
		`statements_total{outcome="continued",statement="cache-value"}`:         "2",
		`statements_total{outcome="continued",statement="set-variable"}`:        "1",
		`cache_lookups_total{result="miss",statement="cache-lookup"}`:           "1",
		`cache_lookups_total{result="hit",statement="cache-lookup"}`:            "1",
		`cache_lookups_total{result="miss",statement="cache-value"}`:            "1",
		`cache_lookups_total{result="hit",statement="cache-value"}`:             "1",
		`statements_total{outcome="continued",statement="emit-metric"}`:         "4",
		`statements_total{outcome="responded",statement="return-response"}`:     "1",
		`statements_total{outcome="continued",statement="forward-request"}`:     "13",
		`statements_total{outcome="failed",statement="forward-request"}`:        "1",

		`backend_calls_total{backend="` + host + `",status="2xx"}`:                                           "13",
		`backend_calls_total{backend="` + closed.Addr().String() + `",status="none"}`:                        "1",
		`backend_call_duration_seconds_count{backend="` + host + `"}`:                                        "13",
		`backend_call_duration_seconds_count{backend="` + closed.Addr().String() + `"}`:                      "1",
		`backend_failures_total{backend="` + closed.Addr().String() + `",reason="BackendConnectionFailure"}`: "1",
		`tokens_validated_total{result="accepted",statement="validate-jwt"}`:                                 "1",
		`tokens_validated_total{result="TokenNotPresent",statement="validate-jwt"}`:                          "1",
		`tokens_validated_total{result="Invalid JWT.",statement="validate-jwt"}`:                             "1",
		`cache_lookups_total{result="miss",statement="cache-lookup-value"}`:                                  "1",
		`cache_lookups_total{result="hit",statement="cache-lookup-value"}`:                                   "1",
		`limit_refusals_total{statement="rate-limit-by-key"}`:                                                "1",
		`records_kept`:                   "21",
		`reloads_total{result="ok"}`:     "1",
		`reloads_total{result="failed"}`: "1",
		`policy_metric_sum{dimensions="API ID=shop, Color=red",name="cars",namespace="fleet"}`:   "5",
		`policy_metric_count{dimensions="API ID=shop, Color=red",name="cars",namespace="fleet"}`: "2",
		// A token is a secret even where a policy makes it a dimension.
		`policy_metric_sum{dimensions="API ID=shop, Color=***",name="cars",namespace="fleet"}`:                  "2.5",
		`policy_metric_count{dimensions="API ID=shop, Color=***",name="cars",namespace="fleet"}`:                "1",
		`policy_metric_sum{dimensions="API ID=shop, Color=\"blue, or=green\"",name="cars",namespace="fleet"}`:   "2.5",
		`policy_metric_count{dimensions="API ID=shop, Color=\"blue, or=green\"",name="cars",namespace="fleet"}`: "1",
		`policy_metrics_dropped_total`: "0",
	}
	if diff := cmp.Diff(want, l.scrape()); diff != "" {
		t.Errorf("the metrics differ (-want +got):\n%s", diff)
	}
}

// A request is in flight until its response has gone out.
func TestMetricsInFlight(t *testing.T) {
	asked, goOn := make(chan struct{}), make(chan struct{})
	behind := backend(t, func(http.ResponseWriter, *http.Request) {
		close(asked)
		<-goOn
	})
	l := newLab(t, open(behind.URL, ""))
	answer := later(t, l.client, request(t, http.MethodGet, l.Gateway()+"/", ""))
	await(t, asked, "the request at the backend")
	if got := l.scrape()["requests_in_flight"]; got != "1" {
		t.Errorf("%s requests are in flight, want 1", got)
	}
	close(goOn)
	await(t, answer, "the answer")
	if got := l.scrape()["requests_in_flight"]; got != "0" {
		t.Errorf("%s requests are in flight, want 0", got)
	}
}

// Metrics are told to who has the bearer.
func TestMetricsNeedTheBearer(t *testing.T) {
	l := newLab(t, nil, func(c *Config) { c.Bearer = "a-bearer-that-somebody-has-chosen" })
	for bearer, want := range map[string]int{"a-bearer-that-somebody-has-chosen": http.StatusOK, "another": http.StatusUnauthorized} {
		if got := do(t, http.DefaultClient, request(t, http.MethodGet, l.Management()+"/metrics", "", "Authorization", "Bearer "+bearer)); got.status != want {
			t.Errorf("with the bearer %s: %d, want %d", bearer, got.status, want)
		}
	}
}
