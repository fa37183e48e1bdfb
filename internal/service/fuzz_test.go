package service_test

import (
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/statements"
)

// Whatever the file holds, loading ends, without a panic, with a service or with
// an error whose every line says where it stands.
func FuzzParse(f *testing.F) {
	for _, folder := range []string{"good", "malformed"} {
		all := samples(f, folder)
		for _, name := range sortedKeys(all) {
			f.Add(all[name].section(apimYAML))
		}
	}
	o := service.Options{
		Catalogue: statements.Catalogue(),
		Key:       func(subscription, slot string) string { return subscription + "/" + slot },
		ReadFile: func(name string) ([]byte, error) {
			if strings.HasSuffix(name, "fragment.xml") {
				return []byte("<fragment />"), nil
			}
			return []byte(onePolicy), nil
		},
	}
	f.Fuzz(func(t *testing.T, data string) {
		s, err := service.Parse("apim.yaml", []byte(data), o)
		if err != nil {
			checkLines(t, data, err)
			return
		}
		if len(s.APIs) == 0 || s.Global == nil {
			t.Errorf("%q loads as a service with %d APIs and the global policy %v", data, len(s.APIs), s.Global)
		}
		checkLines(t, data, decodeParties(s))
	})
}

func checkLines(t *testing.T, data string, err error) {
	if err == nil {
		return
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if !faultLine.MatchString(line) && !strings.HasPrefix(line, "(") {
			t.Errorf("%q\nthis line of the error does not begin with file:line:col: %q", data, line)
		}
	}
}
