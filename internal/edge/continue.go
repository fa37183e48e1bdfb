package edge

import (
	"net/http"
	"sync/atomic"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// runExpecting is run for a request whose body waits for 100 Continue (RFC 9110, section
// 10.1.1). A final response that comes instead is delivered; the body is never sent then,
// so the connection can carry no other request.
func (t *trip) runExpecting(m *message, key hostKey, out *policy.Outgoing) (*exchange.Response, error) {
	if err := t.write(m, key, out); err != nil {
		return nil, err
	}
	var late atomic.Bool
	stop := out.Clock.AfterFunc(out.ContinueWithin, func() {
		late.Store(true)
		t.abort()
	})
	final, err := t.awaitContinue(out)
	stop()
	switch {
	case late.Load():
		return nil, policy.ErrNoContinue
	case err != nil:
		return nil, err
	case final:
		t.framing.keepAlive = false
		return t.deliver(), nil
	}
	t.call.Note("The backend said 100 Continue.")
	t.upload = startUpload(t, m)
	m.stream = nil // the upload closes it
	if err := t.readResponse(out); err != nil {
		return nil, err
	}
	return t.deliver(), nil
}

// awaitContinue reads responses up to 100 Continue; final says that a final one came
// before.
func (t *trip) awaitContinue(out *policy.Outgoing) (final bool, err error) {
	for skipped := 0; ; skipped++ {
		head, err := t.readHead()
		switch {
		case err != nil:
			return false, err
		case head.status == http.StatusContinue:
			return false, nil
		case !isInformational(head.status):
			return true, t.accept(head, out)
		case skipped == maxInformational:
			return false, t.receiveFailure(badHeader("there are more than %d interim responses", maxInformational), true)
		}
	}
}
