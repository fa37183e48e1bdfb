package demo

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/apimulator/apimulator/testdata/seed"
)

// Row is one exchange and what has to come of it.
type Row struct {
	Name string `yaml:"name" json:"name"`
	// Say tells a person what the row shows.
	Say string `yaml:"say" json:"say"`
	// Token is whose token is sent: signed-in (also if empty), graph, none,
	// text, or a fault of the emulated Entra ID.
	Token string `yaml:"token" json:"token"`
	// Key is the subscription whose key is sent (the car-assistant's if empty),
	// none, or wrong.
	Key string `yaml:"key" json:"key"`
	// KeyIn is header (also if empty) or query.
	KeyIn  string `yaml:"keyIn" json:"keyIn"`
	Path   string `yaml:"path" json:"path"` // "" is the chat completion
	Stream bool   `yaml:"stream" json:"stream"`
	Expect Expect `yaml:"expect" json:"expect"`
}

// Expect is what has to come of a row.
type Expect struct {
	Status int `yaml:"status" json:"status"`
	// Reason is LastError.Reason, "" for no error.
	Reason string `yaml:"reason" json:"reason"`
	// Headers are lines the response must have, exactly; {gateway} stands for
	// the gateway's address.
	Headers map[string]string `yaml:"headers" json:"headers"`
	// Body is the whole body, or BodyMatches a regular expression it matches.
	Body        string `yaml:"body" json:"body"`
	BodyMatches string `yaml:"bodyMatches" json:"bodyMatches"`
}

const (
	signedIn   = "signed-in"
	graph      = "graph"
	none       = "none"
	text       = "text"
	wrong      = "wrong"
	defaultKey = "car-assistant"
	chatPath   = "/deployments/gpt-4o/chat/completions"
	apiVersion = "api-version=2023-09-01-preview"
)

// Rows are the rows of the built-in table.
func Rows() ([]Row, error) {
	data, err := seed.Files.ReadFile("rows.yaml")
	if err != nil {
		return nil, err
	}
	var table struct {
		Rows []Row `yaml:"rows"`
	}
	if err := yaml.UnmarshalWithOptions(data, &table, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("rows.yaml: %w", err)
	}
	for i := range table.Rows {
		r := &table.Rows[i]
		for _, d := range []struct {
			field     *string
			otherwise string
		}{{&r.Token, signedIn}, {&r.Key, defaultKey}, {&r.KeyIn, "header"}, {&r.Path, chatPath}} {
			if *d.field == "" {
				*d.field = d.otherwise
			}
		}
	}
	return table.Rows, nil
}

// Outcome is what came of a row.
type Outcome struct {
	Row     Row               `json:"row"`
	Status  int               `json:"status"`
	Reason  string            `json:"reason"`
	Headers map[string]string `json:"headers"` // those that were expected
	Body    string            `json:"body"`
	// Why is the trace's explanation of a refusal.
	Why string `json:"why,omitempty"`
	// Deviations say where it differs from what was expected; empty: it passed.
	Deviations []string `json:"deviations"`
}

// judge compares what came with what was expected.
func (o *Outcome) judge(gateway string) {
	deviate := func(what string, got, want any) {
		o.Deviations = append(o.Deviations, fmt.Sprintf("%s is %v, expected %v", what, got, want))
	}
	e := o.Row.Expect
	if o.Status != e.Status {
		deviate("status", o.Status, e.Status)
	}
	if o.Reason != e.Reason {
		deviate("LastError.Reason", fmt.Sprintf("%q", o.Reason), fmt.Sprintf("%q", e.Reason))
	}
	for name, want := range e.Headers {
		want = strings.ReplaceAll(want, "{gateway}", gateway)
		if got := o.Headers[name]; got != want {
			deviate("header "+name, fmt.Sprintf("%q", got), fmt.Sprintf("%q", want))
		}
	}
	if e.Body != "" && o.Body != e.Body {
		deviate("body", o.Body, e.Body)
	}
	if e.BodyMatches != "" {
		pattern, err := regexp.Compile(e.BodyMatches)
		if err != nil {
			deviate("bodyMatches", err, "a regular expression")
		} else if !pattern.MatchString(o.Body) {
			deviate("body", o.Body, "to match "+e.BodyMatches)
		}
	}
}
