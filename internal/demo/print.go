package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
)

// All runs the rows in order and prints each as it is done: a line for a person,
// or, if asJSON, one JSON object a line. It reports whether all came out as
// expected.
func (r *Runner) All(ctx context.Context, w io.Writer, rows []Row, asJSON bool) (bool, error) {
	deviating := 0
	for _, row := range rows {
		o, err := r.Run(ctx, row)
		if err != nil {
			return false, err
		}
		if len(o.Deviations) > 0 {
			deviating++
		}
		if asJSON {
			if err := json.NewEncoder(w).Encode(o); err != nil {
				return false, err
			}
			continue
		}
		o.print(w)
	}
	if !asJSON {
		fmt.Fprintf(w, "\n%d rows, %d as expected, %d not\n", len(rows), len(rows)-deviating, deviating)
	}
	return deviating == 0, nil
}

func (o *Outcome) print(w io.Writer) {
	mark := "ok  "
	if len(o.Deviations) > 0 {
		mark = "FAIL"
	}
	fmt.Fprintf(w, "%s  %-22s %d  %s\n", mark, o.Row.Name, o.Status, o.Row.Say)
	if o.Reason != "" {
		fmt.Fprintf(w, "      %s: %s\n", o.Reason, firstLine(o.Why))
	}
	for _, d := range o.Deviations {
		fmt.Fprintf(w, "      deviates: %s\n", d)
	}
}

func firstLine(s string) string {
	for i, c := range s {
		if c == '\n' {
			return s[:i]
		}
	}
	return s
}
