package evaluate

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
)

// Vector is an expression and the name of the fixture to evaluate it against, "none"
// if it names none.
type Vector struct {
	ID      string `json:"id"`
	Expr    string `json:"expr"`
	Context string `json:"context"`
}

// Answer evaluates a vector: with every type, and with bodies that can be read
// again, as the conformance vectors want it.
func (f Fixtures) Answer(ctx context.Context, v *Vector) *Answer {
	name := v.Context
	if name == "" {
		name = "none"
	}
	fixture := f[name]
	if fixture == nil {
		return &Answer{ID: v.ID, Error: fmt.Sprintf("there is no fixture %q", name)}
	}
	a := Evaluate(ctx, v.Expr, fixture, Options{AnyType: true, KeepBodies: true})
	a.ID = v.ID
	return a
}

// maxVector is the longest line of a file of vectors, in bytes.
const maxVector = 16 << 20

// AnswerAll reads vectors, a JSON object a line, and writes an answer a line, in
// the same order. An error names the line that is no vector, or is the reader's, the
// writer's or ctx's; what a vector fails at is in its answer. failed is how many
// answers tell of an error instead.
func (f Fixtures) AnswerAll(ctx context.Context, r io.Reader, w io.Writer) (failed int, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxVector)
	for n := 1; lines.Scan(); n++ {
		if ctx.Err() != nil {
			return failed, context.Cause(ctx)
		}
		if len(lines.Bytes()) == 0 {
			continue
		}
		var v Vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return failed, fmt.Errorf("line %d is no vector: %w", n, err)
		}
		if v.Expr == "" {
			return failed, fmt.Errorf("line %d is no vector: it has no expr", n)
		}
		a := f.Answer(ctx, &v)
		if a.Error != "" {
			failed++
		}
		line, err := a.Line()
		if err != nil {
			return failed, err
		}
		if _, err := w.Write(line); err != nil {
			return failed, err
		}
	}
	return failed, lines.Err()
}
