package main

import (
	"strings"
	"testing"
)

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		" a\r\n\tb\x1b[1m\x07 c\u0085 ": "a b [1m c",
		"a\xffb":                        "a b",
		strings.Repeat("é", 300):        strings.Repeat("é", 200) + " ...",
	} {
		if got := oneLine(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestFirstSentence(t *testing.T) {
	for in, want := range map[string]string{
		"AADSTS90002: Tenant 'x.example' not found. Check it. Trace ID: 1": "AADSTS90002: Tenant 'x.example' not found.",
		"AADSTS70016: Pending\r\nTrace ID: 1":                              "AADSTS70016: Pending.",
		"AADSTS1: No stop Trace ID: 1":                                     "AADSTS1: No stop.",
		"AADB2C90006: One sentence.":                                       "AADB2C90006: One sentence.",
	} {
		if got := firstSentence(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
