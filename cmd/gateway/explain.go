package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/apimulator/apimulator/internal/explain"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements"
)

// explainCommand is `gateway explain`.
type explainCommand struct {
	Service string `arg:"" placeholder:"SERVICE" help:"An apim.yaml, or one policy document (*.xml)."`
	Method  string `arg:"" optional:"" help:"The request's method."`
	URL     string `arg:"" optional:"" name:"url" help:"The request's URL, or its path."`

	Header       []string `short:"H" sep:"none" placeholder:"NAME:VALUE" help:"A header of the request, where APIs have their version in one."`
	API          string   `name:"api" placeholder:"NAME" help:"The API, in place of a request; NAME;rev=N is a revision of it."`
	Operation    string   `placeholder:"NAME" help:"The operation of --api."`
	Subscription string   `placeholder:"NAME" help:"The subscription whose key the request has."`
	Product      string   `placeholder:"NAME" help:"The product whose key the request has."`
	Format       string   `enum:"text,json,xml" default:"text" help:"How to print: text, json or xml."`
}

// Help is what --help says below the flags.
func (explainCommand) Help() string {
	return `Prints the policy that applies to a request after <base />, fragments and named values, which are shown as {{name}}; each line with the file and line it comes from. Exit status 0: there is one; 1: nothing takes the request, or the key does not open the API; 2: unusable arguments or files. Nothing opens a socket or loads a credential.`
}

// Run explains and prints.
func (c *explainCommand) Run(p *program) error {
	q, err := c.request()
	if err != nil {
		return unusable(err)
	}
	report, err := explain.Run(q, statements.Catalogue())
	var none *explain.NoPolicy
	switch {
	case errors.As(err, &none):
		return err // which is a finding
	case err != nil:
		return unusable(err)
	}
	switch c.Format {
	case "json":
		return report.WriteJSON(p.stdout)
	case "xml":
		return report.WriteXML(p.stdout)
	}
	return report.WriteText(p.stdout)
}

// request is what the command line asks for.
func (c *explainCommand) request() (explain.Request, error) {
	q := explain.Request{Service: c.Service, Method: c.Method, URL: c.URL, API: c.API, Operation: c.Operation, Subscription: c.Subscription, Product: c.Product}
	switch {
	case (c.API == "") != (c.Operation == ""):
		return q, errors.New("--api NAME and --operation NAME go together")
	case c.API != "" && c.Method != "":
		return q, errors.New("name a request or --api and --operation, not both")
	case c.Method != "" && c.URL == "":
		return q, fmt.Errorf("method %s needs a URL behind it", c.Method)
	case c.API == "" && c.Method == "" && !strings.EqualFold(filepath.Ext(c.Service), ".xml"):
		return q, errors.New("name a request (METHOD URL), or an operation (--api NAME --operation NAME)")
	case c.Subscription != "" && c.Product != "":
		return q, errors.New("name --subscription or --product, not both")
	}
	for _, h := range c.Header {
		name, value, ok := strings.Cut(h, ":")
		if !ok || strings.TrimSpace(name) == "" {
			return q, fmt.Errorf("--header: %q is not NAME:VALUE", name)
		}
		q.Header = append(q.Header, exchange.Field{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	return q, nil
}
