package statements

import (
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

func TestDebug(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/corpus/policies/*/*.xml")
	ok, uns := 0, 0
	msgs := map[string]int{}
	for _, f := range files {
		src, _ := os.ReadFile(f)
		d, diag := policy.Read(filepath.Base(f), src)
		if diag != nil {
			continue
		}
		if d.Root().Tag != "policies" {
			continue
		}
		c, err := policy.Compile(d, exchange.ScopeAPI, policy.Bindings{}, Catalogue())
		if err != nil {
			for _, x := range err.(policy.Diagnostics) {
				msgs[x.String()]++
			}
			continue
		}
		if len(c.Unsupported) > 0 {
			uns++
		} else {
			ok++
		}
	}
	var ks []string
	for k := range msgs {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	for _, k := range ks {
		t.Log(k)
	}
	t.Log(ok, uns, len(msgs))
}
