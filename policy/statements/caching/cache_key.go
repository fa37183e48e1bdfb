package caching

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// keyMaker makes the key of a response from its request.
type keyMaker struct {
	developer, groups policy.Operand[bool]
	headers, query    []policy.Operand[string]
}

func newKeyMaker(n *policy.Node) keyMaker {
	return keyMaker{
		developer: n.Bool("vary-by-developer"), groups: n.Bool("vary-by-developer-groups"),
		headers: n.Contents("vary-by-header"), query: n.Contents("vary-by-query-parameter"),
	}
}

// key is the API's revision, the method and the path that the client asked for, which
// are readable, and a digest of the rest, which may hold what is secret. That the path is
// part of it is known (policies-2.yaml, cache-lookup); that the API's revision and the
// path before any rewrite are is chosen: so no response is answered that another request
// got. Query parameters are those of the request as the statement finds it, since
// parameters that rewrite-uri left out make no difference to the backend.
func (k *keyMaker) key(r *policy.Run) (string, error) {
	digest := sha256.New()
	write := func(kind string, values ...string) {
		fmt.Fprintf(digest, "%s%q\n", kind, values)
	}
	developer, err := k.developer.Get(r)
	if err != nil {
		return "", err
	}
	groups, err := k.groups.Get(r)
	if err != nil {
		return "", err
	}
	if developer && r.User != nil {
		write("developer", r.User.ID)
	}
	if groups && r.User != nil {
		write("groups", groupsOf(r.User)...)
	}
	headers, err := policy.All(r, k.headers)
	if err != nil {
		return "", err
	}
	for _, name := range headers {
		write("header "+strings.ToLower(name), r.Request.Header.Values(name)...)
	}
	if err := k.writeQuery(r, write); err != nil {
		return "", err
	}
	var key strings.Builder
	if r.API != nil {
		key.WriteString(r.API.ID + ";rev=" + r.API.Revision + " ")
	}
	key.WriteString(r.Request.Method + " " + r.Request.OriginalURL.Path + " ")
	key.WriteString(hex.EncodeToString(digest.Sum(nil)[:16]))
	return key.String(), nil
}

func groupsOf(u *exchange.User) []string {
	var ids []string
	for _, g := range u.Groups {
		ids = append(ids, g.ID)
	}
	slices.Sort(ids)
	return ids
}

// writeQuery writes the parameters that the children name or, where there is none, all
// of them: an older page says so, and the one of today says nothing.
func (k *keyMaker) writeQuery(r *policy.Run, write func(kind string, values ...string)) error {
	query := r.Request.URL.RawQuery
	if len(k.query) == 0 {
		pieces := strings.FieldsFunc(query, func(c rune) bool { return c == '&' })
		slices.Sort(pieces)
		write("query", pieces...)
		return nil
	}
	lists, err := policy.All(r, k.query)
	if err != nil {
		return err
	}
	for _, list := range lists {
		for name := range strings.SplitSeq(list, ";") {
			if name = strings.TrimSpace(name); name != "" {
				write("parameter "+strings.ToLower(name), exchange.QueryValues(query, name)...)
			}
		}
	}
	return nil
}
