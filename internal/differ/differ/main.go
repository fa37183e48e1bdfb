// Command cmd makes up expressions, asks the library and the oracle, and reports
// where they disagree. See package differ.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/differ"
)

func main() {
	var r run
	seed := flag.Uint64("seed", 1, "what the expressions follow from")
	well := flag.Int("well", 1000, "how many well-typed expressions")
	ill := flag.Int("ill", 300, "how many ill-typed ones")
	mutated := flag.Int("mutated", 0, "how many mutations of real ones")
	shared := flag.String("shared", "../shared", "the folder with oracle, conformance and corpus")
	flag.StringVar(&r.answers, "answers", "", "file of the oracle's answers: read if it is there, so that nobody asks twice, else written")
	flag.StringVar(&r.agreed, "out", "", "file to write all cases with the oracle's answers to, and whether they agree")
	flag.IntVar(&r.examples, "examples", 4, "how many expressions are shown of a cause")
	flag.BoolVar(&r.compile, "compile", false, "show the well-typed expressions that the oracle can't compile")
	flag.Parse()
	r.oracle = filepath.Join(*shared, "oracle", "ask")
	if err := r.cases(*seed, *well, *ill, *mutated, *shared); err != nil {
		fail(err)
	}
	if err := r.do(context.Background(), filepath.Join(*shared, "conformance", "fixtures.json"), os.Stdout); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "differ:", err)
	os.Exit(1)
}

type run struct {
	list            []differ.Case
	oracle          string
	answers, agreed string
	examples        int
	compile         bool
}

func (r *run) cases(seed uint64, well, ill, mutated int, shared string) error {
	list, err := differ.Generate(seed, well, ill)
	if err != nil {
		return err
	}
	more, err := differ.Mutate(seed, mutated, filepath.Join(shared, "corpus", "expressions-training.jsonl"), filepath.Join(shared, "conformance", "expressions.jsonl"))
	r.list = append(list, more...)
	return err
}

func (r *run) do(ctx context.Context, fixtures string, w io.Writer) error {
	fx, err := differ.ReadFixtures(fixtures)
	if err != nil {
		return err
	}
	answers, err := r.ask(ctx)
	if err != nil {
		return err
	}
	outcomes, err := differ.Compare(ctx, fx, r.list, answers)
	if err != nil {
		return err
	}
	r.report(w, outcomes)
	if r.agreed == "" {
		return nil
	}
	return writeLines(r.agreed, outcomes, func(o differ.Outcome) any {
		return map[string]any{"id": o.ID, "expr": o.Expr, "context": o.Context, "expect": o.Expect, "topics": o.Topics, "why": o.Why}
	})
}

// answer is a line of the file of answers.
type answer struct {
	Expr   string          `json:"expr"`
	Expect json.RawMessage `json:"expect"`
}

// ask reads the answers of the file, and asks the oracle for those not there.
func (r *run) ask(ctx context.Context) (map[string]json.RawMessage, error) {
	known := make(map[string]json.RawMessage)
	if file, err := os.Open(r.answers); err == nil {
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			var a answer
			if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
				return nil, err
			}
			known[a.Expr] = a.Expect
		}
		file.Close()
	}
	answers := make(map[string]json.RawMessage)
	var unknown []differ.Case
	for _, c := range r.list {
		if a, ok := known[c.Context+c.Expr]; ok {
			answers[c.ID] = a
		} else {
			unknown = append(unknown, c)
		}
	}
	asked, err := differ.Ask(ctx, r.oracle, unknown)
	if err != nil {
		return nil, err
	}
	for id, a := range asked {
		answers[id] = a
	}
	if r.answers == "" || len(unknown) == 0 {
		return answers, nil
	}
	for _, c := range unknown {
		known[c.Context+c.Expr] = answers[c.ID]
	}
	var lines []answer
	for text, a := range known {
		lines = append(lines, answer{text, a})
	}
	return answers, writeLines(r.answers, lines, func(a answer) any { return a })
}

func writeLines[T any](path string, lines []T, line func(T) any) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, l := range lines {
		if err := e.Encode(line(l)); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}

func (r *run) report(w io.Writer, outcomes []differ.Outcome) {
	type count struct{ all, compile, agreed int }
	counts := make(map[string]*count)
	causes := make(map[string][]differ.Outcome)
	for _, o := range outcomes {
		c := counts[o.Origin]
		if c == nil {
			c = new(count)
			counts[o.Origin] = c
		}
		c.all++
		var refused struct{ CompileError, Message string }
		if json.Unmarshal(o.Expect, &refused) == nil && refused.CompileError == "" {
			c.compile++
		} else if r.compile && o.Origin == "well" {
			fmt.Fprintf(w, "%s %s: %s\n", refused.CompileError, refused.Message, o.Expr)
		}
		if o.Why == "" {
			c.agreed++
		} else {
			causes[o.Cause()] = append(causes[o.Cause()], o)
		}
	}
	var names []string
	for name := range causes {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(len(causes[b]), len(causes[a])), cmp.Compare(a, b)) })
	for _, name := range names {
		list := causes[name]
		fmt.Fprintf(w, "\n== %d of %s\n", len(list), name)
		slices.SortFunc(list, func(a, b differ.Outcome) int { return cmp.Compare(len(a.Expr), len(b.Expr)) })
		for _, o := range list[:min(len(list), r.examples)] {
			fmt.Fprintf(w, "%s %s\n    %s\n", o.ID, o.Expr, strings.ReplaceAll(o.Why, "\n", "\n    "))
		}
	}
	fmt.Fprintln(w)
	for origin, c := range counts {
		fmt.Fprintf(w, "%s: %d asked, %d of them compile, %d agree\n", origin, c.all, c.compile, c.agreed)
	}
}
