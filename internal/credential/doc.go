// Package credential gets the access tokens of the gateway's managed identities.
//
//	policy ── Source.Token ── cache ── fetch ─┬─ emulated     MSAL, at the emulated metadata service
//	                            │             ├─ environment  MSAL, at the endpoint it finds in the environment
//	gateway ── Source.Issued ───┘             └─ azure        azidentity
//	           Allowed
//
// A [Source] is one gateway's. Its cache is its own: two sources in one process
// never see each other's tokens, although MSAL keeps a cache for the whole
// process (msal.go says how that is passed by). Nothing here changes the
// process's environment, and what stands in it cannot lead an emulated identity
// anywhere but to the emulated endpoint.
//
// # The cache
//
// A token is kept for its resource and client id, compared byte for byte
// (identity.md 2.1). It is used until half of its life is over if that is more
// than 2 hours, else until 5 minutes before it expires, at least half of its
// life. From then on the next request fetches another one in the background and
// goes on with the old one, as do all until the new one is there; if that fetch
// fails, the next one is tried after 30 seconds. A token that has expired is not
// handed out: requests wait for the next. One fetch is under way for an identity
// and resource at a time, it outlives the requests that wait for it, and it is
// given up after a minute.
//
// A failure is the answer to the requests that waited. Real endpoints are then
// left alone for a second, in which the same failure is the answer; the emulated
// one is asked again at once, so that a test needs no clock to see it recover.
//
// Kept are 256 tokens and, for [Source.Issued], the last 1024 that were issued.
// A token is at most 32 KiB, an endpoint's answer at most 1 MiB.
//
// # Real and emulated tokens
//
// A token is [Emulated] if its endpoint said that it is emulated, by the header
// X-Emulated-By, and [Real] otherwise. An emulated identity takes no token from
// an endpoint that doesn't say so, and azidentity none from one that does. Which
// of them may go to which host is the rule [Allowed].
package credential
