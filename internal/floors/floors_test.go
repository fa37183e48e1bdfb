package floors

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/apimulator/apimulator"

// may lists, for each package, the packages of this module that it imports at
// most. A package that is not listed here fails the test.
var may = map[string][]string{
	// ground
	"policy/exchange":         {},
	"jwtvalidate":             {},
	"internal/hosts":          {"policy/exchange"},
	"internal/tokencount":     {},
	"internal/floors":         {},
	"internal/pattern":        {}, // which all others may import
	"internal/telemetry/otlp": {"policy/exchange"},
	"internal/startup/stack":  {},                         // nor anything else, so that it is initialised first
	"internal/startup":        {"internal/startup/stack"}, // and little of the standard library, so that it is initialised early
	"testdata/seed":           {},
	// language
	"policy/expr/syntax":           {},
	"policy/expr/dotnet":           {},
	"policy/expr/dotnet/collation": {}, // a program that makes a table
	"policy/expr/newtonsoft":       {"policy/expr/dotnet"},
	"policy/expr/xpath":            {"policy/expr/dotnet"},
	"policy/expr/xlinq":            {"policy/expr/dotnet", "policy/expr/xpath"},
	"policy/expr/xmldom":           {"policy/expr/dotnet", "policy/expr/xlinq", "policy/expr/xpath"},
	"policy/expr": {
		"policy/exchange", "policy/expr/dotnet", "policy/expr/newtonsoft", "policy/expr/syntax", "policy/expr/xlinq", "policy/expr/xmldom", "policy/expr/xpath",
	},
	"policy/jsonschema":     {"policy/expr/dotnet", "policy/expr/newtonsoft"},
	"policy/internal/cases": {}, // what tests share
	"policy/liquid":         {"policy/exchange", "policy/expr", "policy/expr/dotnet", "policy/expr/newtonsoft", "policy/expr/xlinq"},
	"policy":                {"policy/expr", "policy/expr/dotnet", "policy/expr/syntax", "policy/exchange", "jwtvalidate"},
	"policy/statements": {
		"policy", "policy/statements/access", "policy/statements/ai", "policy/statements/caching", "policy/statements/content", "policy/statements/crossdomain",
		"policy/statements/flow", "policy/statements/graphql", "policy/statements/integration", "policy/statements/limits", "policy/statements/routing",
		"policy/statements/transform",
	},
	"policy/statements/part":        {"policy", "policy/exchange", "policy/expr", "policy/expr/dotnet", "policy/liquid"},
	"policy/statements/access":      statement,
	"policy/statements/ai":          append(slices.Clone(statement), "internal/tokencount"),
	"policy/statements/caching":     statement,
	"policy/statements/content":     append(slices.Clone(statement), "policy/expr/newtonsoft", "policy/jsonschema"), // newtonsoft: whose objects a variable gets
	"policy/statements/crossdomain": statement,
	"policy/statements/flow":        statement,
	"policy/statements/graphql":     statement,
	"policy/statements/integration": statement,
	"policy/statements/limits":      statement,
	"policy/statements/routing":     statement,
	"policy/statements/transform":   statement,
	// instance
	"internal/store":      {"policy", "policy/exchange"},
	"internal/yamlfile":   {"policy"},
	"internal/openapi":    {"policy/exchange"},
	"internal/service":    {"policy", "policy/exchange", "policy/jsonschema", "internal/openapi", "internal/yamlfile"},
	"internal/credential": {"policy", "policy/exchange", "internal/hosts"},
	"internal/trace":      {"policy", "policy/exchange"},
	// gateway
	"internal/gateway": {"policy", "policy/exchange", "policy/statements", "internal/service", "internal/trace", "internal/credential", "internal/hosts"},
	"internal/edge":    {"policy", "policy/exchange", "internal/gateway", "internal/hosts"},
	// what tests hold an edge against; it knows of none
	"internal/edge/judge": {"policy/exchange"},
	// beside: the emulated parties, reached over HTTP only
	"internal/entra":           {"policy/exchange"},
	"internal/managedidentity": {"policy/exchange"},
	"internal/azureopenai":     {"policy/exchange", "policy/jsonschema", "internal/tokencount"},
	"internal/parties": {
		"policy/exchange", "jwtvalidate", "internal/azureopenai", "internal/entra", "internal/hosts", "internal/managedidentity", "internal/service",
	},
	// top
	// The page shows the service and its effective policies, lets people sign in as
	// those of the emulated Entra ID, and writes test files.
	"internal/console": {
		"policy", "policy/exchange", "jwtvalidate", "internal/entra", "internal/lint", "internal/service", "internal/trace", "internal/yamlfile",
	},
	"internal/telemetry":  {"policy", "policy/exchange", "internal/telemetry/otlp"},
	"internal/management": {"policy/exchange", "internal/gateway", "internal/service", "internal/trace", "jwtvalidate"},
	"internal/emulator": {
		"policy", "policy/exchange", "policy/statements", "jwtvalidate", "testdata/seed",
		"internal/console", "internal/credential", "internal/edge", "internal/entra", "internal/gateway", "internal/hosts",
		"internal/management", "internal/parties", "internal/service", "internal/store", "internal/telemetry", "internal/trace",
	},
	"internal/testrun": {
		"policy", "policy/exchange", "policy/jsonschema", "policy/expr", "policy/expr/newtonsoft", "policy/expr/syntax", "policy/statements", "jwtvalidate",
		"internal/azureopenai", "internal/credential", "internal/edge", "internal/entra", "internal/gateway", "internal/hosts", "internal/managedidentity",
		"internal/parties", "internal/service", "internal/store", "internal/trace", "internal/yamlfile",
	},
	"internal/lint":     {"policy", "policy/exchange", "policy/expr", "internal/credential", "internal/service", "internal/yamlfile"},
	"internal/explain":  {"policy", "policy/exchange", "internal/gateway", "internal/service"},
	"internal/evaluate": {"policy", "policy/exchange", "policy/expr", "policy/expr/dotnet", "policy/expr/newtonsoft", "policy/expr/syntax"},
	"internal/demo":     {"internal/emulator", "internal/entra", "internal/trace", "testdata/seed"},
	"cmd/gateway":       {"internal/demo", "internal/emulator", "internal/entra", "internal/evaluate", "internal/explain", "internal/lint", "internal/management", "internal/startup", "internal/testrun", "internal/trace", "policy/exchange", "policy/expr", "policy/expr/syntax", "policy/statements"},
	"cmd/client":        {},
	"apimtest":          {"policy/exchange", "internal/edge", "internal/entra", "internal/hosts", "internal/testrun", "internal/trace"},
	// beside: asks a real C# compiler, started by hand
	"internal/differ":        {"internal/evaluate"},
	"internal/differ/differ": {"internal/differ"},
}

// statement is what a category of statements may import: what categories share, and
// not another category.
var statement = []string{"policy", "policy/exchange", "policy/expr", "policy/statements/part", "jwtvalidate"}

// free of HTTP: the exchange is this project's own, the edge adapts.
var withoutHTTP = []string{"policy", "internal/service", "internal/gateway", "internal/store", "internal/trace", "internal/evaluate", "internal/explain", "internal/lint"}

// public packages export no type of an internal one, so they import none.
var public = []string{"policy", "jwtvalidate"}

// anywhere is the internal package that all others may use: it knows of nothing, and has no
// type that could be seen.
const anywhere = "internal/pattern"

// hidden is the internal package that a public one may use all the same, since no type of
// it can be seen: counting gives a number.
var hidden = map[string]string{"policy/statements/ai": "internal/tokencount"}

// wallClock lists the files that ask the operating system for the time.
var wallClock = []string{
	"policy/exchange/clock.go",          // the one clock that others are made of
	"internal/edge/front_watch.go",      // a timer that is set anew for each request
	"policy/expr/dotnet/regex_match.go", // whether a search was stopped for its real time
}

type sourceFile struct {
	path string // slash-separated, below the module's root
	pkg  string
	ast  *ast.File
}

// sources parses the module's Go files that are not tests.
func sources(t *testing.T) []sourceFile {
	t.Helper()
	root := filepath.Join("..", "..")
	set := token.NewFileSet()
	var files []sourceFile
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "bench") { // which is a module of its own
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(set, path, text, 0)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		files = append(files, sourceFile{relative, strings.TrimSuffix(relative, "/"+d.Name()), parsed})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 100 {
		t.Fatalf("only %d files found: the test looks in the wrong place", len(files))
	}
	return files
}

func imports(f sourceFile) []string {
	var paths []string
	for _, i := range f.ast.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

func below(pkg string, roots []string) bool {
	return slices.ContainsFunc(roots, func(r string) bool { return pkg == r || strings.HasPrefix(pkg, r+"/") })
}

func TestImports(t *testing.T) {
	for _, f := range sources(t) {
		allowed, listed := may[f.pkg]
		if !listed {
			t.Errorf("%s: package %s stands on no floor: add it to the list in this test", f.path, f.pkg)
			continue
		}
		for _, path := range imports(f) {
			own, isOwn := strings.CutPrefix(path, module+"/")
			switch {
			case isOwn && own == anywhere:
			case isOwn && own != f.pkg && !slices.Contains(allowed, own):
				t.Errorf("%s imports %s, which %s may not", f.path, own, f.pkg)
			case isOwn && below(f.pkg, public) && strings.HasPrefix(own, "internal/") && own != hidden[f.pkg]:
				t.Errorf("%s is public and imports %s", f.path, own)
			case below(f.pkg, withoutHTTP) && (path == "net/http" || strings.HasPrefix(path, "github.com/valyala/fasthttp")):
				t.Errorf("%s imports %s: no HTTP type may appear in %s", f.path, path, f.pkg)
			case f.pkg == "policy/exchange" && strings.Contains(strings.SplitN(path, "/", 2)[0], "."):
				t.Errorf("%s imports %s: the ground stands on the standard library only", f.path, path)
			}
		}
	}
}

// TestListIsCurrent fails for packages that are listed and gone.
func TestListIsCurrent(t *testing.T) {
	present := make(map[string]bool)
	for _, f := range sources(t) {
		present[f.pkg] = true
	}
	for pkg := range may {
		if !present[pkg] {
			t.Errorf("the list names package %s, which is not there", pkg)
		}
	}
}

func TestTime(t *testing.T) {
	forbidden := []string{"Now", "Sleep", "Since", "Until", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc"}
	for _, f := range sources(t) {
		if slices.Contains(wallClock, f.path) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && x.Obj == nil && slices.Contains(forbidden, s.Sel.Name) {
				t.Errorf("%s calls time.%s: time comes from an exchange.Clock", f.path, s.Sel.Name)
			}
			return true
		})
	}
}

// What package apimtest exports names no type of an internal package.
func TestApimtestExportsNothingInternal(t *testing.T) {
	for _, f := range sources(t) {
		if f.pkg != "apimtest" || strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		internal := make(map[string]bool)
		for _, path := range imports(f) {
			internal[path[strings.LastIndexByte(path, '/')+1:]] = strings.Contains(path, "/internal/")
		}
		check := func(what string, n ast.Node) {
			ast.Inspect(n, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := s.X.(*ast.Ident); ok && internal[x.Name] {
						t.Errorf("%s: %s exports %s.%s", f.path, what, x.Name, s.Sel.Name)
					}
				}
				return true
			})
		}
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() {
					check(d.Name.Name, d.Type)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					s, ok := spec.(*ast.TypeSpec)
					if !ok || !s.Name.IsExported() {
						continue
					}
					whole, ok := s.Type.(*ast.StructType)
					if !ok {
						check(s.Name.Name, s.Type)
						continue
					}
					for _, field := range whole.Fields.List {
						if len(field.Names) == 0 || slices.ContainsFunc(field.Names, func(n *ast.Ident) bool { return n.IsExported() }) {
							check(s.Name.Name, field.Type)
						}
					}
				}
			}
		}
	}
}
