package expr

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

var update = flag.Bool("update", false, "write docs/expressions.md")

const docsFile = "../../docs/expressions.md"

// TestDocs holds docs/expressions.md against the table of types. With -update it
// writes the page.
func TestDocs(t *testing.T) {
	want := docsPage()
	if *update {
		if err := os.WriteFile(docsFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Error("docs/expressions.md is not what the table says; run go test ./policy/expr -run '^TestDocs$' -update")
	}
}

const docsHead = "<!-- Made of the table of types: go test ./policy/expr -run '^TestDocs$' -update -->" + `

# Policy expressions

` + "`@(expression)` and `@{ statements; return x; }`" + ` are C# 7 over .NET's types, as API Management runs them. An expression is
checked when its document is loaded: what C# refuses is refused with C#'s error code, what C# allows but API Management
does not by name. [eval.md](eval.md) tries one out.

## Bounds

| what | at most |
| --- | --- |
| steps of one evaluation | %d |
| bytes of values it makes | %d MB |
| calls within calls | %d |
| time it takes | %g s |
| time of one regular expression | %g s |

What passes one ends with ` + "`ExpressionValueEvaluationFailure`" + `; an expression can't catch it, but for the time of a regular
expression, which throws .NET's RegexMatchTimeoutException.

## What it converts to

An attribute takes a value of its type or that value's text: ` + "`true`" + ` or ` + "`\"true\"`" + `, ` + "`5`" + ` or ` + "`\"5\"`" + `. Where text is wanted it is
ToString() under the invariant culture, and nothing for null. A variable keeps the type; a body takes byte[] too.

## Types and members

What follows is allowed. A type or member beyond it, listed at the end, is refused when a document is loaded;
` + "`gateway eval --any-type`" + ` lets it run.
`

func docsPage() []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, docsHead, MaxSteps, MaxAllocation>>20, MaxCallDepth, MaxTime.Seconds(), dotnet.DefaultRegexTime.Seconds())
	l := table()
	spaces, beyond := make(map[string][]*Def), []string(nil)
	for _, d := range l.all() {
		if !d.allowed() {
			beyond = append(beyond, "`"+d.Name+"`")
			continue
		}
		if d.Kind == Delegate || implied[d.Name] {
			continue
		}
		spaces[d.namespace()] = append(spaces[d.namespace()], d)
	}
	for _, space := range slices.Sorted(maps.Keys(spaces)) {
		title := space
		if title == "" {
			title = "context"
		}
		fmt.Fprintf(&w, "\n### %s\n", title)
		defs := spaces[space]
		slices.SortFunc(defs, func(a, b *Def) int { return strings.Compare(a.docName(), b.docName()) })
		for _, d := range defs {
			d.document(&w)
		}
	}
	slices.Sort(beyond)
	fmt.Fprintf(&w, "\n## Beyond the list\n\nTypes that run with `--any-type` alone: %s.\n", strings.Join(slices.Compact(beyond), ", "))
	return w.Bytes()
}

// docName is the type's name without its namespace, as C# writes it.
func (d *Def) docName() string {
	name := strings.TrimPrefix(strings.TrimPrefix(d.Name, d.namespace()), ".")
	if len(d.params) == 0 {
		return name
	}
	params := make([]string, len(d.params))
	for i, p := range d.params {
		params[i] = p.name
	}
	return name + "<" + strings.Join(params, ", ") + ">"
}

// document writes a type's members, each once and in the order of their names.
func (d *Def) document(w *bytes.Buffer) {
	fmt.Fprintf(w, "\n#### %s\n\n", d.docName())
	if d.Kind == Enum {
		names := make([]string, len(d.Values))
		for i, v := range d.Values {
			names[i] = v.Name
		}
		fmt.Fprintf(w, "`%s`\n", strings.Join(names, "`, `"))
		return
	}
	var lines, refused []string
	for _, name := range d.MemberNames() {
		for _, m := range d.MembersNamed(name) {
			if m.allowed() {
				lines = append(lines, strings.TrimPrefix(m.Signature, "const "))
			} else if !slices.Contains(refused, "`"+m.plainName()+"`") {
				refused = append(refused, "`"+m.plainName()+"`")
			}
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(w, "```csharp\n%s\n```\n", strings.Join(lines, "\n"))
	}
	if len(refused) > 0 {
		fmt.Fprintf(w, "\nNot allowed: %s.\n", strings.Join(refused, ", "))
	}
}
