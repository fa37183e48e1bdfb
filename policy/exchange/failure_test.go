package exchange

import (
	"errors"
	"testing"
)

const activityID = "cd71e1f2-28a5-4c28-8b72-368278afcbda"

// The bodies are recorded, and so are three of their lengths (runtime.md, Response
// bodies; observed.md 4.5).
func TestFailureResponse(t *testing.T) {
	failure := func(status int, message, clientMessage string) *Failure {
		return &Failure{Status: status, ClientMessage: clientMessage, LastError: LastError{Message: message}}
	}
	for _, c := range []struct {
		name    string
		failure *Failure
		reason  string
		body    string
		length  int // 0: not recorded
	}{
		{"missing key", failure(401, MessageSubscriptionKeyMissing, ""), "Unauthorized",
			`{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API." }`, 154},
		{"invalid key", failure(401, MessageSubscriptionKeyInvalid, ""), "Unauthorized",
			`{ "statusCode": 401, "message": "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription." }`, 0},
		{"rate limit", failure(429, "Rate limit is exceeded.", "Rate limit is exceeded. Try again in 57 seconds."), "Too Many Requests",
			`{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 57 seconds." }`, 84},
		{"no operation", failure(404, MessageOperationNotFound, MessageResourceNotFound), "Not Found",
			`{ "statusCode": 404, "message": "Resource not found" }`, 0},
		{"general", failure(500, "the password is x", ""), "Internal Server Error",
			`{ "statusCode": 500, "message": "Internal server error", "activityId": "` + activityID + `" }`, 111},
		{"500 with a text", failure(500, "", "mine"), "Internal Server Error", `{ "statusCode": 500, "message": "mine" }`, 0},
		{"a status nobody knows", failure(299, "m", ""), "", `{ "statusCode": 299, "message": "m" }`, 0},
		{"no escaping", failure(400, "", `a \"b\" <c>`), "Bad Request", `{ "statusCode": 400, "message": "a \"b\" <c>" }`, 0},
	} {
		r := c.failure.Response(activityID)
		body, err := r.Body.Buffer(1 << 10)
		if err != nil || string(body) != c.body {
			t.Errorf("%s: body %s, %v; want %s", c.name, body, err, c.body)
		}
		if c.length != 0 && len(body) != c.length {
			t.Errorf("%s: %d bytes, want %d", c.name, len(body), c.length)
		}
		if r.Status != c.failure.Status || r.Reason != c.reason || r.Buffered {
			t.Errorf("%s: %d %q, buffered %v", c.name, r.Status, r.Reason, r.Buffered)
		}
		if got := showHeader(&r.Header); got != "Content-Type=application/json" {
			t.Errorf("%s: header %s", c.name, got)
		}
	}
}

func TestFailureHeader(t *testing.T) {
	f := &Failure{Status: 429, Header: []Field{{"Retry-After", "57"}, {"X", "1"}}}
	if got, want := showHeader(&f.Response("").Header), "Content-Type=application/json Retry-After=57 X=1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFailureError(t *testing.T) {
	cause := errors.New("cause")
	f := &Failure{LastError: LastError{Reason: "R", Message: "m"}, Err: cause}
	if got := f.Error(); got != "R: m" || !errors.Is(f, cause) {
		t.Errorf("got %s", got)
	}
	if f.Detail = "more"; f.Error() != "R: m (more)" {
		t.Errorf("got %s", f.Error())
	}
}

func TestMessages(t *testing.T) {
	for got, want := range map[string]string{
		MessageHeaderNotFound("X-A"):                "Header X-A was not found in the request. Access denied.",
		MessageHeaderValueNotAllowed("X-A", "1, 2"): "Header X-A value of 1, 2 is not allowed. Access denied.",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
