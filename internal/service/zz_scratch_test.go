package service

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

func TestScratch(t *testing.T) {
	for _, n := range []int{1000, 10000, 50000} {
		for name, s := range map[string]string{
			"flowseq":   strings.Repeat("[", n),
			"flowseq2":  strings.Repeat("[", n) + strings.Repeat("]", n),
			"flowmap":   strings.Repeat("{a: ", n) + strings.Repeat("}", n),
			"blockseq":  strings.Repeat("- ", n),
			"blockmap":  func() string { var b strings.Builder; for i := range min(n,2000) { b.WriteString(strings.Repeat(" ", i) + "a:\n") }; return b.String() }(),
			"widemap":   func() string { var b strings.Builder; for i := range n { fmt.Fprintf(&b, "a%d: b\n", i) }; return b.String() }(),
			"wideseq":   func() string { var b strings.Builder; b.WriteString("a:\n"); for i := range n { fmt.Fprintf(&b, "- b%d\n", i) }; return b.String() }(),
			"wideflow":   "a: [" + strings.Repeat("b,", n) + "b]",
			"longscalar":  "a: " + strings.Repeat("b", n*10),
			"multiline":  "a: b\n" + strings.Repeat("  b\n", n*2),
			"literal":  "a: |\n" + strings.Repeat("  b\n", n*2),
			"dq":  "a: \"" + strings.Repeat("b\n", n*2)+"\"",
			"comment":  strings.Repeat("# c\n", n*2)+"a: b\n",
			"tags":  strings.Repeat("!a ", n),
			"anchors":  strings.Repeat("&a ", n),
			"qs":  strings.Repeat("? ", n),
			"colons":  strings.Repeat("a: ", n),
			"docs":  strings.Repeat("---\n", n),
			"spaces":  strings.Repeat(" ", n*10),
			"dashes":  strings.Repeat("-", n*10),
		} {
			done := make(chan string, 1)
			go func() {
				began := time.Now()
				toks := lexer.Tokenize(s)
				lex := time.Since(began)
				_, err := parser.ParseBytes([]byte(s), 0, parser.AllowDuplicateMapKey())
				e := ""
				if err != nil { e = strings.SplitN(err.Error(), "\n", 2)[0] }
				done <- fmt.Sprintf("%-10s %d len %d toks %d lex %v parse %v err %.60s", name, n, len(s), len(toks), lex, time.Since(began)-lex, e)
			}()
			select {
			case m := <-done: fmt.Println(m)
			case <-time.After(20*time.Second): fmt.Println("HANG", name, n)
			}
		}
	}
}
