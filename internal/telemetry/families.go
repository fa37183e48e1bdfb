package telemetry

import "strconv"

// Family is a metric with all of its series.
type Family struct {
	Name, Type, Unit string
	Labels           []string
	Help             string
	// Bound says what limits the number of its series.
	Bound string
}

// The types of families.
const (
	counter   = "counter"
	gauge     = "gauge"
	histogram = "histogram"
	summary   = "summary"
)

// What a label's value is where there is none, and where there are too many.
const (
	none  = "none"
	other = "other"
)

var (
	requestsTotal = Family{"apimulator_requests_total", counter, "requests", []string{"api", "operation", "status"},
		"Requests that are done.", "operations of the service × statuses; an unusual status counts as its class, such as 5xx"}
	requestSeconds = Family{"apimulator_request_duration_seconds", histogram, "seconds", []string{"api", "operation"},
		"From a request's arrival to the end of its response.", "operations of the service"}
	requestsInFlight = Family{"apimulator_requests_in_flight", gauge, "requests", nil,
		"Requests under way.", "1"}
	statementsTotal = Family{"apimulator_statements_total", counter, "executions", []string{"statement", "outcome"},
		"Statements that were executed: they continued, responded or failed.", "statements there are × 3"}
	statementSeconds = Family{"apimulator_statement_seconds_total", counter, "seconds", []string{"statement"},
		"Time that statements took, with the statements in them and the wait for backends.", "statements there are"}
	backendCalls = Family{"apimulator_backend_calls_total", counter, "calls", []string{"backend", "status"},
		"Calls of policies to hosts; status is a class such as 2xx, or none without a response.", many(mostBackends, "hosts") + " × 6"}
	backendSeconds = Family{"apimulator_backend_call_duration_seconds", histogram, "seconds", []string{"backend"},
		"From the beginning of a call to the response's head, or to the failure.", many(mostBackends, "hosts")}
	backendFailures = Family{"apimulator_backend_failures_total", counter, "calls", []string{"backend", "reason"},
		"Calls without a response: BackendConnectionFailure, ClientConnectionFailure, Timeout, Cancelled or other.", many(mostBackends, "hosts") + " × 5"}
	tokensTotal = Family{"apimulator_tokens_validated_total", counter, "tokens", []string{"statement", "result"},
		"Verdicts of validate-jwt and validate-azure-ad-token: accepted, or the reason of the refusal.", "2 × " + strconv.Itoa(mostReasons+1)}
	cacheLookups = Family{"apimulator_cache_lookups_total", counter, "lookups", []string{"statement", "result"},
		"Look-ups in caches: hit or miss.", "statements that look up × 2"}
	limitRefusals = Family{"apimulator_limit_refusals_total", counter, "requests", []string{"statement"},
		"Refusals because a rate, a quota or a number of places was used up.", "statements that limit"}
	recordsKept = Family{"apimulator_records_kept", gauge, "records", nil,
		"Records of requests in memory.", "1"}
	reloadsTotal = Family{"apimulator_reloads_total", counter, "reloads", []string{"result"},
		"Readings of a changed service: ok, or failed, after which the last good one stays.", "2"}
	policyMetric = Family{"apimulator_policy_metric", summary, "as the policy has it", []string{"namespace", "name", "dimensions"},
		"Values of emit-metric, azure-openai-emit-token-metric and llm-emit-token-metric: _sum and _count.", strconv.Itoa(mostPolicySeries)}
	policyMetricsDropped = Family{"apimulator_policy_metrics_dropped_total", counter, "values", nil,
		"Values of policies that belong to no series, since there are too many or its labels are too long.", "1"}
)

// Families are all that are served, in the order in which documents show them.
func Families() []Family {
	return []Family{
		requestsTotal, requestSeconds, requestsInFlight, statementsTotal, statementSeconds, backendCalls, backendSeconds, backendFailures,
		tokensTotal, cacheLookups, limitRefusals, recordsKept, reloadsTotal, policyMetric, policyMetricsDropped,
	}
}

func many(n int, what string) string { return strconv.Itoa(n) + " " + what + " and other" }
