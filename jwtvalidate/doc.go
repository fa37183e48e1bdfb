// Package jwtvalidate validates JSON Web Tokens as the validate-jwt policy of
// Azure API Management does: it reads OpenID discovery documents, keeps their
// key sets, verifies signatures, and checks lifetime, audience, issuer and
// required claims. It knows nothing of policies and nothing of HTTP requests: it
// is handed a token and [Rules], and answers with a [Token] or an [Error] that
// carries API Management's reason, its message, and a hint for the developer.
//
// # What happens to a token
//
// The steps run in this order, and the first that fails names the reason:
//
//	decryption  of an encrypted token, by a key of the rules; not remembered
//	form        three Base64url segments, two JSON objects, sane registered members
//	algorithm   alg stands in the allow list; a signature is there
//	key         a key of the rules has the token's kid, or may be tried
//	signature   that key verifies it (golang-jwt)
//	lifetime    exp and nbf against the clock
//	audience    one aud value stands in Rules.Audiences
//	issuer      iss stands in Rules.Issuers or in a discovery document
//	claims      the required claims are there and have the values
//
// # What is remembered
//
// A [Validator] outlives the rules: it holds one key set for each discovery URL
// and a bounded cache of verified tokens. An entry of that cache means "this key
// verified the signature of exactly this text, and these are its claims". It
// never means "accepted": everything from lifetime on is checked on every call,
// so one token gets two answers from two APIs with two audiences, and an entry
// counts only for rules which themselves trust the key that verified it. An entry
// is worthless from the moment its key leaves the key set. Only verified tokens
// enter, so forged ones cannot push good ones out.
//
// Of the other tokens, the refused and the expired, it knows for a minute or two what
// follows from the text alone: what the token says, or why it cannot be read, and
// which keys verify it and which do not. That is no verdict either. Every step runs
// on every call, with the rules, the key sets and the time as they are, and what is
// known spares it the decoding and the arithmetic; a key that comes later is asked
// like any other. These facts are bounded in number and in bytes, and held apart,
// since anybody can bring tokens that are refused.
//
// # When something is fetched
//
// A fetch reads the discovery document and then the key set it names. There is at
// most one under way for each URL, and everybody who needs it joins it:
//
//   - at first use, or when [Validator.Prefetch] asks for it;
//   - an hour after the last good fetch, in the background, started by the next
//     token that uses the set: it goes on with the keys at hand;
//   - when a token names an unknown kid, at most once in five minutes (both
//     intervals as API Management documents them). That token waits for the fetch;
//     a later one with an unknown kid is refused at once, and the error says from
//     when on a fetch is allowed again. Nobody ever waits for that interval to
//     pass, and tokens with known kids never wait at all, so forged kids delay no
//     good token.
//
// A fetch that brings nothing usable (an error, a status other than 200, HTML, an
// empty set, only bad keys) leaves the last good keys in place and is repeated
// after five minutes at the earliest. While there are no keys yet (the issuer is
// not up), a token that needs them may start another after 1 s, 2 s, 4 s and so on
// up to five minutes; this back-off is our choice, API Management documents five
// minutes there too. Single bad keys are dropped with a reason, see [KeySetState].
//
// # Chosen where nobody says
//
// The page of the policy and recorded answers leave questions open. Decided here:
// a claim of a required-claims entry is compared by its JSON text (true, 12.50)
// and an object or null matches no value; with match any and several values the
// message lists all of them; missing claims are reported before mismatches; exp
// equal to the current time is still valid and nbf after exp is refused (both as
// Microsoft.IdentityModel does it); a discovery document that cannot be had gives
// TokenSignatureKeyNotFound; a crit header is refused, as RFC 7515 section 4.1.11
// asks; so are tokens with a member given twice, which parsers read differently.
package jwtvalidate
