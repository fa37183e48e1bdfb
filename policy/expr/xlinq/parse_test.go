package xlinq

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// records reads a file of testdata: one JSON object a line.
func records[T any](t *testing.T, name string) []T {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []T
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r T
		if err := json.Unmarshal(surrogates(lines.Bytes()), &r); err != nil {
			t.Fatalf("%s: %v", lines.Bytes(), err)
		}
		all = append(all, r)
	}
	return all
}

var escapedSurrogates = regexp.MustCompile(`(?i)(\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\ud[89a-f][0-9a-f]{2}`)

// surrogates writes a lone surrogate as package dotnet does: encoding/json would
// replace it.
func surrogates(line []byte) []byte {
	return escapedSurrogates.ReplaceAllFunc(line, func(b []byte) []byte {
		if len(b) > 6 {
			return b
		}
		n, _ := strconv.ParseUint(string(b[2:]), 16, 16)
		return []byte(`\u0000` + string(rune(0xE000+n-0xD800)) + `\u0000`)
	})
}

var marked = regexp.MustCompile("\x00([\uE000-\uE7FF])\x00")

// unmarked undoes what surrogates did, after encoding/json has read it.
func unmarked(s string) string {
	return marked.ReplaceAllStringFunc(s, func(m string) string {
		return encode([]rune(m)[1] - 0xE000 + 0xD800)
	})
}

type parseRecord struct {
	XML                                    string
	Element, Document, Indented, Preserved *string
	Exception, Message                     string
	Refused                                bool // here, by design; .NET reads it
}

func TestParse(t *testing.T) {
	for _, r := range records[parseRecord](t, "parse.jsonl") {
		xml := unmarked(r.XML)
		if r.Refused {
			_, err := ParseDocument(xml, 0)
			if e, ok := err.(*dotnet.Exception); !ok || e.Type != "System.NotSupportedException" {
				t.Errorf("%q: got %v, want a NotSupportedException", xml, err)
			}
			continue
		}
		if r.Exception != "" {
			_, err := ParseDocument(xml, 0)
			e, ok := err.(*dotnet.Exception)
			if !ok || e.Type != r.Exception || visible(e.Message) != visible(unmarked(r.Message)) {
				t.Errorf("%q:\n got %v\nwant %s: %s", xml, err, r.Exception, r.Message)
			}
			continue
		}
		check := func(way string, n Node, err error, options SaveOptions, want *string) {
			t.Helper()
			got := ""
			if err == nil {
				got, err = Write(n, options, nil)
			}
			if err != nil || got != *want {
				t.Errorf("%s of %q:\n got %q, %v\nwant %q", way, xml, got, err, *want)
			}
		}
		e, err := ParseElement(xml, 0)
		check("element", e, err, DisableFormatting, r.Element)
		d, err := ParseDocument(xml, 0)
		check("document", d, err, DisableFormatting, r.Document)
		check("indented", d, err, 0, r.Indented)
		d, err = ParseDocument(xml, PreserveWhitespace)
		check("preserved", d, err, 0, r.Preserved)
	}
}

// visible is a message without lone surrogates: what recorded it replaced them.
func visible(message string) string {
	var b strings.Builder
	for i := 0; i < len(message); {
		r, size := decode(message[i:])
		if isSurrogate(r) {
			b.WriteRune('\uFFFD')
		} else {
			b.WriteString(message[i : i+size])
		}
		i += size
	}
	return b.String()
}
