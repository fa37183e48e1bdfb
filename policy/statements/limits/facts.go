package limits

import "github.com/apimulator/apimulator/policy"

var rateLimitFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Counts by subscription; a request without one is not counted and passes."},
	{Is: policy.Documented, Rows: "b2", Text: "The limits of the statement, of an api and of an operation count apart; each can stop the call."},
	{Is: policy.Documented, Rows: "b3", Text: "The window slides: a call is forgotten when it is as old as the window, as on the classic tiers."},
	{Is: policy.Documented, Rows: "b6", Text: "Retry-After is sent with a refusal; other headers only where an attribute names them."},
	{Is: policy.Documented, Rows: "f1", Text: "A call too many: 429, reason `RateLimitExceeded`, LastError `Rate limit is exceeded`."},
	{Is: policy.Observed, Rows: "f1 u1", Text: "The client reads `Rate limit is exceeded. Try again in 57 seconds.`; LastError has the page's short text."},
	{Is: policy.Chosen, Rows: "u2", Text: "A refused call counts in no limit.", Why: "it did not reach the backend"},
	{Is: policy.Chosen, Text: "The calls left are those of the narrowest limit that the request met; the headers are set on a refusal too.", Why: "the page speaks of one number, after each execution"},
	{Is: policy.Chosen, Text: "Documents of product, API and operation scope count apart, each for its own product, API or operation.", Why: "it is one policy definition each"},
	{Is: policy.Chosen, Text: "The variables hold ints.", Why: "so are the attributes' numbers"},
	{Is: policy.Chosen, Rows: "u3", Text: "Of several APIs or operations with the name of a child each is meant; id wins over name.", Why: "a name is no key"},
	{Is: policy.Chosen, Text: "`calls=\"0\"` lets nothing pass; the wait told is a whole window.", Why: "there is no call that could be forgotten earlier"},
	{Is: policy.Difference, Rows: "b4", Text: "There is one gateway, so nothing is counted apart by region or replica.", Why: "one process"},
	{Is: policy.Difference, Rows: "b5", Text: "Counts are exact.", Why: "tests have to come out the same each time"},
	{Is: policy.Difference, Rows: "b7", Text: "Nobody's rights to the APIs that it names are looked at.", Why: "documents have no author here"},
	{Is: policy.Difference, Rows: "b3", Text: "The token bucket of the v2 tiers is not emulated.", Why: "no page gives its size"},
}

var rateLimitByKeyFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "One counter for each value of counter-key, in whatever scope and API the statement stands."},
	{Is: policy.Documented, Rows: "b2", Text: "Needs no subscription."},
	{Is: policy.Documented, Rows: "b3", Text: "Where increment-condition or increment-count is an expression, the request is counted at its end; the refusal comes with the next call."},
	{Is: policy.Documented, Rows: "b4", Text: "The window slides, as on the classic tiers."},
	{Is: policy.Documented, Rows: "f1", Text: "A call too many: 429 and Retry-After."},
	{Is: policy.Chosen, Rows: "f1 u1", Text: "Source `rate-limit-by-key`, reason `RateLimitExceeded`, message `Rate limit is exceeded`; the client's text tells the seconds.", Why: "as rate-limit's, of the same table"},
	{Is: policy.Chosen, Rows: "b1", Text: "Each statement that names a key counts the request for itself.", Why: "only quota-by-key's page says that a request counts once"},
	{Is: policy.Chosen, Rows: "u2", Text: "A constant increment-condition or increment-count counts at once.", Why: "the page defers for expressions only"},
	{Is: policy.Chosen, Text: "An expression for the count that fails at the end counts nothing, with a note in the trace.", Why: "the client has its answer by then"},
	{Is: policy.Difference, Rows: "b5", Text: "There is one gateway, so nothing is counted apart by region or replica.", Why: "one process"},
	{Is: policy.Difference, Rows: "b6", Text: "It runs wherever a document has it.", Why: "no tier is emulated"},
}

var quotaFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Counts by subscription; a request without one is not counted and passes."},
	{Is: policy.Documented, Rows: "b2", Text: "Periods are fixed and follow each other from the start of the subscription (its start date, else when it was created); 0 never renews."},
	{Is: policy.Documented, Rows: "b3", Text: "The quotas of the product, of an api and of an operation count apart; each can stop the call."},
	{Is: policy.Documented, Rows: "f1", Text: "Calls used up: 403, reason `QuotaExceeded`, `Out of call volume quota. Quota will be replenished in 00:30:02.`, Retry-After."},
	{Is: policy.Documented, Rows: "f2", Text: "Bandwidth used up: 403, reason `QuotaExceeded`, `Out of bandwidth quota. Quota will be replenished in 00:30:02.`, Retry-After."},
	{Is: policy.Chosen, Rows: "u1", Text: "More than a day is written d.hh:mm:ss; a quota that never renews tells no time and sends no Retry-After.", Why: "as .NET writes a TimeSpan"},
	{Is: policy.Chosen, Rows: "u2", Text: "Bandwidth is the bodies of request and response, counted when the request is over, in the period of its end; a kilobyte is 1,024 bytes.", Why: "they are what the gateway can measure"},
	{Is: policy.Chosen, Rows: "u3", Text: "renewal-period has no minimum.", Why: "the 300 s are documented for quota-by-key alone"},
	{Is: policy.Chosen, Text: "A child without renewal-period has that of what it stands in.", Why: "table and statement of the page contradict each other"},
	{Is: policy.Chosen, Text: "A refused call counts in no quota; the request that passes the bandwidth is served whole.", Why: "its size is known afterwards"},
	{Is: policy.Difference, Rows: "b4", Text: "Counts are exact: no request slips through.", Why: "tests have to come out the same each time"},
}

var quotaByKeyFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "One counter for each value of counter-key, in whatever scope and API; a request raises it once, however many statements name it."},
	{Is: policy.Documented, Rows: "b2", Text: "Periods are fixed: first-period-start and every renewal-period from there; 0 never renews."},
	{Is: policy.Documented, Rows: "b3", Text: "Where increment-condition or increment-count is an expression, the request is counted at its end and may look at the response."},
	{Is: policy.Documented, Rows: "b4", Text: "No header or variable tells what is left."},
	{Is: policy.Documented, Rows: "f1", Text: "Used up: 403 and Retry-After."},
	{Is: policy.Chosen, Rows: "f1 u1", Text: "Source `quota-by-key`, reason `QuotaExceeded` and the messages of quota.", Why: "of the same table"},
	{Is: policy.Chosen, Rows: "u2", Text: "Bandwidth is the bodies of request and response, counted when the request is over; a kilobyte is 1,024 bytes.", Why: "as quota"},
	{Is: policy.Chosen, Text: "Counters of one key with other periods or another start count apart.", Why: "they are other windows"},
	{Is: policy.Chosen, Text: "A constant increment-condition or increment-count counts at once.", Why: "the page defers for expressions only"},
}
