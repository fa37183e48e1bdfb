package dotnet

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A vector is a question that was asked of .NET, and its answer. See
// testdata/oracle/README.md.
type vector struct {
	Call string   `json:"call"`
	Args []string `json:"args"`
	// One of: the value's text, null, or an exception's type and message.
	Want    string `json:"want"`
	Null    bool   `json:"null"`
	Error   string `json:"error"`
	Message string `json:"message"`
}

// A call answers one kind of question with this package.
type call func(args []string) (any, error)

// calls holds those of all files calls_*_test.go.
var calls = map[string]call{}

func register(name string, c call) {
	if calls[name] != nil {
		panic("two calls named " + name)
	}
	calls[name] = c
}

// TestOracle asks this package what .NET was asked.
func TestOracle(t *testing.T) {
	files, err := filepath.Glob("testdata/oracle/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	asked := map[string]bool{}
	for _, file := range files {
		vectors := readVectors(t, file)
		for _, v := range vectors {
			asked[v.Call] = true
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
			for _, v := range vectors {
				v.check(t)
			}
		})
	}
	for name := range calls {
		if !asked[name] {
			t.Errorf("call %s: no vector asks it", name)
		}
	}
}

func readVectors(t testing.TB, file string) []vector {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var vectors []vector
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v in %s", file, err, lines.Text())
		}
		vectors = append(vectors, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return vectors
}

func (v *vector) check(t *testing.T) {
	t.Helper()
	c := calls[v.Call]
	if c == nil {
		t.Errorf("no call named %s", v.Call)
		return
	}
	got, err := c(v.Args)
	var exception *Exception
	switch {
	case err != nil && !errors.As(err, &exception):
		t.Errorf("%s %q: %v", v.Call, v.Args, err)
	case err != nil:
		if exception.Type != v.Error || exception.Message != v.Message {
			t.Errorf("%s %q\n got %s: %s\nwant %s", v.Call, v.Args, exception.Type, exception.Message, v.answer())
		}
	case v.Error != "" || v.Null != (got == nil) || ToString(got) != v.Want:
		t.Errorf("%s %q\n got %q\nwant %s", v.Call, v.Args, ToString(got), v.answer())
	}
}

func (v *vector) answer() string {
	switch {
	case v.Error != "":
		return v.Error + ": " + v.Message
	case v.Null:
		return "null"
	}
	return `"` + v.Want + `"`
}
