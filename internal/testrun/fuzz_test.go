package testrun

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var faultLine = regexp.MustCompile(`^f\.test\.yaml:\d+:\d+: error: .`)

// Whatever a file holds, reading it ends, without a panic, with tests or with an error
// whose every line says where it stands.
func FuzzRead(f *testing.F) {
	for _, folder := range []string{"pass", "fail", "bad"} {
		paths, err := filepath.Glob(filepath.Join("testdata", folder, "*"+suffix))
		if err != nil || len(paths) == 0 {
			f.Fatalf("there are no samples: %v", err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(data))
		}
	}
	f.Fuzz(func(t *testing.T, data string) {
		file, err := Read("f"+suffix, []byte(data))
		if err == nil {
			if len(file.Tests) == 0 {
				t.Errorf("%q is read as no tests", data)
			}
			return
		}
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if !faultLine.MatchString(line) && !strings.HasPrefix(line, "(") {
				t.Errorf("%q\nthis line of the error does not begin with file:line:col: %q", data, line)
			}
		}
	})
}
