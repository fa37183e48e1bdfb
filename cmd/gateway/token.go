package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/management"
)

// tokenCommand is `gateway token`.
type tokenCommand struct {
	State folder            `default:"${state}" placeholder:"DIR" help:"State folder of the running emulator (${default})."`
	Scope string            `placeholder:"SCOPE" help:"What the token is for: AUDIENCE/.default, or AUDIENCE/SCOPE; the client's own API by default."`
	User  string            `placeholder:"NAME" help:"Whose token it is; the first user by default."`
	App   string            `placeholder:"NAME" help:"An app's own token, without a user."`
	Claim map[string]string `mapsep:"none" placeholder:"NAME=VALUE" help:"Set a claim; a value that is JSON is taken as such."`
	Fault string            `placeholder:"FAULT" help:"Break the token: ${faults}."`
}

// Run prints the token alone, for use in a shell's $(...).
func (c *tokenCommand) Run(ctx context.Context, p *program) error {
	client, err := management.Open(string(c.State))
	if err != nil {
		return unusable(err)
	}
	request := entra.MintRequest{User: c.User, App: c.App, Fault: c.Fault}
	if request.Audience, request.Scope, err = c.audience(); err != nil {
		return unusable(err)
	}
	for name, value := range c.Claim {
		if request.Claims == nil {
			request.Claims = make(map[string]any)
		}
		var parsed any = value
		if json.Valid([]byte(value)) {
			parsed = json.RawMessage(value)
		}
		request.Claims[name] = parsed
	}
	var answer struct {
		Token string `json:"token"`
	}
	if err := client.Post(ctx, "/entra/token", request, &answer); err != nil {
		return unusable(err)
	}
	fmt.Fprintln(p.stdout, answer.Token)
	return nil
}

// audience parts a scope as a client would ask for it.
func (c *tokenCommand) audience() (audience, scope string, err error) {
	if c.Scope == "" {
		return "", "", nil
	}
	i := strings.LastIndexByte(c.Scope, '/')
	if i <= 0 || i == len(c.Scope)-1 || strings.ContainsAny(c.Scope, " \t\r\n") {
		return "", "", fmt.Errorf("--scope is one AUDIENCE/.default or AUDIENCE/SCOPE, not %q", c.Scope)
	}
	audience, scope = c.Scope[:i], c.Scope[i+1:]
	if scope == ".default" {
		scope = ""
	}
	return audience, scope, nil
}
