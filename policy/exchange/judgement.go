package exchange

// Judgement is what a statement found of a token: what the token says, and what was asked
// of it. Neither the token nor its signature is in it.
type Judgement struct {
	// Place is where the token was looked for: header Authorization.
	Place string
	// Algorithm, KeyID and Type are alg, kid and typ of its header; "": it has none.
	Algorithm, KeyID, Type string
	// Claims are those of the token, which is shared and must not be changed: values are
	// as encoding/json has them, numbers json.Number. Nil: they can't be read.
	Claims map[string]any
	// KeySet is the address of the discovery document whose key verified the signature,
	// or "keys of the policy"; "": none did. Key is that key, and how it was chosen.
	KeySet, Key string
	// Checks are in the order in which they were made; the last one refused the token if
	// it did not pass.
	Checks []TokenCheck
}

// TokenCheck is one thing that was asked of a token.
type TokenCheck struct {
	Name   string // signature, expiry, audience, claim roles, ...
	Wanted string
	Found  string
	Passed bool
	// Remark says what that means, or what to do about it; "": nothing more.
	Remark string
}
