package main

import (
	"context"
	"fmt"

	"github.com/apimulator/apimulator/internal/management"
)

// pageCommand is `gateway page`.
type pageCommand struct {
	State folder `default:"${state}" placeholder:"DIR" help:"State folder of the running emulator (${default})."`
}

// Run prints a link that lets a browser in, once.
func (c *pageCommand) Run(ctx context.Context, p *program) error {
	client, err := management.Open(string(c.State))
	if err != nil {
		return unusable(err)
	}
	var answer struct {
		URL string `json:"url"`
	}
	if err := client.Post(ctx, "/page/link", struct{}{}, &answer); err != nil {
		return unusable(err)
	}
	fmt.Fprintln(p.stdout, answer.URL)
	return nil
}
