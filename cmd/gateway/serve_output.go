package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/apimulator/apimulator/internal/emulator"
	"github.com/apimulator/apimulator/internal/trace"
)

// output is what serve prints: on stdout the greeting and the requests, on stderr what else
// happens. In JSON each line of both is one object.
type output struct {
	stdout        *lockedWriter
	json          slog.Handler // of stdout; nil: text
	level         slog.Level
	verbose       bool
	log, partyLog *slog.Logger
}

// output makes it. What the emulated parties do is not worth a line unless somebody asks
// for more, but their warnings are.
func (c *serveCommand) output(p *program) *output {
	o := &output{stdout: &lockedWriter{w: p.stdout}, verbose: c.Verbose}
	if err := o.level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		panic(err) // the command line has checked it
	}
	partyLevel := o.level
	if o.level == slog.LevelInfo && !c.Verbose {
		partyLevel = slog.LevelWarn
	}
	handler := func(w io.Writer, level slog.Level) slog.Handler {
		if c.LogFormat == "json" {
			return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})
		}
		return slog.NewTextHandler(w, &slog.HandlerOptions{Level: level})
	}
	stderr := &lockedWriter{w: p.stderr}
	o.log, o.partyLog = slog.New(handler(stderr, o.level)), slog.New(handler(stderr, partyLevel))
	if c.LogFormat == "json" {
		o.json = handler(o.stdout, o.level)
	}
	return o
}

// greet says where everything is, in text as text does; without a link or key that opens
// something, for logs are kept.
func (o *output) greet(text func(io.Writer), e *emulator.Emulator) {
	if o.json == nil {
		var greeting bytes.Buffer
		text(&greeting)
		_, _ = o.stdout.Write(greeting.Bytes()) // whoever has closed it knows
		return
	}
	for _, warning := range e.Warnings {
		o.log.Warn(warning)
	}
	addresses := []any{"gateway", e.Gateway(), "plain", e.GatewayPlain()}
	if !e.Alone() {
		addresses = append(addresses, "entra", e.Authority(), "managedIdentity", e.IdentityEndpoint(), "openai", e.Parties()+"/openai", "management", e.Management(), "proxy", e.Proxy())
	}
	addresses = append(addresses, "certificates", e.Bundle())
	slog.New(o.json).Info("apimulator is running; it is an emulator: trust none of its tokens elsewhere", addresses...)
}

// request prints a request that is done: its line, or all of its steps.
func (o *output) request(r *trace.Record) {
	switch {
	case o.level > slog.LevelInfo:
	case o.json != nil:
		// Nobody can be told that the terminal is gone; so below.
		_ = o.json.Handle(context.Background(), o.entry(r))
	case o.verbose:
		o.stdout.mu.Lock()
		defer o.stdout.mu.Unlock()
		_ = r.Write(o.stdout.w)
	default:
		fmt.Fprintln(o.stdout, r.Line())
	}
}

// entry is a request as an entry of a log.
func (o *output) entry(r *trace.Record) slog.Record {
	entry := slog.NewRecord(r.Time, slog.LevelInfo, "request", 0)
	entry.AddAttrs(slog.String("request_id", r.ID), slog.String("method", r.Method), slog.String("url", r.URL), slog.Int("status", r.Status),
		slog.Float64("duration_ms", float64(r.Elapsed)/float64(time.Millisecond)), slog.Int64("bytes_out", r.BytesOut))
	for _, a := range []slog.Attr{slog.String("api", r.API), slog.String("operation", r.Operation), slog.String("subscription", r.Subscription), slog.String("cut", r.Cut)} {
		if a.Value.String() != "" {
			entry.AddAttrs(a)
		}
	}
	if d := r.Deciding(); d != nil {
		entry.AddAttrs(slog.Group("decided_by", slog.String("statement", d.Name), slog.String("document", d.Document), slog.Int("line", d.Line), slog.String("reason", d.Reason)))
	}
	if r.Unrecorded > 0 {
		entry.AddAttrs(slog.Int("unrecorded_before", r.Unrecorded))
	}
	if o.verbose {
		entry.AddAttrs(slog.Any("record", r))
	}
	return entry
}

// lockedWriter lets one write at a time through.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// Write is part of io.Writer.
func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
