package main

import (
	"testing"
)

func TestFirstForm(t *testing.T) {
	at := mustParse(t, "https://localhost:8444/t/authorize?state=s")
	for name, test := range map[string]struct{ page, want string }{
		"form_post page": {`<!DOCTYPE html><html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="http://localhost:4711">
			<input type="hidden" name="code" value="a&amp;b" /><input type="hidden" name="state" value="s" /><noscript><p>Go on.</p><input type="submit" value="Continue" /></noscript></form>
			<script>document.forms[0].submit()</script></body></html>`, "POST http://localhost:4711 code=a%26b&state=s"},
		"a form for each user": {`<form method=post action=pick><input type=hidden name=u value=1><button>Alice</button></form><form method=post action=pick><input type=hidden name=u value=2></form>`,
			"POST https://localhost:8444/t/pick u=1"},
		"a button for each user": {`<form method=post><button name=u value=1>Alice</button><button name=u value=2>Bob</button><input type=submit name=u value=3></form>`,
			"POST https://localhost:8444/t/authorize?state=s u=1"},
		"what is not sent": {`<form method=post action=/x><input type=checkbox name=a value=1><button type=button name=b value=1></button><input name=c value=2><input type=submit name=d value=3><input value=4></form>`,
			"POST https://localhost:8444/x c=2&d=3"},
		"GET":                  {`<form action="/x?old=1"><input name=a value=1></form>`, "GET https://localhost:8444/x?a=1 "},
		"no form":              {`<p>hello</p>`, ""},
		"comment":              {`<!-- <form></form> -->`, ""},
		"address that is none": {`<form action=":"></form>`, ""},
	} {
		got := ""
		if f, found := firstForm(at, []byte(test.page)); found {
			request, err := f.request(t.Context())
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			got = request.Method + " " + request.URL.String() + " "
			if request.Method == "POST" {
				got += f.fields.Encode()
			}
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
