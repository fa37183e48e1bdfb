package testrun

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"time"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/managedidentity"
	"github.com/apimulator/apimulator/internal/store"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Done is what came of one request.
type Done struct {
	Exchange *exchange.Exchange
	Status   int
	Reason   string
	Header   exchange.Header
	Body     []byte
	// Cut is why the response did not come whole; nil if it did.
	Cut error
	// Elapsed is how much time passed on the clock until the response's end.
	Elapsed time.Duration
	Record  *trace.Record
}

// Do takes a request through the gateway and reads the response to its end.
func (w *World) Do(x *exchange.Exchange) (d *Done, err error) {
	defer func() {
		if v := recover(); v != nil {
			d, err = nil, fmt.Errorf("the emulator failed, which is its own fault: %v\n%s", v, debug.Stack())
		}
	}()
	began := w.clock.Now()
	x.Timestamp = began
	w.gateway.Handle(x)
	if x.Response == nil {
		return nil, errors.New("the gateway gave no response, which is its own fault")
	}
	d = &Done{Exchange: x, Status: x.Response.Status, Reason: x.Response.Reason, Header: x.Response.Header.Clone()}
	d.Body, d.Cut = readBody(x)
	d.Elapsed = w.clock.Now().Sub(began)
	end := trace.End{Status: d.Status, BytesOut: int64(len(d.Body))}
	if d.Cut != nil {
		end.Cut = d.Cut.Error()
	}
	d.Record = w.finish(x, end)
	if w.context.Err() != nil {
		return nil, errors.New("the test takes too long: something waits for what never comes")
	}
	return d, nil
}

// finish completes the record of x.
func (w *World) finish(x *exchange.Exchange, end trace.End) *trace.Record {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gateway.Finish(x, end)
	return w.records[len(w.records)-1]
}

// readBody reads what the client gets; nothing of what a policy has consumed.
func readBody(x *exchange.Exchange) ([]byte, error) {
	body := &x.Response.Body
	defer body.Close()
	if body.Consumed() || !body.Exists() || x.Request.Method == "HEAD" || x.Response.Status == 204 || x.Response.Status == 304 {
		return nil, nil
	}
	r, err := body.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// outcome is what came of a step.
type outcome struct {
	done    []*Done
	calls   []*Call
	metrics []store.EmittedMetric
	events  []store.LoggedEvent
}

// perform does a step.
func (w *World) perform(t *Test, s *stepConfig) (*outcome, error) {
	o := &outcome{}
	defer w.Settle()
	switch {
	case s.Advance != nil:
		w.clock.Advance(*s.Advance)
	case s.RollKeys.Line != 0:
		if s.RollKeys.roll {
			return o, w.roll(&s.RollKeys)
		}
	case s.KeysDown != nil:
		return o, w.KeysDown(*s.KeysDown)
	case s.Set != nil:
		return o, w.set(s.Set)
	default:
		return o, w.send(t, s, o)
	}
	return o, nil
}

func (w *World) roll(c *rollConfig) error {
	how := entra.Roll{Mode: entra.RollMode(c.Mode.Value), RemoveOld: c.RemoveOld}
	if how.Mode == "" {
		how.Mode = entra.RollImmediate
	}
	return w.RollKeys(how)
}

// set changes what is around the gateway.
func (w *World) set(c *setConfig) error {
	if c.Random != nil {
		if *c.Random < 0 || *c.Random >= 1 {
			return fmt.Errorf("random is from 0 up to, but not, 1")
		}
		w.random = *c.Random
	}
	w.setCounters(c.Counters)
	if err := w.setCached(c.Cache); err != nil {
		return err
	}
	if m := c.ManagedIdentity; m != nil {
		p, err := w.parties()
		if err != nil {
			return err
		}
		if err := p.Identity.SetFaults(managedidentity.Faults{Status: m.Status, Times: m.Times, NoIdentity: m.NoIdentity}); err != nil {
			return err
		}
	}
	if f := c.AzureOpenAI; f != nil {
		p, err := w.parties()
		if err != nil {
			return err
		}
		if err := p.OpenAI.SetFaults(f.list); err != nil {
			return fmt.Errorf("azureOpenAI: %w", err)
		}
	}
	if e := c.Entra; e != nil {
		return w.SetFaults(entra.Faults{
			Discovery: entra.Fault{Status: e.Discovery.Status, Times: e.Discovery.Times},
			Keys:      entra.KeysFault{Fault: entra.Fault{Status: e.Keys.Status, Times: e.Keys.Times}, EmptySet: e.Keys.EmptySet},
		})
	}
	return nil
}

// send sends a step's requests, as often and as many at once as it says.
func (w *World) send(t *Test, s *stepConfig, o *outcome) error {
	w.backend = &t.backend
	if s.Backend.given() {
		w.backend = &s.Backend
	}
	w.mu.Lock()
	before := len(w.calls)
	w.mu.Unlock()
	w.sinks.Reset()
	rounds, atOnce := s.times()
	for range rounds {
		if err := w.sendAtOnce(s, atOnce, o); err != nil {
			return err
		}
		w.Settle()
	}
	o.metrics, o.events = w.sinks.Metrics(), w.sinks.Events()
	o.calls = slices.Clone(w.Calls()[before:])
	if refused := w.Unmatched(); len(refused) > 0 {
		return refused[0]
	}
	return nil
}

func (w *World) sendAtOnce(s *stepConfig, n int, o *outcome) error {
	done, errs := make([]*Done, n), make([]error, n)
	all := make([]func(), n)
	for i := range all {
		x, err := s.Request.exchange(w, w.file)
		if err != nil {
			return err
		}
		all[i] = func() { done[i], errs[i] = w.Do(x) }
	}
	w.clock.Run(all...)
	if err := errors.Join(errs...); err != nil {
		return err
	}
	o.done = append(o.done, done...)
	return nil
}
