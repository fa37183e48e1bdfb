package integration

import "github.com/apimulator/apimulator/policy"

var sendRequestFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Waits for the answer; the variable holds a response with StatusCode, StatusReason, Headers and Body."},
	{Is: policy.Documented, Rows: "b2", Text: "The variable is set on success; with ignore-error a failure sets null and processing goes on."},
	{Is: policy.Documented, Rows: "b3", Text: "A 4xx or 5xx is an answer like any other."},
	{Is: policy.Documented, Rows: "b4", Text: "A copy made in outbound has no body."},
	{Is: policy.Documented, Rows: "b8", Text: "What is set in it does not touch the request to the backend."},
	{Is: policy.Documented, Rows: "b9", Text: "It may be a branch of wait."},
	{Is: policy.Documented, Rows: "f1", Text: "No status and headers in time: source `send-request`, reason `Timeout`."},
	{Is: policy.Documented, Rows: "f2", Text: "No connection: source `send-request`, reason `BackendConnectionFailure`."},
	{Is: policy.Chosen, Rows: "f1 f2", Text: "Both are 500 with the general body; the messages are forward-request's.", Why: "as forward-request is recorded"},
	{Is: policy.Chosen, Rows: "b2", Text: "ignore-error covers a missing answer only: what the document's own expressions throw stays an error.", Why: "it is no error of the call"},
	{Is: policy.Chosen, Rows: "b4", Text: "A copy made in on-error has no body either.", Why: "the message at hand is the response there too"},
	{Is: policy.Chosen, Rows: "b5", Text: "Children act in the document's order, any order is taken.", Why: "the page asks for one, and no source tells whether Azure insists"},
	{Is: policy.Chosen, Rows: "b6", Text: "The answer's body is read when somebody asks for it, by the rule of preserveContent.", Why: "as any message's"},
	{Is: policy.Chosen, Rows: "b7", Text: "timeout is a number of seconds, 0 waits without end; it covers the wait for status and headers.", Why: "as forward-request's"},
	{Is: policy.Chosen, Text: "A copy without set-url goes where the request would go now.", Why: "it is a copy of that"},
	{Is: policy.Chosen, Text: "No redirect is followed, and no X-Forwarded-For added.", Why: "no page speaks of either"},
	{Is: policy.Chosen, Text: "A copy of a body that is gone has none, with a warning in the trace.", Why: "as forward-request"},
	{Is: policy.Chosen, Text: "An expression that gives no address or no method is 500, reason `ExpressionValueEvaluationFailure`; the address is not told.", Why: "it may hold a key"},
	{Is: policy.Difference, Text: "proxy in it is refused at load.", Why: "nothing here goes by way of a proxy"},
}

var sendOneWayRequestFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Nobody waits for the answer, and no variable is set."},
	{Is: policy.Documented, Rows: "b2", Text: "What becomes of the call reaches no on-error."},
	{Is: policy.Documented, Rows: "b3", Text: "A copy made in outbound has no body."},
	{Is: policy.Chosen, Rows: "b2", Text: "An expression in it that throws is an error.", Why: "it is evaluated before the call"},
	{Is: policy.Chosen, Rows: "b3", Text: "A copy made in on-error has no body either.", Why: "as send-request"},
	{Is: policy.Chosen, Text: "At most 1,000 are under way at a time; further ones are not sent, with a note in the trace.", Why: "something has to bound them"},
	{Is: policy.Chosen, Text: "The timeout covers the wait for status and headers; no more of the answer is read.", Why: "nobody asks for it"},
	{Is: policy.Difference, Text: "proxy in it is refused at load.", Why: "nothing here goes by way of a proxy"},
}

var logToEventHubFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "The text is the message."},
	{Is: policy.Documented, Rows: "b2", Text: "A longer text is cut to 200 KB, without an error."},
	{Is: policy.Documented, Rows: "b3", Text: "Each run logs, whatever is sampled elsewhere."},
	{Is: policy.Documented, Rows: "b4", Text: "logger-id takes no expression."},
	{Is: policy.Documented, Rows: "f1", Text: "partition-id beside partition-key is refused at load."},
	{Is: policy.Observed, Text: "An unknown logger is refused at load: `Logger not found`."},
	{Is: policy.Chosen, Rows: "b2", Text: "A KB is 1,024 bytes, and no character is cut in two.", Why: "no page says which"},
	{Is: policy.Chosen, Rows: "b5", Text: "Sending is not waited for.", Why: "a log must not hold up an answer"},
	{Is: policy.Chosen, Text: "Without `loggers` in apim.yaml every logger exists, and each writes a file.", Why: "a laptop has no event hub"},
}

var traceFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Adds an entry to the request's trace, with source, severity, message and metadata."},
	{Is: policy.Documented, Rows: "b4", Text: "message stands before metadata."},
	{Is: policy.Documented, Rows: "b6", Text: "It may stand in on-error, as the page on error handling has it."},
	{Is: policy.Chosen, Text: "Its message may be its text.", Why: "an older edition of the page, and deployed documents"},
	{Is: policy.Chosen, Text: "Its expressions are evaluated whether anybody traces or not.", Why: "an error must not depend on it"},
	{Is: policy.Difference, Rows: "b2", Text: "There is no Application Insights and no resource log: the trace takes every severity.", Why: "they are other products"},
	{Is: policy.Difference, Rows: "b3", Text: "Nothing is sampled.", Why: "tests have to come out the same each time"},
	{Is: policy.Difference, Rows: "b5", Text: "`gateway trace` and the page take the place of the test console.", Why: "it is the portal's"},
}

var emitMetricFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Emits a metric with its value and dimensions."},
	{Is: policy.Documented, Rows: "b2", Text: "The gateway fills in API ID, Operation ID, Product ID, User ID, Subscription ID, Location, Gateway ID and Backend ID where value is left out."},
	{Is: policy.Documented, Rows: "b4", Text: "At least one dimension is needed."},
	{Is: policy.Documented, Rows: "f1", Text: "A dimension without a value that the gateway does not know is refused at load."},
	{Is: policy.Chosen, Rows: "b2 f2", Text: "More than 5 dimensions of your own are warned of, more than 10 refused.", Why: "the newest page has 5, those of 2024 had 10"},
	{Is: policy.Chosen, Rows: "b2", Text: "What the request does not have, such as a product, is an empty value; Backend ID of a pool is the pool's.", Why: "the dimension is there all the same"},
	{Is: policy.Chosen, Rows: "f1", Text: "A name that an expression gives and the gateway does not know is 500, reason `ExpressionValueEvaluationFailure`.", Why: "load could not see it"},
	{Is: policy.Difference, Rows: "b1", Text: "There is no Application Insights: metrics are in traces, in tests, at /metrics and with an OpenTelemetry collector.", Why: "it is another product"},
	{Is: policy.Difference, Rows: "b3", Text: "Azure Monitor's limits on series are not emulated.", Why: "nothing is kept as series"},
}
