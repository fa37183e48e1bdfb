package crossdomain

import "github.com/apimulator/apimulator/policy"

var corsFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "A preflight is answered by cors alone; no other statement runs for it. The request itself runs everything."},
	{Is: policy.Documented, Rows: "b2", Text: "An operation with the method OPTIONS that matches takes the preflight away."},
	{Is: policy.Documented, Rows: "b3", Text: `A preflight that is not allowed ends with an empty 200; with terminate-unmatched-request="false" the next cors directly in inbound is asked, and without one it is an empty 200 too.`},
	{Is: policy.Documented, Rows: "b4", Text: `A GET or HEAD that is not allowed ends with an empty 200; with terminate-unmatched-request="false" it goes on without the headers.`},
	{Is: policy.Documented, Rows: "b5", Text: "A refusal is never a 4xx."},
	{Is: policy.Documented, Rows: "b6", Text: "The first cors that allows a request takes effect."},
	{Is: policy.Documented, Rows: "b7", Text: "A preflight carries no header with a key or a version: at product scope its key has to stand in the query; at API scope a version in a header is not known to it."},
	{Is: policy.Documented, Rows: "b8", Text: "It sends Access-Control-Allow-Origin, -Allow-Credentials, -Allow-Methods, -Allow-Headers, -Expose-Headers and -Max-Age as the Fetch standard has them."},
	{Is: policy.Observed, Rows: "u1", Text: "terminate-unmatched-request is true by default; editions of the page differ."},
	{Is: policy.Observed, Text: "A request without Origin is none of its business."},
	{Is: policy.Chosen, Rows: "u2", Text: "An actual request is judged by its origin, whatever its method; under `--strict` by allowed-methods too.", Why: "the Fetch standard asks methods of preflights only"},
	{Is: policy.Chosen, Text: "The answer to a preflight repeats the method and the headers that were asked for.", Why: "it need not list all that there is"},
	{Is: policy.Chosen, Rows: "b8", Text: "Origin is told back with `Vary: Origin`, or as `*` where any may call; what the backend says of the same is replaced.", Why: "a cache must keep origins apart"},
	{Is: policy.Chosen, Text: "Origins are compared without regard to case and to the scheme's own port; methods and headers without regard to case.", Why: "as browsers write them"},
}
