package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/apimulator/apimulator/internal/management"
	"github.com/apimulator/apimulator/internal/trace"
)

// traceCommand is `gateway trace`.
type traceCommand struct {
	State folder `default:"${state}" placeholder:"DIR" help:"State folder of the running emulator (${default})."`
	ID    string `arg:"" optional:"" help:"The request's id: the activityId of a 500."`
	Last  bool   `help:"The newest request; the default without an id."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Run prints one record.
func (c *traceCommand) Run(ctx context.Context, p *program) error {
	if c.ID != "" && c.Last {
		return unusable(errors.New("name a request's id or say --last, not both"))
	}
	client, err := management.Open(string(c.State))
	if err != nil {
		return unusable(err)
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
