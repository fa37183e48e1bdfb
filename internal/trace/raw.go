package trace

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// rawKept is of how many requests the raw one is kept at most, and rawBytes is about
	// how much memory they take.
	rawKept  = 500
	rawBytes = 16 << 20
	// rawBody is the most bytes of one body that are kept.
	rawBody = 64 << 10
	// rawAnswers is the most answers of backends that are kept for one request.
	rawAnswers = 20
)

// Raw is a request as the client sent it, secrets and all, so that it can be sent again. It
// stays in memory and is never shown: who shows something of it takes it through
// [Raw.Mask].
type Raw struct {
	Method      string
	URL         exchange.URL
	Header      []exchange.Field
	Body        []byte
	ClientIP    string
	Certificate *x509.Certificate
	// Whole says that Body is all that the client sent.
	Whole bool
	// Key is the subscription key that let the request in; "" if none did.
	Key string
	// Answers are what backends and others answered to the calls of the policies, in the
	// order in which they came.
	Answers []Answer

	mu   sync.Mutex // of Answers while the request runs
	keys []string   // names that hold a subscription key
	own  found
	mask func(string) string
	body *copied
	size int

	finished bool
}

// Answer is what a backend answered, before policies changed it.
type Answer struct {
	Target exchange.URL
	Status int    // 0: it did not answer
	Reason string // of a failure, as LastError has it
	Header []exchange.Field
	Body   []byte
	Whole  bool // Body is all of it

	body *copied
}

// Mask takes the secrets of the service and of this request out of a text.
func (r *Raw) Mask(text string) string { return r.mask(text) }

// ShownHeader is the value of a header line without secrets.
func (r *Raw) ShownHeader(name, value string) string { return r.mask(shownHeader(name, value, r.keys)) }

// ShownURL is an address of the request, or with a part of its query, without secrets.
func (r *Raw) ShownURL(u exchange.URL) string { return r.mask(MaskURL(&u, r.keys...)) }

// ShownBody is a body without secrets.
func (r *Raw) ShownBody(body []byte) string { return maskBody(r.mask(string(body))) }

// newRaw begins to keep the request of x: a body that comes as a stream is copied while it
// is read.
func newRaw(x *exchange.Exchange) *Raw {
	q := &x.Request
	r := &Raw{Method: q.Method, URL: q.OriginalURL, Header: q.Header.Fields(), ClientIP: q.ClientIP, Certificate: q.Certificate}
	if data, known := q.Body.InMemory(); known {
		r.Body, r.Whole = slices.Clone(data[:min(len(data), rawBody)]), len(data) <= rawBody
		return r
	}
	r.body = copyOf(&q.Body)
	// A client that waits to be told to go on may never send the body.
	r.body.toEnd = r.body.length >= 0 && r.body.length <= rawBody && !q.Header.Has("Expect")
	return r
}

// handled reads what nobody has read of the request's body, while it still can be had.
func (r *Raw) handled(x *exchange.Exchange) {
	if r.body != nil && r.body.toEnd {
		x.Request.Body.Close()
	}
}

// rawKey is where the context of a request has its Raw.
type rawKey struct{}

// Watch is next, of whose calls the answers are kept raw with the request that they were
// made for.
func Watch(next policy.Sender) policy.Sender { return watching{next} }

type watching struct{ next policy.Sender }

// Send is part of policy.Sender.
func (w watching) Send(ctx context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	raw, _ := ctx.Value(rawKey{}).(*Raw)
	target := out.URL
	response, err := w.next.Send(ctx, out)
	if raw != nil {
		raw.answered(target, response, err)
	}
	return response, err
}

// answered keeps the answer to a call, or why there was none.
func (r *Raw) answered(target exchange.URL, response *exchange.Response, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.finished || len(r.Answers) >= rawAnswers {
		return
	}
	a := Answer{Target: target}
	var failed *policy.SendError
	switch {
	case err == nil:
		a.Status, a.Header = response.Status, response.Header.Fields()
		if data, known := response.Body.InMemory(); known {
			a.Body, a.Whole = slices.Clone(data[:min(len(data), rawBody)]), len(data) <= rawBody
		} else {
			a.body = copyOf(&response.Body)
		}
	case errors.Is(err, context.DeadlineExceeded):
		a.Reason = exchange.ReasonTimeout
	case errors.As(err, &failed):
		a.Reason = failed.Reason
	}
	r.Answers = append(r.Answers, a)
}

// finish takes over what was copied. keys are the names that hold a subscription key.
func (r *Raw) finish(x *exchange.Exchange, keys []string) {
	r.mu.Lock() // a call that nobody waits for may go on
	defer r.mu.Unlock()
	r.finished = true
	r.keys = keys
	if x.Subscription != nil {
		r.Key = x.Subscription.ID
	}
	r.size = 1024 + len(r.URL.RawQuery)
	if r.body != nil {
		r.Body, r.Whole = r.body.take()
		r.body = nil
	}
	r.size += len(r.Body)
	for _, f := range r.Header {
		r.size += len(f.Name) + len(f.Value)
	}
	for i := range r.Answers {
		a := &r.Answers[i]
		if a.body != nil {
			a.Body, a.Whole = a.body.take()
			a.body = nil
		}
		r.size += len(a.Body) + 512
	}
}

// secrets adds what bodies and answers keep secret.
func (r *Raw) secrets(own found) {
	own.body(string(r.Body))
	for i := range r.Answers {
		own.header(r.Answers[i].Header, r.keys)
		own.body(string(r.Answers[i].Body))
	}
}

// complete puts into the record the beginnings of bodies that passed as streams.
func (r *Raw) complete(record *Record, x *exchange.Exchange) {
	if record.Request.Body == "" {
		record.Request.Body = clip(string(r.Body[:min(len(r.Body), maxText+1)]))
	}
	if n := len(r.Answers); n > 0 && record.Response.Body == "" && x.Response != nil && !x.Response.Body.Replaced() {
		body := r.Answers[n-1].Body
		record.Response.Body = clip(string(body[:min(len(body), maxText+1)]))
	}
}

// copied is a stream that is copied while somebody reads it.
type copied struct {
	source io.ReadCloser
	length int64 // -1 if nobody said
	toEnd  bool  // Close reads what is left

	mu    sync.Mutex
	data  []byte
	over  bool // more came than is kept
	ended bool
}

// copyOf puts a copying stream in the place of a body's own, which nobody has read yet.
func copyOf(b *exchange.Body) *copied {
	length := b.Length()
	source, err := b.Reader()
	if err != nil {
		return &copied{length: length, ended: true, over: true} // it is gone
	}
	c := &copied{source: source, length: length}
	*b = exchange.StreamBody(c, length)
	return c
}

// Read is part of io.Reader.
func (c *copied) Read(p []byte) (int, error) {
	n, err := c.source.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := min(n, rawBody-len(c.data))
	c.data = append(c.data, p[:kept]...)
	c.over = c.over || kept < n
	c.ended = c.ended || err == io.EOF
	return n, err
}

// Close is part of io.Closer.
func (c *copied) Close() error {
	if c.toEnd {
		// What goes wrong here is the client's going away: there is less to keep.
		_, _ = io.Copy(io.Discard, c)
	}
	return c.source.Close()
}

// take gives what came so far, and whether that is all.
func (c *copied) take() ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	whole := c.ended || c.length >= 0 && int64(len(c.data)) == c.length
	return slices.Clone(c.data), whole && !c.over
}

// raws are the raw requests of the newest records.
type raws struct {
	byID  map[string]*Raw
	order []string // the oldest first
	bytes int
}

func (k *raws) keep(id string, r *Raw) {
	if k.byID == nil {
		k.byID = make(map[string]*Raw)
	}
	k.byID[id] = r
	k.order = append(k.order, id)
	k.bytes += r.size
	for len(k.order) > rawKept || k.bytes > rawBytes && len(k.order) > 1 {
		oldest := k.order[0]
		k.order = k.order[1:]
		k.bytes -= k.byID[oldest].size
		delete(k.byID, oldest)
	}
}

// Raw is the raw request of the record of that id; nil if it is not kept (any more).
func (c *Recorder) Raw(id string) *Raw {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.raws.byID[id]
}

// Secrets are what the newest requests kept secret, as far as they are kept raw.
func (c *Recorder) Secrets() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make(map[string]string)
	for _, r := range c.raws.byID {
		maps.Copy(all, r.own)
	}
	return all
}
