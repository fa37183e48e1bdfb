package trace

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
)

// MaxDebug is how long a debug token lives at most, and by default (tracing.md, step 1).
const MaxDebug = time.Hour

// expiryFormat is how a debug token spells its end.
const expiryFormat = "20060102150405"

// Debug makes and judges the tokens by which a client asks for the trace of its request.
// The zero value is not ready; use [NewDebug].
type Debug struct {
	// secret is made when it is first needed: the key that signs tokens, and the mark in the
	// trace ids of this run.
	secret func() (key []byte, mark string)
}

// NewDebug has a key of its own: tokens of another one are none.
func NewDebug() *Debug {
	return &Debug{secret: sync.OnceValues(func() (key []byte, mark string) {
		random := make([]byte, sha256.Size+6)
		_, _ = rand.Read(random) // it never fails
		return random[:sha256.Size], base64.RawURLEncoding.EncodeToString(random[sha256.Size:])
	})}
}

// Token is a debug token for requests to the API of that id, until expires.
func (d *Debug) Token(api string, expires time.Time) string {
	signed := "p=tracing&aid=" + url.QueryEscape(api) + "&ex=" + expires.UTC().Format(expiryFormat)
	return signed + "&sn=" + url.QueryEscape(d.sign(signed))
}

func (d *Debug) sign(text string) string {
	key, _ := d.secret()
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Why a debug token is not taken.
var (
	ErrDebugMalformed = errors.New("the debug token is malformed, or not this gateway's")
	ErrDebugWrongAPI  = errors.New("the debug token is for another API")
)

// DebugExpiredError says when a debug token ended.
type DebugExpiredError struct{ At time.Time }

func (e *DebugExpiredError) Error() string {
	return "The debug token expired at " + e.At.Format("01/02/2006 15:04:05") + " UTC."
}

// Check judges a token for a request to the API of that id. The error is one of the three
// above.
func (d *Debug) Check(token, api string, now time.Time) error {
	signed, signature, found := strings.Cut(token, "&sn=")
	given, err := url.QueryUnescape(signature)
	if !found || err != nil || !hmac.Equal([]byte(given), []byte(d.sign(signed))) {
		return ErrDebugMalformed
	}
	values, err := url.ParseQuery(signed)
	if err != nil {
		return ErrDebugMalformed
	}
	end, err := time.Parse(expiryFormat, values.Get("ex"))
	switch {
	case err != nil:
		return ErrDebugMalformed
	case values.Get("aid") != api:
		return fmt.Errorf("%w: %s", ErrDebugWrongAPI, values.Get("aid"))
	case !now.Before(end):
		return &DebugExpiredError{end}
	}
	return nil
}

// TraceID is how a client names the trace of the request of that id.
func (d *Debug) TraceID(request string) string {
	_, mark := d.secret()
	return mark + request + "-1"
}

// Request is the request's id in a client's name of its trace; false if it is none.
func (d *Debug) Request(traceID string) (string, bool) {
	_, mark := d.secret()
	rest, ok := strings.CutPrefix(traceID, mark)
	id, whole := strings.CutSuffix(rest, "-1")
	return id, ok && whole
}

// Link is the query that opens the trace of the request of that id to whoever has it.
func (d *Debug) Link(request string) string {
	return "sig=" + url.QueryEscape(d.sign("trace "+request))
}

// Opens reports whether a signature, as [Debug.Link] has it, is for that request.
func (d *Debug) Opens(request, signature string) bool {
	return hmac.Equal([]byte(signature), []byte(d.sign("trace "+request)))
}
