package limits

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// traffic is how many bytes a request transfers: the bodies of request and response
// (chosen: no page says what counts into bandwidth). Those of a request that streams
// count as they pass.
type traffic struct {
	watched bool
	request int64
}

// whenDone has f called with the bytes once the request is over.
func whenDone(r *policy.Run, f func(bytes int64)) {
	t := policy.Keep[traffic](r)
	if !t.watched {
		t.watched = true
		if n := r.Request.Body.Length(); n >= 0 {
			t.request = n
		} else {
			r.Request.Body.Tap(t)
		}
	}
	r.OnDone(func(e exchange.End) { f(t.request + e.BytesOut) })
}

// Write counts bytes of the request.
func (t *traffic) Write(p []byte) { t.request += int64(len(p)) }

// End has nothing to do.
func (t *traffic) End(error) {}
