package jsonschema

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	judge "github.com/santhosh-tekuri/jsonschema/v6"
)

// FuzzValidate holds what is judged against another library, which passes the suite. Where
// one of them refuses a schema or a text, only panics and bounds are looked for.
func FuzzValidate(f *testing.F) {
	files, err := zip.OpenReader("testdata/suite.zip")
	if err != nil {
		f.Fatal(err)
	}
	defer files.Close()
	for _, file := range files.File {
		if !strings.HasPrefix(file.Name, "tests/draft2020-12/") || strings.Contains(file.Name, "optional") {
			continue
		}
		r, err := file.Open()
		if err != nil {
			f.Fatal(err)
		}
		var groups []suiteGroup
		if err := json.NewDecoder(r).Decode(&groups); err != nil {
			f.Fatal(err)
		}
		for _, g := range groups {
			f.Add([]byte(g.Schema), string(g.Tests[0].Data))
		}
	}
	f.Fuzz(func(t *testing.T, schema []byte, text string) {
		root, err := Decode(schema)
		if err != nil {
			return
		}
		s, err := Compile(root, "", Options{})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has several lines: %q", err)
			}
			return
		}
		found, err := s.Validate(text)
		if err != nil || len(found) > MaxErrors || unlike(schema, text) {
			return
		}
		c := judge.NewCompiler()
		c.DefaultDraft(judge.Draft2020)
		c.UseLoader(noLoader{})
		if c.AddResource("schema:///", root) != nil {
			return
		}
		other, err := c.Compile("schema:///")
		if err != nil {
			return
		}
		value, err := judge.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			return // JSON.NET reads more
		}
		if err := other.Validate(value); (err == nil) != (len(found) == 0) {
			t.Errorf("%s\n%s\nwe found %v, the other %v", schema, text, found, err)
		}
	})
}

// unlike tells what the other library reads in another way, and rightly so.
func unlike(schema []byte, text string) bool {
	for _, word := range []string{
		"$schema", "\"pattern", "$vocabulary", "$recursive", // drafts; Go's regular expressions are not .NET's
		"additionalItems", "dependencies", "required\":t", "required\": t", "\"contentEncoding", // of other drafts
		`\u`, "$dynamicAnchor", "$id", "$anchor", "multipleOf",
	} {
		if bytes.Contains(schema, []byte(word)) {
			return true
		}
	}
	return strings.ContainsAny(text, "eE\\.") || len(text) > 1000 // doubles, and texts that are no Unicode
}

type noLoader struct{}

func (noLoader) Load(string) (any, error) { return nil, errors.New("no") }
