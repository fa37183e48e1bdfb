package newtonsoft

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// answer is a line of a file in testdata.
type answer struct {
	Call, Text, Path   string
	Strict             bool
	Want               *string
	Exception, Message string
}

func answers(t testing.TB, file string) []answer {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []answer
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var a answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		all = append(all, a)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// check compares a result with the recorded answer.
func (a answer) check(t *testing.T, question, got string, err error) {
	t.Helper()
	var e *dotnet.Exception
	switch {
	case err == nil && a.Want == nil:
		t.Errorf("%s\n got %q\nwant %s: %s", question, got, a.Exception, a.Message)
	case err == nil && got != *a.Want:
		t.Errorf("%s\n got %q\nwant %q", question, got, *a.Want)
	case err != nil && !errors.As(err, &e):
		t.Errorf("%s: error %v is no exception", question, err)
	case err != nil && a.Want != nil:
		t.Errorf("%s\n got %s: %s\nwant %q", question, e.Type, e.Message, *a.Want)
	case err != nil && (e.Type != a.Exception || dotnet.Valid(e.Message) != a.Message):
		t.Errorf("%s\n got %s: %s\nwant %s: %s", question, e.Type, e.Message, a.Exception, a.Message)
	}
}

func TestReadingAndWritingAsNewtonsoft(t *testing.T) {
	for _, a := range answers(t, "tokens.jsonl") {
		var got Token
		var err error
		switch a.Call {
		case "JObject.Parse":
			var o *Object
			if o, err = ParseObject(a.Text, ParseOptions{}); err == nil {
				got = o
			}
		case "JArray.Parse":
			var array *Array
			if array, err = ParseArray(a.Text, ParseOptions{}); err == nil {
				got = array
			}
		default:
			got, err = Parse(a.Text, ParseOptions{})
		}
		text := ""
		if err == nil {
			switch a.Call {
			case "ToString":
				text = Text(got)
			case "Indented":
				text = Write(got, Indented)
			default:
				text = Write(got, Compact)
			}
		}
		a.check(t, a.Call+" of "+Quote(a.Text), text, err)
	}
}

func TestPathsAsNewtonsoft(t *testing.T) {
	source, err := os.ReadFile("testdata/store.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := Parse(string(source), ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers(t, "paths.jsonl") {
		found, err := SelectTokens(document, a.Path, a.Strict)
		array := NewArray()
		for _, f := range found {
			if err == nil {
				err = array.Add(f)
			}
		}
		question := "path " + Quote(a.Path)
		if a.Strict {
			question += ", strict"
		}
		a.check(t, question, Write(array, Compact), err)
	}
}
