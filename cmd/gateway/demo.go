package main

import (
	"context"
	"fmt"

	"github.com/apimulator/apimulator/internal/demo"
)

// demoCommand is `gateway demo`.
type demoCommand struct {
	JSON bool `name:"json" help:"Print one JSON object a row."`
}

// Run runs all rows; deviations end with status 1.
func (c *demoCommand) Run(ctx context.Context, p *program) error {
	rows, err := demo.Rows()
	if err != nil {
		return err
	}
	r, err := demo.Start("")
	if err != nil {
		return unusable(err)
	}
	defer r.Close()
	if !c.JSON {
		fmt.Fprintf(p.stdout, "client -> Entra ID %s\n       -> gateway  %s  (validate-jwt, managed identity)\n       -> Azure OpenAI %s/openai\n\n", r.Emulator().Authority(), r.Emulator().Gateway(), r.Emulator().Parties())
	}
	ok, err := r.All(ctx, p.stdout, rows, c.JSON)
	if err != nil {
		return err
	}
	if !ok {
		return errFindings
	}
	return nil
}
