package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestDotenv(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"A=b", "1 A=b"},
		{"\ufeffA=b\r\nC=d\r\n", "1 A=b|2 C=d"},
		{"# c\n\n  export\tA = b c # d\n", "3 A=b c"},
		{"A=", "1 A="},
		{"A=# c", "1 A="},
		{"A=b#c", "1 A=b#c"},
		{"A=x=y==", "1 A=x=y=="},
		{"A=$B ${C}", "1 A=$B ${C}"},
		{`A='b "c" \n # d' # e`, `1 A=b "c" \n # d`},
		{`A="b 'c' # \"d\" \\ \$e \w"#f`, `1 A=b 'c' # "d" \ $e \w`},
		{`A="b\nc\td"`, "1 A=b\nc\td"},
		{"A=it's", "1 A=it's"},
		{"export=x", "1 export=x"},
		{"exported=x", "1 exported=x"},
		{"A=1\nA=2", "1 A=1|2 A=2"},
		{"", ""},
	} {
		all, err := parseDotenv(".env", []byte(test.in))
		var got []string
		for _, v := range all {
			got = append(got, fmt.Sprintf("%d %s=%s", v.line, v.name, v.value))
		}
		if strings.Join(got, "|") != test.want || err != nil {
			t.Errorf("%q: got %q, %v, want %q", test.in, got, err, test.want)
		}
	}
}

func TestMalformedDotenv(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"A=b\nhunter2", ".env:2: no =: write NAME=value"},
		{"export", ".env:1: no ="},
		{"2A=hunter2", ".env:1: what stands before = is not a name"},
		{"A B=hunter2", ".env:1: what stands before = is not a name"},
		{"=hunter2", ".env:1: what stands before = is not a name"},
		{"A='hunter2", ".env:1: the quote ' is not closed on its line"},
		{`A="hunter2\"`, `.env:1: the quote " is not closed on its line`},
		{"A=\"hunter2\nB=\"", `.env:1: the quote " is not closed`},
		{"A='b' hunter2", ".env:1: text after the closing quote"},
		{"A=\xff", ".env: not text in UTF-8"},
		{"\xff\xfeA\x00=\x00", ".env: not text in UTF-8"},
		{"A=\x00", ".env: not text in UTF-8"},
	} {
		all, err := parseDotenv(".env", []byte(test.in))
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v, %v, want the error %q, without the line", test.in, all, err, test.want)
		}
	}
}

func FuzzDotenv(f *testing.F) {
	f.Fuzz(func(t *testing.T, in []byte) {
		all, err := parseDotenv(".env", in)
		if err != nil {
			if text := err.Error(); strings.ContainsAny(text, "\r\n") || !strings.HasPrefix(text, ".env:") {
				t.Errorf("%q: the error is not one line with its place: %q", in, text)
			}
			return
		}
		// What was read can be written and read again.
		var b strings.Builder
		quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "\n", `\n`, "\r", `\r`)
		for _, v := range all {
			if !isName(v.name) {
				t.Errorf("%q: %q is not a name", in, v.name)
			}
			fmt.Fprintf(&b, "%s=\"%s\"\n", v.name, quote.Replace(v.value))
		}
		again, err := parseDotenv(".env", []byte(b.String()))
		same := func(v, w variable) bool { return v.name == w.name && v.value == w.value }
		if err != nil || !slices.EqualFunc(all, again, same) {
			t.Errorf("%q: got %v, then of %q %v, %v", in, all, b.String(), again, err)
		}
	})
}
