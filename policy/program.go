package policy

import (
	"errors"

	"github.com/apimulator/apimulator/policy/exchange"
)

// Program is the documents that apply to a request, from the narrowest scope to
// the widest. It is immutable; any number of requests run it at once.
type Program struct {
	levels    []*Compiled
	preflight []statement // those of the effective inbound that answer preflights
}

// Link makes a program of the compiled documents of the scopes, narrow to wide;
// a scope without a document is nil and counts as one with <base/> in every
// section.
func Link(narrowToWide ...*Compiled) *Program {
	p := &Program{}
	for _, c := range narrowToWide {
		if c != nil {
			p.levels = append(p.levels, c)
		}
	}
	p.preflight = p.preflightSteps(0)
	return p
}

// Unsupported are the statements of the program that do not run in this version;
// a program that has some must not run.
func (p *Program) Unsupported() Diagnostics {
	var found Diagnostics
	for _, c := range p.levels {
		found = append(found, c.Unsupported...)
	}
	return found
}

// Execute takes the exchange through inbound, backend and outbound, or, where an
// error arises, through on-error. Afterwards x.Response is what the client gets.
func (p *Program) Execute(x *exchange.Exchange, env *Env) {
	r := &Run{Exchange: x, Env: env, program: p}
	r.sections()
	r.end()
}

func (r *Run) sections() {
	for _, section := range []exchange.Section{exchange.Inbound, exchange.Backend, exchange.Outbound} {
		if section == exchange.Outbound && r.Response == nil {
			// Nothing was forwarded: outbound still runs, on an empty answer.
			r.Response = &exchange.Response{Status: 200, Reason: exchange.StatusText(200)}
		}
		if section == exchange.Backend && r.found != "" {
			continue
		}
		err := r.runSection(section)
		if err == nil && section == exchange.Outbound && r.found != "" {
			r.found = ""
			err = r.runSection(section)
		}
		if errors.Is(err, ErrResponded) && (section != exchange.Inbound || r.found == "") {
			return
		}
		if err != nil && !errors.Is(err, ErrResponded) {
			r.fail(err)
			return
		}
	}
}

// Fail answers a request that was refused before its sections could run, and
// lets on-error of p's scopes see it.
func (p *Program) Fail(x *exchange.Exchange, env *Env, f *exchange.Failure) {
	r := &Run{Exchange: x, Env: env, program: p}
	r.fail(f)
}

func (r *Run) runSection(section exchange.Section) error {
	r.section, r.level = section, 0
	return r.runLevel()
}

// fail makes the error's response first and runs on-error on it. An error inside
// on-error ends it; what the response had become by then is sent.
func (r *Run) fail(err error) {
	f, ok := errors.AsType[*exchange.Failure](err)
	if !ok {
		f = r.general(err)
	}
	if r.Response != nil && r.Response != f.Answer {
		r.Response.Body.Close()
	}
	r.Response, r.found = f.Response(r.ID), ""
	f.HTTPErrorCode = f.Status
	r.LastError = &f.LastError
	if err := r.runSection(exchange.OnError); err != nil && !errors.Is(err, ErrResponded) {
		r.Note(string(exchange.OnError), "an error inside on-error ended it: "+err.Error())
	}
}
