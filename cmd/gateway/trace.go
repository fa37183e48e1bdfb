package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/apimulator/apimulator/internal/management"
	"github.com/apimulator/apimulator/internal/trace"
)

// traceCommand is `gateway trace`.
type traceCommand struct {
	State  folder `default:"${state}" placeholder:"DIR" help:"State folder of the running emulator (${default})."`
	ID     string `arg:"" optional:"" help:"The request's id: the activityId of a 500."`
	Last   bool   `help:"The newest request; the default without an id."`
	Follow bool   `short:"f" help:"Each request from now on, until interrupted."`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// Run prints one record, or all that come.
func (c *traceCommand) Run(ctx context.Context, p *program) error {
	if c.ID != "" && c.Last || c.Follow && (c.ID != "" || c.Last) {
		return unusable(errors.New("say one of a request's id, --last and --follow"))
	}
	client, err := management.Open(string(c.State))
	if err != nil {
		return unusable(err)
	}
	if c.Follow {
		return c.follow(ctx, client, p)
	}
	path := "/traces/last"
	if c.ID != "" {
		path = "/traces/" + url.PathEscape(c.ID)
	}
	var record trace.Record
	err = client.Get(ctx, path, &record)
	var refused *management.RefusedError
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusNotFound:
		return err // no such record: a finding
	case err != nil:
		return unusable(err)
	}
	if c.JSON {
		encoder := json.NewEncoder(p.stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(record)
	}
	return record.Write(p.stdout)
}

// follow prints a record after the other; as JSON, one a line. An interruption is its
// natural end.
func (c *traceCommand) follow(ctx context.Context, client *management.Client, p *program) error {
	err := client.Follow(ctx, "/traces/follow", func(data []byte) error {
		if c.JSON {
			_, err := fmt.Fprintf(p.stdout, "%s\n", data)
			return err
		}
		var record trace.Record
		if err := json.Unmarshal(data, &record); err != nil {
			return err
		}
		return record.Write(p.stdout)
	})
	if ctx.Err() != nil {
		return nil
	}
	return unusable(err)
}
