package docs

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestLimits holds the numbers of limits.md against the constants it names.
func TestLimits(t *testing.T) {
	page, err := os.ReadFile("limits.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if len(cells) != 4 || !strings.HasPrefix(cells[3], "`") {
			continue
		}
		rows++
		name := strings.Trim(cells[3], "`")
		says, err := amount(cells[1])
		if err != nil {
			t.Errorf("%s: %v", cells[0], err)
			continue
		}
		is, err := limit(name)
		if err != nil {
			t.Errorf("%s: %v", cells[0], err)
		} else if is != says {
			t.Errorf("%s: the page says %s, which is %d; %s is %d", cells[0], cells[1], says, name, is)
		}
	}
	if rows < 40 {
		t.Errorf("%d limits were read: the page has another form", rows)
	}
}

var units = map[string]int64{
	"": 1, "characters": 1, "bits": 1, "KB": 1 << 10, "MB": 1 << 20,
	"s": int64(time.Second), "min": int64(time.Minute), "h": int64(time.Hour), "days": int64(24 * time.Hour),
}

var amountForm = regexp.MustCompile(`^(?:once in )?([0-9,]+) ?([A-Za-z]*)$`)

// amount is a cell such as "16 KB" in bytes, "30 s" in nanoseconds.
func amount(cell string) (int64, error) {
	parts := amountForm.FindStringSubmatch(cell)
	if parts == nil || units[parts[2]] == 0 {
		return 0, fmt.Errorf("%q is not an amount", cell)
	}
	var n int64
	if _, err := fmt.Sscan(strings.ReplaceAll(parts[1], ",", ""), &n); err != nil {
		return 0, fmt.Errorf("%q: %w", cell, err)
	}
	return n * units[parts[2]], nil
}

// limit is the value of a constant, FOLDER.NAME, as its package's source has it.
func limit(name string) (int64, error) {
	folder, short := strings.TrimSuffix(name, path.Ext(name)), strings.TrimPrefix(path.Ext(name), ".")
	files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(folder), "*.go"))
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return 0, err
		}
		if value := constantOf(parsed, short); value != nil {
			n, exact := constant.Int64Val(constant.ToInt(evaluate(value)))
			if !exact {
				return 0, fmt.Errorf("%s: the test can't work out the value of %s", file, short)
			}
			return n, nil
		}
	}
	return 0, fmt.Errorf("there is no constant %s", name)
}

// constantOf is what a constant of the file is set to, nil if it has none of that
// name.
func constantOf(file *ast.File, name string) ast.Expr {
	for _, declared := range file.Decls {
		group, ok := declared.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			value := spec.(*ast.ValueSpec)
			for i, identifier := range value.Names {
				if identifier.Name == name && i < len(value.Values) {
					return value.Values[i]
				}
			}
		}
	}
	return nil
}

var durations = map[string]time.Duration{"Millisecond": time.Millisecond, "Second": time.Second, "Minute": time.Minute, "Hour": time.Hour}

// evaluate works out numbers, time's units, products and shifts.
func evaluate(e ast.Expr) constant.Value {
	switch e := e.(type) {
	case *ast.BasicLit:
		return constant.MakeFromLiteral(e.Value, e.Kind, 0)
	case *ast.SelectorExpr:
		if unit, ok := durations[e.Sel.Name]; ok {
			return constant.MakeInt64(int64(unit))
		}
	case *ast.BinaryExpr:
		x, y := evaluate(e.X), evaluate(e.Y)
		by, exact := constant.Uint64Val(constant.ToInt(y))
		switch {
		case e.Op == token.SHL && exact:
			return constant.Shift(x, token.SHL, uint(by))
		case e.Op == token.MUL:
			return constant.BinaryOp(x, token.MUL, y)
		}
	}
	return constant.MakeUnknown()
}
