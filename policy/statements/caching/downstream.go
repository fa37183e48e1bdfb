package caching

import (
	"strconv"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// downstream is what caches between gateway and client are told.
type downstream struct {
	kind       string // none, private, public
	revalidate bool
}

// apply tells them, of a response that is good for so long. The reference has what is
// allowed, and no source the header lines. Chosen: Cache-Control takes the place of what
// the backend says of caching, and is no-store where nothing is allowed.
func (d downstream) apply(r *exchange.Response, life time.Duration) {
	value := "no-store"
	if d.kind != "none" {
		value = d.kind
		if d.revalidate {
			value += ", must-revalidate"
		}
		value += ", max-age=" + strconv.FormatInt(int64(max(life, 0)/time.Second), 10)
	}
	r.Header.Set("Cache-Control", value)
	for _, name := range []string{"Expires", "Pragma", "Age"} {
		r.Header.Del(name)
	}
}
