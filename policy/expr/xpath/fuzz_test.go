package xpath_test

import (
	"errors"
	"testing"

	"github.com/apimulator/apimulator/policy/expr/xlinq"
	"github.com/apimulator/apimulator/policy/expr/xpath"
)

// FuzzEvaluate: whatever is written as an expression ends, and soon.
func FuzzEvaluate(f *testing.F) {
	d, err := xlinq.ParseDocument("<r xmlns:p='u'><a i='1' p:k='v'>t<b/>u</a><!--c--><?q d?><p:e xml:lang='en'>7</p:e></r>", 0)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"/", "//a[1]/@i", "count(//node()|//@*)", "//b/ancestor::*[1]/preceding::node()", "-1 div 0 mod 2.5", "substring('abc',0 div 0,1)",
		"translate(//a,'tu','x')", "(//a)[last()]/following::p:*", "name(//namespace::*)", "lang('en') or not(. = 1)", "//*[.//*[//*]]", "'a", "((((", "a:b:c", "$x"} {
		f.Add(s)
	}
	tooMuch := errors.New("too much")
	f.Fuzz(func(t *testing.T, s string) {
		x, err := xpath.Compile(s, func(prefix string) (string, bool) { return "u", prefix == "p" })
		if err != nil {
			return
		}
		steps := 0
		for _, n := range []xlinq.Object{d, d.Root(), d.Root().Attribute(xlinq.Name{Local: "i"}), xlinq.First(d.Root())} {
			if a, ok := n.(*xlinq.Attribute); ok && a == nil {
				continue
			}
			v, err := x.Evaluate(xlinq.Navigate(n), func(n int) error {
				if steps += n; steps > 1e6 {
					return tooMuch
				}
				return nil
			})
			if _, nodes := v.([]xpath.Node); err == nil && nodes != x.Nodes() {
				t.Fatalf("%q gives %T", s, v)
			}
		}
	})
}
