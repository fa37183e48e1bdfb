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
	eachParameter(raw, func(piece, key, value string) {
		if strings.EqualFold(unescape(key), name) {
			vs = append(vs, unescape(value))
		}
	})
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
	eachParameter(raw, func(piece, key, _ string) {
		if keep(unescape(key)) {
			kept = append(kept, piece)
		}
	})
	return strings.Join(kept, "&")
}

// QueryAppend adds name=value, escaped, for each value.
func QueryAppend(raw, name string, values ...string) string {
	var b strings.Builder
	b.WriteString(raw)
	for _, v := range values {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(escape(name))
		b.WriteByte('=')
		b.WriteString(escape(v))
	}
	return b.String()
}

func eachParameter(raw string, f func(piece, key, value string)) {
	for piece := range strings.SplitSeq(raw, "&") {
		if piece == "" {
			continue
		}
		key, value, _ := strings.Cut(piece, "=")
		f(piece, key, value)
	}
}

func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

// escape is url.QueryEscape with a blank as %20, which every server reads alike.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
