package emulator

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/store"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// logEvents hands the events of log-to-eventhub to where the service in use has its
// loggers: to a file, or to an event hub.
func (e *Emulator) logEvents(background policy.Background) {
	var files store.EventFiles
	folder := e.state.folder("events")
	e.sinks.OnEvent = func(event store.LoggedEvent, calls *exchange.Calls) {
		logger := e.gateway.Service().Loggers[event.Logger]
		if logger == nil {
			logger = &service.Logger{}
		}
		file := logger.File
		if file == "" && folder != "" {
			file = filepath.Join(folder, fileName(event.Logger)+".jsonl")
		}
		switch {
		case logger.Hub != nil:
			e.sendEvent(background, logger.Hub, event, calls)
		case file != "":
			if err := files.Write(file, event); err != nil {
				e.config.Log.Warn("an event was not written down", "request_id", event.RequestID, "logger", event.Logger, "error", err)
			}
		}
	}
}

// eventTimeout is how long an event hub has to answer.
const eventTimeout = time.Minute

var errNotSent = errors.New("it was not sent")

// sendEvent sends an event in the background. The gateway's guard of tokens has no part
// in it: the key goes to the hub of its connection alone.
func (e *Emulator) sendEvent(background policy.Background, h *service.EventHub, event store.LoggedEvent, calls *exchange.Calls) {
	hub := &store.EventHub{Host: h.Host, Name: h.Name, KeyName: h.KeyName, Key: h.Key, Clock: exchange.System}
	out, err := hub.Request(&event.Event)
	if err != nil {
		e.config.Log.Warn("an event was not sent", "request_id", event.RequestID, "logger", event.Logger, "error", err)
		return
	}
	call := out.Announce(exchange.WithCalls(context.Background(), calls))
	begun := background.Go(func(ctx context.Context) {
		ctx, cancel := exchange.WithTimeout(ctx, exchange.System, eventTimeout)
		defer cancel()
		if err := hub.Send(ctx, e.upstream, out); err != nil {
			e.config.Log.Warn("an event was not sent", "request_id", event.RequestID, "logger", event.Logger, "error", err)
		}
	})
	if !begun {
		call.End(errNotSent)
		e.config.Log.Warn("an event was not sent: too much is under way already", "request_id", event.RequestID, "logger", event.Logger)
	}
}

// fileName is a logger's id as the name of a file.
func fileName(id string) string {
	name := []byte(id)
	for i, c := range name {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			name[i] = '_'
		}
	}
	return string(name)
}
