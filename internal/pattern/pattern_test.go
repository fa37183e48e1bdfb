package pattern

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestAllCompile compiles what the project's packages give to Lazy, which else happens when
// one is needed.
func TestAllCompile(t *testing.T) {
	found := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		positions := token.NewFileSet()
		file, err := parser.ParseFile(positions, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if expression, ok := literal(n); ok {
				found++
				if _, err := regexp.Compile(expression); err != nil {
					t.Errorf("%s: %v", positions.Position(n.Pos()), err)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || found < 30 {
		t.Errorf("got %d patterns, %v; want all of the project", found, err)
	}
}

// literal is what a call of Lazy has between its brackets, if it is a literal.
func literal(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return "", false
	}
	called, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || called.Sel.Name != "Lazy" {
		return "", false
	}
	written, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	text, err := strconv.Unquote(written.Value)
	return text, err == nil
}

func TestLazy(t *testing.T) {
	digits, broken := Lazy(`^[0-9]+$`), Lazy(`(`) // which panics when it is compiled
	if !digits().MatchString("12") || digits().MatchString("1a") {
		t.Error("a pattern of digits matches something else")
	}
	defer func() {
		if recover() == nil {
			t.Error("a broken pattern was used without a panic")
		}
	}()
	broken()
}
