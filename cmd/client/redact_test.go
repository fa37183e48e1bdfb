package main

import (
	"strings"
	"testing"
)

func TestRedactor(t *testing.T) {
	for _, test := range []struct {
		secrets []string
		in      []string // a write each
		want    []string // what each write, and Flush, lets through
	}{
		{nil, []string{"abc"}, []string{"abc", ""}},
		{[]string{"short"}, []string{"short"}, []string{"short", ""}},
		{[]string{"aabbccdd"}, []string{"x aabbccdd y"}, []string{"x [hidden] y", ""}},
		{[]string{"aabbccdd"}, []string{"x aab", "bccdd", " y"}, []string{"x ", "[hidden]", " y", ""}},
		{[]string{"aabbccdd"}, []string{"x aab", "x"}, []string{"x ", "aabx", ""}},
		{[]string{"aabbccdd"}, []string{"x aaa"}, []string{"x a", "aa"}},
		{[]string{"aabbccdd"}, []string{"aabbccd", "aabbccdd"}, []string{"", "aabbccd[hidden]", ""}},
		{[]string{"aabbccdd", "00aabbccdd11"}, []string{"00aabbccdd11 aabbccdd"}, []string{"[hidden] [hidden]", ""}},
	} {
		var b strings.Builder
		r := &redactor{w: &b, secrets: &secrets{}}
		for _, secret := range test.secrets {
			r.secrets.add(secret)
		}
		for i, want := range test.want {
			b.Reset()
			if i < len(test.in) {
				if n, err := r.Write([]byte(test.in[i])); n != len(test.in[i]) || err != nil {
					t.Errorf("%q: Write: %d, %v", test.in[i], n, err)
				}
			} else if err := r.Flush(); err != nil {
				t.Errorf("Flush: %v", err)
			}
			if b.String() != want {
				t.Errorf("secrets %q, writes %q: write %d let %q through, want %q", test.secrets, test.in, i, b.String(), want)
			}
		}
	}
}

func TestRedactorHidesASignatureAlone(t *testing.T) {
	var b strings.Builder
	r := &redactor{w: &b, secrets: &secrets{}}
	r.secrets.addToken("aaaa.bbbb.0123456789")
	if _, err := r.Write([]byte("aaaa.bbbb.0123456789, 0123456789.\n")); err != nil {
		t.Fatal(err)
	}
	if want := "[hidden], [hidden].\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
