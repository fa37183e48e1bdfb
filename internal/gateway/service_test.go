package gateway_test

import (
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/testrun"
)

// TestServices runs the tests of whole services in testdata: routing, versions, keys,
// scopes and refusals.
func TestServices(t *testing.T) {
	s, err := testrun.Find([]string{"testdata"})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	p := &testrun.Printer{W: &out, Command: "gateway test"}
	if err := s.Run(testrun.Options{}, p.File); err != nil {
		t.Fatal(err)
	}
	if p.Failed() || p.Unusable() {
		t.Error(out.String())
	}
	if p.Ran() < 200 {
		t.Errorf("only %d tests ran", p.Ran())
	}
}
