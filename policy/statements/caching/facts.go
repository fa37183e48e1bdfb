package caching

import "github.com/apimulator/apimulator/policy"

var cacheLookupFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "It has an effect only with a cache-store that keeps."},
	{Is: policy.Documented, Rows: "b2", Text: "Requests other than GET pass by."},
	{Is: policy.Documented, Rows: "b3", Text: "Requests with Authorization pass by, unless allow-private-response-caching is true."},
	{Is: policy.Documented, Rows: "b4", Text: "On a hit the kept response is the answer and the backend is not called."},
	{Is: policy.Documented, Rows: "b5", Text: "vary-by-header and vary-by-query-parameter make parts of the key, one name or several with semicolons."},
	{Is: policy.Chosen, Rows: "b7", Text: "A document without the vary-by-developer attributes is refused at load.", Why: "the table calls them required and gives a default too; samples always write them"},
	{Is: policy.Observed, Rows: "b4", Text: "On a miss the request's caching headers are taken off before the backend is called."},
	{Is: policy.Chosen, Rows: "b4", Text: "On a hit outbound goes on after the cache-store that stands directly in it; without one, all of outbound runs.", Why: "traces of the gateway show it"},
	{Is: policy.Chosen, Rows: "b4", Text: "The headers taken off are Cache-Control, Pragma, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since and If-Range.", Why: "the record shows Cache-Control alone; the others make a backend answer with less than all"},
	{Is: policy.Chosen, Rows: "b5", Text: "The order of the children does not matter.", Why: "the key is the same"},
	{Is: policy.Chosen, Rows: "b6", Text: "Without vary-by-query-parameter the whole query is part of the key, whatever its order.", Why: "older pages say so, and the safe side"},
	{Is: policy.Chosen, Rows: "b11", Text: "The key is the API with its revision, the method, the path that the client asked for, and what varies; names of headers and parameters without regard to case.", Why: "no response may answer another request"},
	{Is: policy.Chosen, Rows: "b8", Text: "Parameters count as the statement finds them, so those that an earlier rewrite-uri left out make no difference.", Why: "nor do they to the backend"},
	{Is: policy.Chosen, Rows: "b11", Text: "no-cache and no-store of the request lead to a miss; the response to a no-store is not kept.", Why: "RFC 9111"},
	{Is: policy.Chosen, Text: "What is sent to caches downstream is a Cache-Control in place of the backend's: no-store, or public or private with max-age and must-revalidate; Expires, Pragma and Age go.", Why: "the page has the attributes, and no source the lines"},
	{Is: policy.Chosen, Text: "vary-by-developer of a request without a user keeps no one apart.", Why: "there is no developer"},
	{Is: policy.Chosen, Text: "caching-type=\"external\" without an external cache finds and keeps nothing, with a note; under `--strict` it is 500, reason `CacheNotConfigured`.", Why: "no page tells"},
	{Is: policy.Difference, Rows: "b10", Text: "The cache is in memory and that of one process; there are no units and regions.", Why: "one process"},
}

var cacheStoreFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b2", Text: "Only responses to GET are kept."},
	{Is: policy.Documented, Rows: "b3", Text: "Without cache-response only a 200 is kept; with true any status."},
	{Is: policy.Chosen, Rows: "b1", Text: "Key and cache are those of the lookup before it; without one nothing is kept, with a note.", Why: "it has no attributes for them"},
	{Is: policy.Observed, Rows: "b4", Text: "The body is collected while it goes to the client and kept once it is complete."},
	{Is: policy.Chosen, Rows: "b3", Text: "cache-response=\"false\" is like none; under `--strict` nothing is kept.", Why: "the table's default is false, and it is read either way"},
	{Is: policy.Chosen, Rows: "b4", Text: "A body that breaks off, is larger than 4 MB with its key, or was taken by an expression is not kept; a duration of 0 keeps nothing.", Why: "half a response is none"},
	{Is: policy.Chosen, Text: "Its time runs from when the statement ran.", Why: "what a client is told of it has to hold"},
}

var cacheLookupValueFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b2", Text: "A miss with default-value sets the variable to it."},
	{Is: policy.Documented, Rows: "b4", Text: "It may be a branch of wait."},
	{Is: policy.Chosen, Rows: "b1", Text: "A hit sets the variable to the value with the type that it had.", Why: "the page says value, and samples cast it"},
	{Is: policy.Chosen, Rows: "b3", Text: "A miss without default-value leaves the variable as it is.", Why: "the page has both; official samples ask ContainsKey"},
	{Is: policy.Chosen, Rows: "b5", Text: "It runs for any method; values and responses are kept apart.", Why: "the page gives no limit"},
	{Is: policy.Chosen, Text: "A cache that can't be reached counts as a miss, with a note in the trace.", Why: "a cache that is down must not stop the API"},
}

var cacheStoreValueFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "The write may come late. Here it is done at once; under `--strict` when the request is over."},
	{Is: policy.Chosen, Rows: "b2", Text: "It runs for any method, and a section may hold several.", Why: "both notes of the page are cache-store's; deployed documents have several"},
	{Is: policy.Chosen, Rows: "b3", Text: "Strings, numbers, dates, JSON, lists and what else has a form in bytes are kept; a value that has none is 500, reason `ExpressionValueEvaluationFailure`.", Why: "the policy toolkit says that it is not only strings"},
	{Is: policy.Chosen, Text: "null keeps nothing and leaves what is there.", Why: "null is no value to keep"},
	{Is: policy.Chosen, Text: "An entry of more than 4 MB is not kept, and what was under the key goes.", Why: "Azure's bound is that of the tier's cache"},
}

var cacheRemoveValueFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Takes one value out of the cache."},
	{Is: policy.Chosen, Rows: "b1", Text: "A key that is not there is no error.", Why: "it is what was asked for"},
}

var cacheValueFacts = []policy.Fact{
	{Is: policy.Chosen, Rows: "b1", Text: "A fresh entry is taken; between refresh-after and expires-after the statements run and the old value is there if they give none; a miss runs them.", Why: "as in the policy toolkit's emulator, the only source"},
	{Is: policy.Chosen, Rows: "b1", Text: "Of several requests that miss one computes and the others wait; where there is an old value they take that.", Why: "as in the policy toolkit's emulator"},
	{Is: policy.Chosen, Text: `refresh-after="0" computes each time, with the kept value to fall back on.`, Why: "as in the policy toolkit's emulator"},
	{Is: policy.Chosen, Text: "The value is what the statements set the variable to; where they give none, the old one, the default, or the failure.", Why: "as in the policy toolkit's emulator"},
}
