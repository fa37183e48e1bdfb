package emulator

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestStores: the page sees what policies keep, and takes one of them away, or all.
func TestStores(t *testing.T) {
	l := newLab(t, files{"apim.yaml": sayingService, "policy.xml": document(`<rate-limit-by-key calls="3" renewal-period="300" counter-key="a" />
<rate-limit-by-key calls="3" renewal-period="300" counter-key="b" />
<cache-store-value key="a" value="1" duration="300" /><cache-store-value key="b" value="2" duration="300" />
<return-response><set-body>hello</set-body></return-response>`)})
	l.checkSays("hello")
	for _, at := range []float32{0, 1} { // as a semantic cache does
		l.vectors.Add("questions", []float32{1, at}, []byte("answer"), l.Clock().Now(), l.Clock().Now().Add(time.Hour))
	}
	keys := func() map[string][]string {
		all := make(map[string][]string)
		for _, s := range l.stores() {
			for _, entry := range s.Snapshot() {
				all[s.Name] = append(all[s.Name], fmt.Sprintf("%s: %s", entry.Key, entry.Value))
			}
		}
		return all
	}
	check := func(want map[string][]string) {
		t.Helper()
		if diff := cmp.Diff(want, keys()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	before := keys()
	if len(before) != 3 || len(before["Counters"]) != 2 || len(before["Cache"]) != 2 || len(before["Semantic cache"]) != 2 {
		t.Fatalf("kept is %v", before)
	}
	for _, s := range l.stores() {
		s.Reset(s.Snapshot()[0].ID)
	}
	check(map[string][]string{"Counters": before["Counters"][1:], "Cache": before["Cache"][1:], "Semantic cache": before["Semantic cache"][1:]})
	for _, s := range l.stores() {
		s.Reset("")
	}
	check(map[string][]string{})
}
