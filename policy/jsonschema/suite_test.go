package jsonschema

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/suite-left.txt")

// suiteDrafts are the folders of JSON-Schema-Test-Suite.
var suiteDrafts = []struct {
	folder string
	draft  draft
}{{"draft4", draft4}, {"draft6", draft6}, {"draft7", draft7}, {"draft2019-09", draft2019}, {"draft2020-12", draft2020}}

// suiteGroup is a schema of the suite with values that are held against it.
type suiteGroup struct {
	Description string
	Schema      json.RawMessage
	Tests       []struct {
		Description string
		Data        json.RawMessage
		Valid       bool
	}
}

// TestSuite runs the official suite. What is judged otherwise, and why, is in
// testdata/suite-left.txt, all of it.
func TestSuite(t *testing.T) {
	files, err := zip.OpenReader("testdata/suite.zip")
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	remotes := make(map[string]any)
	for _, f := range files.File {
		if name, ok := strings.CutPrefix(f.Name, "remotes/"); ok {
			remotes["http://localhost:1234/"+name] = decoded(t, contents(t, f))
		}
	}
	var left []string
	judged := 0
	for _, f := range files.File {
		for _, d := range suiteDrafts {
			name, ok := strings.CutPrefix(f.Name, "tests/"+d.folder+"/")
			if !ok {
				continue
			}
			var groups []suiteGroup
			if err := json.Unmarshal(contents(t, f), &groups); err != nil {
				t.Fatal(err)
			}
			o := Options{Load: func(url string) (any, error) {
				root, ok := remotes[url]
				if !ok {
					return nil, errors.New("there is no " + url)
				}
				return root, nil
			}}
			o.Formats = strings.HasPrefix(name, "optional/format/")
			for _, g := range groups {
				judged += len(g.Tests)
				for _, told := range g.run(t, o, d.draft) {
					left = append(left, fmt.Sprintf("%s/%s: %s: %s\n", d.folder, name, g.Description, told))
				}
			}
		}
	}
	if judged < 5000 {
		t.Errorf("the suite has only %d tests", judged)
	}
	slices.Sort(left)
	got := strings.Join(left, "")
	const golden = "testdata/suite-left.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has other lines than\n%s", golden, got)
	}
}

// run gives the tests that are judged otherwise.
func (g *suiteGroup) run(t *testing.T, o Options, d draft) (otherwise []string) {
	s, err := compile(decoded(t, g.Schema), "", o, d)
	if err != nil {
		return []string{"is refused: " + err.Error()}
	}
	for _, c := range g.Tests {
		found, err := s.Validate(string(c.Data))
		if err != nil {
			t.Errorf("%s, %s: %v", g.Description, c.Description, err)
		}
		if (len(found) == 0) != c.Valid {
			otherwise = append(otherwise, c.Description)
		}
	}
	return otherwise
}

func contents(t *testing.T, f *zip.File) []byte {
	r, err := f.Open()
	if err != nil {
		t.Fatal(path.Base(f.Name), err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(path.Base(f.Name), err)
	}
	return data
}

// decoded is JSON as Compile wants it.
func decoded(t testing.TB, text []byte) any {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}
