package flow

import "github.com/apimulator/apimulator/policy"

var chooseFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Conditions are tried in order; the first that holds decides, and later ones are not evaluated."},
	{Is: policy.Documented, Rows: "b2", Text: "otherwise runs where none holds."},
	{Is: policy.Documented, Rows: "b3", Text: "It nests; LastError.Path tells the branch: `choose[1]\\when[3]\\set-header`."},
	{Is: policy.Documented, Rows: "b4", Text: "It may be a branch of wait."},
	{Is: policy.Chosen, Rows: "b5 f1", Text: "A condition that gives neither a bool nor a text of one, or throws: 500, source `choose`, reason `ExpressionValueEvaluationFailure`, the path that of the when.", Why: "as any expression that fails"},
}

var limitConcurrencyFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "A request holds a place while the statements in it run, and gives it back however they end."},
	{Is: policy.Documented, Rows: "b2 f1", Text: "A request that finds no place fails at once with 429; nothing queues."},
	{Is: policy.Observed, Rows: "u2", Text: "Places are counted per API and key, also where the element stands in a wider scope."},
	{Is: policy.Chosen, Rows: "f1 u1", Text: "Reason `ConcurrencyLimitExceeded`, message `Concurrency limit is exceeded.`; no Retry-After.", Why: "nobody recorded one, and how long it takes is not known"},
	{Is: policy.Chosen, Text: "An element without statements is legal.", Why: "as retry's is"},
	{Is: policy.Chosen, Rows: "u3", Text: "Each statement compares its own max-count with the places that are taken.", Why: "the key names the places, not the limit"},
}

var retryFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "The statements run once, then again while the condition holds and retries are left."},
	{Is: policy.Documented, Rows: "b2", Text: "The wait is interval; with delta it grows by delta each time; with max-interval too it grows exponentially up to it, by chance between 0.8 and 1.2 delta, the first retry after interval."},
	{Is: policy.Documented, Rows: "b6", Text: "A request's body is sent again only with buffer-request-body."},
	{Is: policy.Documented, Rows: "b7", Text: "After an ignored error of send-request the variable is null; the condition has to test for it."},
	{Is: policy.Observed, Text: "An element without statements is legal: a delay."},
	{Is: policy.Chosen, Rows: "b3", Text: "max-interval without delta only bounds the interval; a warning at load.", Why: "no page describes it"},
	{Is: policy.Chosen, Rows: "b4", Text: "When retries are used up with the condition still true, processing goes on with the last result.", Why: "no error of its own is listed"},
	{Is: policy.Chosen, Rows: "b5", Text: "After a statement in it failed the condition decides too; without a retry left the failure stands.", Why: "as in the policy toolkit's emulator"},
	{Is: policy.Chosen, Rows: "b5", Text: "return-response inside ends the loop at once.", Why: "as in the policy toolkit's emulator"},
	{Is: policy.Chosen, Rows: "b6", Text: "forward-request without buffer-request-body sends a body once; later tries have none, with a warning in the trace.", Why: "the stream is gone"},
}

var waitFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Its statements run side by side; send-request, cache-lookup-value and choose may stand in it."},
	{Is: policy.Documented, Rows: "b2", Text: "With `for=\"any\"` the first that ends cancels the others."},
	{Is: policy.Documented, Rows: "b3", Text: "Variables that branches set are there afterwards."},
	{Is: policy.Documented, Rows: "f1", Text: "Another statement in it is refused at load."},
	{Is: policy.Chosen, Rows: "b1", Text: "What waits is concurrent, what computes takes turns: variables and response are each branch's own, changes of the request are seen by all.", Why: "so that expressions need no locks"},
	{Is: policy.Chosen, Rows: "b2", Text: "With `for=\"any\"` a branch that fails decides too, and its failure stands; a branch that was overtaken before it began does not begin.", Why: "it has ended"},
	{Is: policy.Chosen, Rows: "b3", Text: "Variables and responses of the branches are merged in the document's order; nothing is left of a cancelled one.", Why: "the outcome must not depend on who was faster"},
	{Is: policy.Chosen, Text: "With `for=\"all\"` a branch that fails or answers the client cancels the others.", Why: "there is nothing left to wait for"},
	{Is: policy.Difference, Rows: "b4", Text: "Refused in on-error.", Why: "the page lists the other three; the policy toolkit offers it there"},
}
