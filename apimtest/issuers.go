package apimtest

import "github.com/apimulator/apimulator/internal/entra"

// RollKeys has Entra ID, and any other issuer, sign with a new key from now on. The old
// one stays published for a day, as issuers do it. Gateways learn of the new key when a
// token that is signed with it comes.
func (g *Gateway) RollKeys() {
	g.t.Helper()
	if err := g.world.RollKeys(entra.Roll{Mode: entra.RollImmediate}); err != nil {
		g.t.Fatalf("apimtest: the keys can't be rolled: %v", err)
	}
}

// KeysDown says whether the issuers' discovery documents and keys can't be had: they
// answer 503 then. Tokens are minted all the same.
func (g *Gateway) KeysDown(down bool) {
	g.t.Helper()
	if err := g.world.KeysDown(down); err != nil {
		g.t.Fatalf("apimtest: %v", err)
	}
}
