package main

import (
	"context"
	"fmt"

	"github.com/apimulator/apimulator/internal/management"
)

// healthCommand is `gateway health`.
type healthCommand struct {
	State folder `default:"${state}" placeholder:"DIR" help:"State folder of the running emulator (${default})."`
}

// Run fails with status 1 unless an emulator answers.
func (c *healthCommand) Run(ctx context.Context, p *program) error {
	client, err := management.Open(string(c.State))
	if err != nil {
		return err
	}
	var answer struct {
		Status string `json:"status"`
	}
	if err := client.Get(ctx, "/health", &answer); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, answer.Status)
	return nil
}
