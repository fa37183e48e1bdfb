package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/apimulator/apimulator/internal/console"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements"
)

// page is what the owner's browser shows.
func (e *Emulator) page(closing <-chan struct{}) *console.Page {
	c := &e.config
	return console.New(console.Config{
		Recorder: e.recorder, Service: e.Service, Subject: console.Subject{Service: c.Service, Policy: c.Policy, Backend: c.Backend},
		Catalogue: statements.Catalogue(), Gateway: e.Gateway(), Bundle: e.bundlePath(), Directory: e.fixed.parties.Entra, Tokens: e.parties.Entra,
		Send: e.send, Clock: c.Clock, KeySets: e.tokens.KeySets, Stores: e.stores(), Reloads: &e.reloads, Closing: closing,
	})
}

// PageLink is a new address that shows the page in a browser, once.
func (e *Emulator) PageLink() string { return e.sessions.Link(e.Management()) }

// longestSend is how long a request that the page sends may take.
const longestSend = 2 * time.Minute

// errUnrecorded tells that there is nothing to show of a request.
var errUnrecorded = errors.New("it was sent, but not recorded: too many requests came within the second (see --trace-rate)")

// send sends a request through the gateway, as if it had come over a connection, reads the
// response to its end and gives the id of its record.
func (e *Emulator) send(ctx context.Context, q exchange.Request) (id string, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the emulator failed, which is its own fault: %v", v)
		}
	}()
	ctx, cancel := exchange.WithTimeout(ctx, exchange.System, longestSend)
	defer cancel()
	x := &exchange.Exchange{Context: ctx, ID: uuid.NewString(), Timestamp: e.config.Clock.Now(), Clock: e.config.Clock, Request: q}
	x.Request.URL = q.OriginalURL
	e.handle(x)
	end := trace.End{}
	if x.Response != nil {
		end.Status = x.Response.Status
		if end.BytesOut, err = discard(&x.Response.Body); err != nil {
			end.Cut = err.Error()
		}
	}
	e.finish(x, end)
	if e.recorder.Find(x.ID) == nil {
		return "", errUnrecorded
	}
	return x.ID, nil
}

// discard reads a body to its end.
func discard(b *exchange.Body) (int64, error) {
	if !b.Exists() || b.Consumed() {
		return 0, nil
	}
	r, err := b.Reader()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return io.Copy(io.Discard, r)
}
