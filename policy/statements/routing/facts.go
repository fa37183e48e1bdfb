package routing

import "github.com/apimulator/apimulator/policy"

var forwardRequestFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Nothing is sent where no effective backend section has one: outbound follows inbound at once."},
	{Is: policy.Documented, Rows: "b2", Text: "The timeout covers the wait for status and headers; the body may take longer."},
	{Is: policy.Documented, Rows: "b3", Text: "An error status of the backend is no error, unless fail-on-error-status-code is true."},
	{Is: policy.Documented, Rows: "b4", Text: "It goes to the API's backend, or where set-backend-service pointed it."},
	{Is: policy.Observed, Rows: "f1 u1", Text: "No headers in time: 500 with the general body, reason `Timeout`, source `forward-request`."},
	{Is: policy.Observed, Rows: "f2", Text: "No connection, or one that breaks off: 500 with the general body, reason `BackendConnectionFailure`, source `request-forwarder`, path `forward-request\\forward-request`."},
	{Is: policy.Observed, Rows: "f3", Text: "The client went away: reason `ClientConnectionFailure`, `The operation was canceled.`"},
	{Is: policy.Observed, Text: "X-Forwarded-For gets the caller's address, after a comma without a blank where it is there already."},
	{Is: policy.Observed, Text: "All members of a pool tripped: 503, reason `PoolIsInactive`."},
	{Is: policy.Chosen, Rows: "u2", Text: "Messages are .NET Framework's where a record has them (`Unable to connect to the remote server`, ...), else `The request to the backend timed out after 60 seconds.` and the like.", Why: "the classic gateway's are"},
	{Is: policy.Chosen, Rows: "u3", Text: "At most 10 redirects are followed, then `BackendConnectionFailure`; POST becomes GET on 301, 302 and 303; Authorization, Cookie and the backend's credentials stay behind at another origin; a body that was a stream is not sent again.", Why: "as .NET does, with a smaller number"},
	{Is: policy.Chosen, Text: "`timeout=\"0\"` waits without end.", Why: "nothing else is a timeout of 0"},
	{Is: policy.Chosen, Text: "continue-timeout sends `Expect: 100-continue` and the body once the backend says so; without an answer in time it is a 500 with reason `Timeout`; a final answer that comes instead is taken.", Why: "the page only names the wait"},
	{Is: policy.Chosen, Text: "`http-version=\"2or1\"` is HTTP/1.1 without TLS; a backend that has no HTTP/2 with `http-version=\"2\"` is `BackendConnectionFailure`.", Why: "only TLS negotiates"},
	{Is: policy.Chosen, Text: "fail-on-error-status-code gives reason `BackendErrorStatusCode`; the client gets the backend's answer unless on-error changes it.", Why: "the page says that on-error runs, and no more"},
	{Is: policy.Chosen, Text: "A single backend whose breaker has tripped is 503, reason `BackendIsInactive`, with Retry-After; the body does not name it.", Why: "as that of a pool"},
	{Is: policy.Chosen, Text: "A retry around it sees the 503 of a pool as the response.", Why: "deployed conditions ask for it"},
	{Is: policy.Chosen, Text: "The member of a pool is picked anew at each try.", Why: "so a retry can reach another one"},
	{Is: policy.Chosen, Text: "The affinity cookie is a hash of pool and member, HttpOnly, and Secure over https; a tripped member's session moves on.", Why: "so it holds across restarts and tells nothing"},
	{Is: policy.Chosen, Text: "A body that is gone (read without preserveContent, or sent before) goes out empty, with a warning in the trace.", Why: "the page on expressions says that it is gone"},
	{Is: policy.Difference, Text: "An event stream passes event by event in spite of the default buffer-response, with a warning in the trace; under `--strict` it is buffered, as Azure does.", Why: "a stream that stands still helps nobody"},
	{Is: policy.Difference, Text: "Several in a document are taken.", Why: "branches of choose may each have one; an early draft says one"},
}

var setBackendServiceFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Replaces the base address; the path behind it and the query stay."},
	{Is: policy.Documented, Rows: "b2", Text: "A base-url does not win over a backend-id of a wider scope, with a warning in the trace; a backend-id does."},
	{Is: policy.Documented, Rows: "b3", Text: "It sends nothing."},
	{Is: policy.Documented, Rows: "b4 b5", Text: "`backend-id=\"dapr\"` points to http://localhost:3500/v1.0/invoke/APP.NAMESPACE/method/METHOD."},
	{Is: policy.Observed, Rows: "u1", Text: "An unknown constant backend-id is refused at load: `Backend with id 'x' could not be found.`"},
	{Is: policy.Chosen, Rows: "u1", Text: "An unknown one that an expression gives is 500, reason `BackendNotFound`, with the same text; case counts.", Why: "the text is that of the save"},
	{Is: policy.Chosen, Text: "A query of base-url is put before the request's.", Why: "Microsoft's samples write one"},
	{Is: policy.Chosen, Text: "A base-url that an expression gives and that is no address is 500, reason `ExpressionValueEvaluationFailure`.", Why: "as any wrong value"},
	{Is: policy.Chosen, Rows: "b4", Text: "The Dapr form replaces the request's path and keeps its query; characters that no path has are escaped.", Why: "the address names the whole target"},
	{Is: policy.Difference, Text: "The attributes of Service Fabric are refused at load.", Why: "there is no Service Fabric here"},
}
