package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
)

func start(t *testing.T) *Runner {
	t.Helper()
	r, err := Start("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func table(t *testing.T) []Row {
	t.Helper()
	rows, err := Rows()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// row is the row of that name.
func row(t *testing.T, name string) Row {
	t.Helper()
	for _, r := range table(t) {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("rows.yaml has no row %s", name)
	return Row{}
}

// TestRows: every row of testdata/seed/rows.yaml comes out as it says.
func TestRows(t *testing.T) {
	r := start(t)
	for _, row := range table(t) {
		t.Run(row.Name, func(t *testing.T) {
			o, err := r.Run(t.Context(), row)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range o.Deviations {
				t.Error(d)
			}
		})
	}
}

// TestRowsBackwards: what ran before a row does not matter.
func TestRowsBackwards(t *testing.T) {
	r := start(t)
	rows := table(t)
	for i := range rows {
		row := rows[len(rows)-1-i]
		o, err := r.Run(t.Context(), row)
		if err != nil {
			t.Fatal(err)
		}
		if len(o.Deviations) > 0 {
			t.Errorf("row %s: %q", row.Name, o.Deviations)
		}
	}
}

// TestDeviations: an expectation that is not met is told, one of each kind.
func TestDeviations(t *testing.T) {
	r := start(t)
	for _, test := range []struct {
		row  string
		flip func(*Expect)
		want string
	}{
		{"good-token", func(e *Expect) { e.Status = 401 }, "status is 200, expected 401"},
		{"expired-token", func(e *Expect) { e.Status = 403 }, "status is 401, expected 403"},
		{"good-token", func(e *Expect) { e.Reason = "TokenExpired" }, `LastError.Reason is "", expected "TokenExpired"`},
		{"expired-token", func(e *Expect) { e.Reason = "" }, `LastError.Reason is "TokenExpired", expected ""`},
		{"no-key", func(e *Expect) { e.Headers["WWW-Authenticate"] = "Basic" }, `header WWW-Authenticate is "AzureApiManagementKey realm=\"` + r.Emulator().Gateway()},
		{"no-key", func(e *Expect) { e.Headers["X-Absent"] = "here" }, `header X-Absent is "", expected "here"`},
		{"no-token", func(e *Expect) { e.Body = "{}" }, `body is { "statusCode": 401, "message": "JWT not present." }, expected {}`},
		{"good-token", func(e *Expect) { e.BodyMatches = "^nothing$" }, "expected to match ^nothing$"},
		{"good-token", func(e *Expect) { e.BodyMatches = "(" }, "bodyMatches is error parsing regexp"},
	} {
		row := row(t, test.row)
		row.Expect.Headers = maps.Clone(row.Expect.Headers)
		test.flip(&row.Expect)
		o, err := r.Run(t.Context(), row)
		if err != nil {
			t.Fatal(err)
		}
		if len(o.Deviations) != 1 || !strings.Contains(o.Deviations[0], test.want) {
			t.Errorf("row %s:\ngot  %q\nwant one with %q", test.row, o.Deviations, test.want)
		}
	}
}

// TestImpossibleRows: a row that can't be run is an error, not a deviation.
func TestImpossibleRows(t *testing.T) {
	r := start(t)
	for want, change := range map[string]func(*Row){
		`there is no subscription "nobody"`:         func(row *Row) { row.Key = "nobody" },
		`keyIn is header or query, not "cookie"`:    func(row *Row) { row.KeyIn = "cookie" },
		`mint: unknown fault "funny"`:               func(row *Row) { row.Token = "funny" },
		`row good-token: parse "https://localhost:`: func(row *Row) { row.Path = "/%" },
	} {
		row := row(t, "good-token")
		change(&row)
		if _, err := r.Run(t.Context(), row); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

// TestAll: the run tells a person and a program the same.
func TestAll(t *testing.T) {
	r := start(t)
	wrong := row(t, "no-token")
	wrong.Expect.Status = 200
	for _, test := range []struct {
		name     string
		rows     []Row
		ok       bool
		failures int
	}{
		{"as expected", table(t), true, 0},
		{"one is not", []Row{row(t, "no-key"), wrong, row(t, "unknown-operation")}, false, 1},
	} {
		var text, lines bytes.Buffer
		ok, err := r.All(t.Context(), &text, test.rows, false)
		if err != nil || ok != test.ok {
			t.Errorf("%s: got %v, %v; want %v", test.name, ok, err, test.ok)
		}
		summary := fmt.Sprintf("\n%d rows, %d as expected, %d not\n", len(test.rows), len(test.rows)-test.failures, test.failures)
		if !strings.HasSuffix(text.String(), summary) || strings.Count(text.String(), "\nFAIL  ") != test.failures {
			t.Errorf("%s: printed is\n%swant %d rows marked FAIL and %q at the end", test.name, &text, test.failures, summary)
		}
		ok, err = r.All(t.Context(), &lines, test.rows, true)
		if err != nil || ok != test.ok {
			t.Errorf("%s, JSON: got %v, %v; want %v", test.name, ok, err, test.ok)
		}
		checkLines(t, lines.Bytes(), test.rows, test.failures)
	}
}

// checkLines wants one JSON object a line, in the order of the rows.
func checkLines(t *testing.T, printed []byte, rows []Row, failures int) {
	t.Helper()
	if got := bytes.Count(printed, []byte("\n")); got != len(rows) {
		t.Errorf("%d lines for %d rows", got, len(rows))
	}
	decoder := json.NewDecoder(bytes.NewReader(printed))
	decoder.DisallowUnknownFields()
	for _, row := range rows {
		var o Outcome
		if err := decoder.Decode(&o); err != nil {
			t.Fatalf("row %s: %v", row.Name, err)
		}
		if o.Row.Name != row.Name || o.Status == 0 || o.Deviations == nil {
			t.Errorf("row %s: got name %q, status %d, deviations %q; want its name, a status and a list", row.Name, o.Row.Name, o.Status, o.Deviations)
		}
		if len(o.Deviations) > 0 {
			failures--
		}
	}
	if err := decoder.Decode(&struct{}{}); !errors.Is(err, io.EOF) {
		t.Errorf("after the last row: %v; want the end", err)
	}
	if failures != 0 {
		t.Errorf("the number of rows that deviate is off by %d", failures)
	}
}
