package exchange

import (
	"net/url"
	"strings"
)

// The functions here read and edit a raw query string one parameter at a time.
// What they don't touch stays byte for byte: order, spelling, escapes, empty
// pieces. Parameter names compare without regard to case, as APIM's do.

// QueryValues are the decoded values of parameter name, in order.
func QueryValues(raw, name string) []string {
	var vs []string
	for piece := range strings.SplitSeq(raw, "&") {
		if key, value, _ := strings.Cut(piece, "="); piece != "" && strings.EqualFold(unescape(key), name) {
			vs = append(vs, unescape(value))
		}
	}
	return vs
}

// QueryHas reports whether there is a parameter of that name.
func QueryHas(raw, name string) bool { return len(QueryValues(raw, name)) > 0 }

// QueryDelete leaves out the parameters of that name.
func QueryDelete(raw, name string) string {
	return QueryFilter(raw, func(key string) bool { return !strings.EqualFold(key, name) })
}

// QueryFilter keeps the parameters whose decoded name keep accepts.
func QueryFilter(raw string, keep func(name string) bool) string {
	var kept []string
	for piece := range strings.SplitSeq(raw, "&") {
		if key, _, _ := strings.Cut(piece, "="); piece == "" || keep(unescape(key)) {
			kept = append(kept, piece)
		}
	}
	return strings.Join(kept, "&")
}

// QueryAppend adds name=value, escaped, for each value.
func QueryAppend(raw, name string, values ...string) string {
	for _, v := range values {
		raw = QueryJoin(raw, QueryEscape(name)+"="+QueryEscape(v))
	}
	return raw
}

// QueryJoin puts two queries together.
func QueryJoin(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "&" + b
}

// QueryEscape spells a name or a value for a query: as url.QueryEscape does, but
// a blank is %20, which every server reads alike.
func QueryEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}
