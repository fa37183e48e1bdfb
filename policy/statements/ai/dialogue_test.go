package ai

import (
	"fmt"
	"testing"
)

func TestReadDialogue(t *testing.T) {
	for body, want := range map[string]string{
		`{"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":null}]}`: `[{system s} {user u}] u`,
		`{"stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url"},"b"]}]}`:     "[{user a\nb}] a\nb",
		`{"system":[{"type":"text","text":"s"}],"messages":[{"role":"user","content":"u"}]}`:                               `[{system s} {user u}] u`,
		`{"prompt":["a","b"]}`:   "[{ a\nb}] a\nb",
		`{"prompt":[[1,2],[3]]}`: "",
		`{"input":"a"}`:          `[{user a}] a`,
		`{"input":["a","b"]}`:    "[{user a\nb}] a\nb",
		`{"instructions":"i","input":[{"role":"developer","content":"d"},{"role":"user","content":[{"type":"input_text","text":"u"}]}]}`: `[{system i} {developer d} {user u}] u`,
		`{}`: "", `[]`: "", `null`: "", `"a"`: "", `{"messages":7}`: "", `{`: "",
	} {
		got := ""
		if d := readDialogue([]byte(body)); d != nil {
			got = fmt.Sprint(d.utterances, " ", d.text(true))
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

func FuzzReadDialogue(f *testing.F) {
	for _, body := range []string{`{"messages":[{"role":"user","content":[{"text":"a"},"b",[1],null]}]}`, `{"prompt":[[1]],"input":[{"role":"a"}],"system":{}}`, `null`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if d := readDialogue(body); d != nil && (len(d.utterances) == 0 || d.text(false) == "" || d.count(true) > d.count(false)) {
			t.Errorf("%q: %+v", body, d)
		}
	})
}
