package differ

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/apimulator/apimulator/internal/evaluate"
)

// Outcome is a case with both answers.
type Outcome struct {
	Case
	// Expect is the oracle's answer as it gave it; nil if it gave none.
	Expect json.RawMessage
	Answer *evaluate.Answer
	// Why tells how the answers differ; "" if they do not.
	Why string
}

// Cause is what outcomes that differ for the same reason have in common.
func (o *Outcome) Cause() string {
	first, rest, _ := strings.Cut(o.Why, "\n")
	cause := quoted.ReplaceAllString(first, "'…'")
	switch {
	case strings.HasPrefix(first, "is the JSON"):
		return "json"
	case strings.HasPrefix(first, "is \""):
		return "string"
	case strings.HasPrefix(first, "throws"):
		got, _, _ := strings.Cut(strings.TrimPrefix(first, "throws "), ":")
		if want := strings.TrimPrefix(rest, "want "); strings.HasPrefix(want, "System.") || strings.HasPrefix(want, "a ") || strings.HasPrefix(want, "Newtonsoft.") || strings.HasPrefix(want, "<") {
			return "throws " + got + ", want " + want
		}
		return "message of " + got
	case strings.HasPrefix(first, "is a "):
		return "type " + strings.TrimPrefix(first, "is a ") + ", " + rest
	}
	return cause
}

var quoted = regexp.MustCompile(`'[^']*'`)

// batch is how many cases one run of the oracle gets.
const batch = 500

// Ask gives the cases to the oracle, which is the program of that path, and
// returns its answers by the cases' ids.
func Ask(ctx context.Context, oracle string, cases []Case) (map[string]json.RawMessage, error) {
	answers := make(map[string]json.RawMessage)
	for len(cases) > 0 {
		n := min(batch, len(cases))
		got, err := askBatch(ctx, oracle, cases[:n], answers)
		if err != nil && got == 0 && n > 1 {
			return nil, err
		}
		// A stack overflow ends the oracle: go on behind the case that did it.
		if got < n {
			got++
		}
		cases = cases[got:]
	}
	return answers, nil
}

func askBatch(ctx context.Context, oracle string, cases []Case, answers map[string]json.RawMessage) (int, error) {
	var in, out bytes.Buffer
	e := json.NewEncoder(&in)
	for _, c := range cases {
		if err := e.Encode(c); err != nil {
			return 0, err
		}
	}
	cmd := exec.CommandContext(ctx, oracle)
	cmd.Stdin, cmd.Stdout = &in, &out
	failed := cmd.Run()
	n := 0
	for line := range strings.Lines(out.String()) {
		var a struct {
			ID     string
			Expect json.RawMessage
		}
		// A line may be no JSON: Json.NET writes some values so.
		if json.Unmarshal([]byte(line), &a) == nil {
			answers[a.ID] = a.Expect
		}
		n++
	}
	if failed != nil {
		return n, fmt.Errorf("the oracle: %w", failed)
	}
	return n, nil
}

// Compare evaluates the cases and compares with the oracle's answers.
func Compare(ctx context.Context, fixtures evaluate.Fixtures, cases []Case, answers map[string]json.RawMessage) ([]Outcome, error) {
	outcomes := make([]Outcome, 0, len(cases))
	for _, c := range cases {
		o := Outcome{Case: c, Expect: answers[c.ID]}
		var want struct {
			evaluate.Expect
			Timeout bool
		}
		if o.Expect != nil {
			if err := json.Unmarshal(o.Expect, &want); err != nil {
				return nil, err
			}
		}
		if o.Expect == nil || want.Timeout {
			continue
		}
		o.Answer = fixtures.Answer(ctx, &evaluate.Vector{ID: c.ID, Expr: c.Expr, Context: c.Context})
		o.Why = want.Differs(o.Answer)
		outcomes = append(outcomes, o)
	}
	return outcomes, ctx.Err()
}

// ReadFixtures reads a fixtures.json.
func ReadFixtures(path string) (evaluate.Fixtures, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return evaluate.ReadFixtures(file)
}
