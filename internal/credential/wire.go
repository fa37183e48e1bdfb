package credential

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// maxAnswer bounds what is read of an endpoint's answer, in bytes.
const maxAnswer = 1 << 20

// emulatedBy is the header of all that an emulated party of this project serves.
const emulatedBy = "X-Emulated-By"

// wire carries the requests of MSAL and azidentity over the gateway's transport.
// A request goes out once: nothing is retried, and no redirect is followed, since
// requests to these endpoints carry secrets.
type wire struct{ transport http.RoundTripper }

// Do implements the HTTP clients of MSAL and azcore. The answer's body is in memory.
func (w wire) Do(r *http.Request) (*http.Response, error) {
	a, err := w.ask(r)
	if err != nil {
		return nil, err
	}
	return a.response, nil
}

// CloseIdleConnections implements MSAL's HTTP client. The transport is the
// gateway's, so its connections are not ours to close.
func (wire) CloseIdleConnections() {}

func (w wire) ask(r *http.Request) (*answer, error) {
	response, err := w.transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	response.Request = r // which a transport may leave out, and azidentity's errors are about
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("the answer of %s broke off: %w", r.URL.Host, err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("the answer of %s is larger than %d bytes, which no token endpoint's is", r.URL.Host, maxAnswer)
	}
	a := &answer{host: r.URL.Host, status: response.StatusCode, body: body, response: response}
	a.emulated = response.Header.Get(emulatedBy) != ""
	a.use(body)
	return a, nil
}

// An answer is what an endpoint said, read to the end.
type answer struct {
	host     string
	status   int
	emulated bool
	body     []byte
	response *http.Response // for the library that asked; its body can be read once
}

// use gives the library another body than the endpoint's.
func (a *answer) use(body []byte) {
	a.response.Body = io.NopCloser(bytes.NewReader(body))
	a.response.ContentLength = int64(len(body))
}

// granted reports whether the status is one that MSAL takes a token from.
func (a *answer) granted() bool {
	return a.status == http.StatusOK || a.status == http.StatusAccepted
}

func (a *answer) kind() Kind {
	if a.emulated {
		return Emulated
	}
	return Real
}
