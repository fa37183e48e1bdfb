package syntax

import (
	"strings"
	"testing"
)

// nests are inputs of a nesting depth: before and after are repeated around the
// core.
var nests = map[string]struct{ begin, before, core, after, end string }{
	"brackets":     {"@(", "(", "1", ")", ")"},
	"unary":        {"@(", "- ", "1", "", ")"},
	"casts":        {"@(", "(int)", "1", "", ")"},
	"calls":        {"@(", "f(", "1", ")", ")"},
	"indexes":      {"@(", "a[", "1", "]", ")"},
	"lambdas":      {"@(", "x => ", "1", "", ")"},
	"blocks":       {"@{", "{", "", "}", "}"},
	"if":           {"@{", "if (a) ", ";", "", "}"},
	"else if":      {"@{", "if (a) ; else ", ";", "", "}"},
	"labels":       {"@{", "a: ", ";", "", "}"},
	"switches":     {"@{", "switch (a) { default: ", "", "break; }", "}"},
	"conditionals": {"@(", "a ? b : ", "c", "", ")"},
	"middles":      {"@(", "a ? ", "b", " : c", ")"},
	"coalescing":   {"@(", "a ?? ", "b", "", ")"},
	"assignments":  {"@(", "a = ", "b", "", ")"},
	"accesses":     {"@(", "a?.b", "", "", ")"},
	"initialisers": {"@(new A ", "{ B = ", "1", " }", ")"},
	"arrays":       {"@(", "new[] { ", "1", " }", ")"},
	"anonymous":    {"@(", "new { a = ", "1", " }", ")"},
	"tuples":       {"@(", "(1, ", "2", ")", ")"},
	"strings":      {"@(", `$"{`, "1", `}"`, ")"},
	"type args":    {"@(typeof(", "A<", "B", ">", "))"},
	"tuple types":  {"@(typeof(", "(A, ", "B", ")", "))"},
	"generic call": {"@(", "f<A<int>>(", "1", ")", ")"},
	"declaration":  {"@{", "A<", "B", ">", " c; }"},
	"variables":    {"@{ var ", "(a, ", "b", ")", " = c; }"},
	"queries":      {"@(", "from a in ", "b", " select a", ")"},
	"into":         {"@(from a in b ", "select a into a ", "select a", "", ")"},
	"throws":       {"@(a ?? ", "throw a ?? ", "b", "", ")"},
	"methods":      {"@(", "delegate { return ", "1", "; }", ")"},
	"functions":    {"@{", "int F() {", "", "}", "}"},
	"patterns":     {"@(", "a is (", "1", ")", ")"},
}

// What is nested ten times is read; what is nested beyond the limit is refused
// with one error, at once.
func TestNesting(t *testing.T) {
	for name, n := range nests {
		t.Run(name, func(t *testing.T) {
			source := func(depth int) string {
				return n.begin + strings.Repeat(n.before, depth) + n.core + strings.Repeat(n.after, depth) + n.end
			}
			for _, depth := range []int{MaxNesting + 1, 5_000} {
				tree, errs := Parse(source(depth))
				if tree != nil || len(errs) != 1 || errs[0].Message != nestingMessage {
					t.Errorf("%s nested %d deep: %v", name, depth, errs)
				}
			}
		})
	}
}

// What is long without being nested is read, as deep as a tree may be.
func TestDepth(t *testing.T) {
	for _, c := range []struct{ first, next string }{
		{"a", " + a"}, {"a", " && a"}, {"a", ".b"}, {"a", "[0]"}, {"a", "(1)"}, {"a", ".b()[c]"}, {"a", " is A"}, {"a", "++"},
	} {
		links := MaxDepth / (1 + strings.Count(c.next, "[") + strings.Count(c.next, "("))
		if tree, errs := Parse("@(" + c.first + strings.Repeat(c.next, links/2) + ")"); tree == nil {
			t.Errorf("%s and %d times %q: %v", c.first, links/2, c.next, errs[0])
		}
		tree, errs := Parse("@(" + c.first + strings.Repeat(c.next, MaxDepth) + ")")
		if tree != nil || len(errs) != 1 || errs[0].Message != depthMessage {
			t.Errorf("%s and %d times %q: %v", c.first, MaxDepth, c.next, errs)
		}
	}
}

// Long lists are no nesting.
func TestLength(t *testing.T) {
	const n = 50_000
	for _, c := range []struct{ begin, item, end string }{
		{"@(f(", "a, ", "a))"},
		{"@{", "a();", "}"},
		{"@(new[] {", "1, ", "})"},
		{"@{ switch (a) {", "case 1:", "break; } }"},
		{"@{ int ", "a, ", "b; }"},
		{"@((", "a, ", "b))"},
		{`@($"`, "{a}b", `")`},
		{"@(from a in b ", "where a ", "select a)"},
		{"@(typeof(A<", "B, ", "B>))"},
	} {
		if tree, errs := Parse(c.begin + strings.Repeat(c.item, n) + c.end); tree == nil {
			t.Errorf("%s, %d times %q: %v", c.begin, n, c.item, errs[0])
		}
	}
}

// What makes a careless parser go back again and again is read once: else this
// test would not return.
func TestLookingAhead(t *testing.T) {
	const size = 1 << 14
	for _, piece := range []string{
		"a<", "a<b,", "(a<b,", "a<(b,", "(", "(a,", "((a)", "a<b>(", "a?", "a?[", "a?.", "a[", "{", "a<{", "(a)(", "(a)-", "x=>", "(x,",
		"(x)=>", "var(", "a is b<", "a as b?", "$\"{", "@\"", "\"", "'", "#", "/*", "a b ", "a b,", "new ", "new[", "new{", "new A{", "new(",
		"from a in ", "a ? b : ", "a ? ", "if(", "switch(a){case ", "case a<", "a:", "F(){", "int F(){", "{{", "}}", "})", "({", "([)]", "..", "!", "-",
		"int", "await ", "async ", "=> ", ">>", "<<", "::", "a::", "delegate", "is ", "is not ", "is (", "where ", "out a<", "f(out a<b,", "(a b,",
		"a<b>.", "a[]<", "?", ",", ";", ")", "]", "}", "\\u0061", "é", "\"\"\"", "$$\"\"\"", "@$\"{", "1_", "0x", "1e", "1e9999999m+",
	} {
		for _, shape := range []struct{ begin, end string }{{"@(", ")"}, {"@{", "}"}, {"@($\"{", "}\")"}, {"@(from x in y where ", " select x)"}} {
			Parse(shape.begin + strings.Repeat(piece, size/len(piece)) + shape.end)
		}
	}
}

func TestMaxSource(t *testing.T) {
	source := "@(" + strings.Repeat(" ", MaxSource-4) + "1)"
	if _, errs := Parse(source); errs != nil {
		t.Errorf("%d bytes: %v", len(source), errs)
	}
	if tree, errs := Parse(" " + source); tree != nil || len(errs) != 1 || !strings.Contains(errs[0].Message, "1048577 bytes") {
		t.Errorf("%d bytes: %v", len(source)+1, errs)
	}
}

func TestMaxErrors(t *testing.T) {
	for _, piece := range []string{"a b c; ", "` ", "\"\\q\"; ", "a?.b = !; "} {
		_, errs := Parse("@{" + strings.Repeat(piece, 10*MaxErrors) + "}")
		if len(errs) == 0 || len(errs) > MaxErrors {
			t.Errorf("%q, many times: %d errors", piece, len(errs))
		}
	}
}

func TestNoExpression(t *testing.T) {
	for _, source := range []string{"", "@", "@(", "@{", "1 + 1", "@(1", "(1)", "@(1}", "@{ return 1; )", " @(1)", "@(1) ", "@ (1)", "@[1]"} {
		if tree, errs := Parse(source); tree != nil || len(errs) != 1 || errs[0].Code != "" {
			t.Errorf("%q: %v", source, errs)
		}
	}
	_, errs := Parse("@(\"a\xffb\")")
	if len(errs) != 1 || errs[0].Span != (Span{4, 5}) {
		t.Errorf("a byte that is not UTF-8: %v", errs)
	}
}
