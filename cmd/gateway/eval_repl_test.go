package main

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/evaluate"
)

// typed is what a person types, as a terminal in raw mode hands it on: a byte at a
// time.
type typed struct{ *strings.Reader }

func (k typed) Read(b []byte) (int, error) { return k.Reader.Read(b[:min(len(b), 1)]) }

// escapes are what a terminal understands as movements of its cursor.
var escapes = regexp.MustCompile("\x1b\\[[0-9;]*[A-Za-z]")

// converse types keys and gives what the terminal then shows.
func converse(t *testing.T, s *evalSession, keys string) string {
	t.Helper()
	var screen bytes.Buffer
	s.subject, s.options = evaluate.NewSubject(), evaluate.Options{Place: true}
	s.p = &program{stdout: io.Discard, stderr: io.Discard}
	if err := newConsole(typed{strings.NewReader(keys)}, &screen).run(context.Background(), s); err != nil {
		t.Errorf("%q: %v", keys, err)
	}
	shown := escapes.ReplaceAllString(screen.String(), "")
	return strings.ReplaceAll(shown, "\r\n", "\n")
}

func TestConversation(t *testing.T) {
	for _, c := range []struct {
		name, keys string
		want       []string
	}{
		{"a value", "1 + 1\r", []string{"> 1 + 1\ntype   System.Int32\nvalue  2\n> "}},
		{"a mistake", "1 + x\r", []string{"expression:1:5: CS0103: The name 'x' does not exist in the current context\n    1 + x\n        ^\n> "}},
		{"an exception", "@(int.Parse(\"a\"))\r", []string{"expression:1:3: System.FormatException: "}},
		{"several lines", "@{\rvar s = @\"a\r)\";\rreturn s.Length;\r}\r", []string{"> @{\n. var s = @\"a\n. )\";\n. return s.Length;\n. }\ntype   System.Int32\nvalue  3\n> "}},
		{"an empty line", "\r\r1\r", []string{"> \n> \n> 1\n"}},
		{"history", "1 + 1\r\x1b[A * 3\r", []string{"value  2\n", "> 1 + 1 * 3\n", "value  4\n"}},
		{"giving up", "@{ (\r\x031\r", []string{". \n> 1\ntype   System.Int32\nvalue  1\n"}},
		{"giving up one line", "abc\x032\r", []string{"> abc\n> 2\ntype   System.Int32\nvalue  2\n"}},
		{"a type", ":type context.Variables[\"n\"]\r:type 1L\r:type (1 +\r2)\r", []string{"\nSystem.Object\n", "\nSystem.Int64\n", ". 2)\nSystem.Int32\n"}},
		{"a type of nothing", ":type x\r", []string{"expression:1:1: CS0103: "}},
		{"variables", ":vars\r:var n=3\r:var l=@(new[] {1, 2})\r:var o={\"a\":1}\r:vars\r(int)context.Variables[\"n\"] + 1\r", []string{
			"There is none; :var NAME=VALUE sets one.\n",
			"> :vars\nn (System.Int32) 3\nl (System.Int32[]) [1,2]\no (Newtonsoft.Json.Linq.JObject) { \"a\": 1 }\n",
			"value  4\n",
		}},
		{"wrong variables", ":var n\r:var n=@(x)\r", []string{`"n" sets no variable: it is NAME=VALUE`, "variable n:1:3: CS0103: "}},
		{"help", ":help\r", []string{":type EXPRESSION", ":quit"}},
		{"an unknown command", ":nonsense 1\r:type\r", []string{"There is no :nonsense 1; :help", "There is no :type; :help"}},
		{"leaving", "1\r:quit\r2\r", []string{"value  1\n> :quit\n"}},
		{"the end", "1\r\x04", []string{"value  1\n> \n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			shown := converse(t, &evalSession{}, c.keys)
			rest := shown
			for _, want := range c.want {
				at := strings.Index(rest, want)
				if at < 0 {
					t.Fatalf("%q shows\n%s\nwant, in this order, %q", c.keys, shown, c.want)
				}
				rest = rest[at+len(want):]
			}
			if c.name == "leaving" && strings.Contains(shown, "value  2") {
				t.Errorf("it goes on after :quit:\n%s", shown)
			}
		})
	}
}
