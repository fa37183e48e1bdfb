package management_test

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// The clock goes forward only, and not so far that times overflow.
func TestClock(t *testing.T) {
	l := newLab(t)
	steps := []struct {
		body string
		want int
		text string // of a refusal
		now  time.Duration
	}{
		{`{"by": "5m"}`, 200, "", 5 * time.Minute},
		{`{"by": "0s"}`, 200, "", 5 * time.Minute},
		{`{"by": "1h30m"}`, 200, "", 95 * time.Minute},
		{`{"by": "-1s"}`, 400, `"by" is a duration that is not negative, such as "5m", not "-1s"`, 95 * time.Minute},
		{`{"by": ""}`, 400, `"by" is a duration that is not negative, such as "5m", not ""`, 95 * time.Minute},
		{`{"by": "soon"}`, 400, `"by" is a duration that is not negative, such as "5m", not "soon"`, 95 * time.Minute},
		{`{"by": "5"}`, 400, `"by" is a duration that is not negative, such as "5m", not "5"`, 95 * time.Minute},
		{`{}`, 400, `"by" is a duration that is not negative, such as "5m", not ""`, 95 * time.Minute},
		{`null`, 400, `"by" is a duration that is not negative, such as "5m", not ""`, 95 * time.Minute},
		{`{"by": 300}`, 400, "the request's JSON can't be read: json: cannot unmarshal number into Go struct field .by of type string", 95 * time.Minute},
		{`{"for": "5m"}`, 400, `the request's JSON can't be read: json: unknown field "for"`, 95 * time.Minute},
		{`{"by": "5m"} {"by": "5m"}`, 400, "the request's JSON is followed by something else", 95 * time.Minute},
		{`{"by": "5m"`, 400, "the request's JSON can't be read: unexpected EOF", 95 * time.Minute},
		{``, 400, "the request's JSON can't be read: EOF", 95 * time.Minute},
		{`by=5m`, 400, "the request's JSON can't be read: invalid character 'b' looking for beginning of value", 95 * time.Minute},
		{`{"by": "` + strings.Repeat("0", 1<<20) + `5m"}`, 413, "the request's JSON can't be read: http: request body too large", 95 * time.Minute},
		{`{"by": "2562047h"}`, 400, "the clock can be moved a hundred years at most", 95 * time.Minute},
		{`{"by": "876000h"}`, 400, "the clock can be moved a hundred years at most", 95 * time.Minute},
		{`{"by": "99999999h"}`, 400, `"by" is a duration that is not negative, such as "5m", not "99999999h"`, 95 * time.Minute},
	}
	for _, step := range steps {
		shown := step.body[:min(len(step.body), 60)]
		w := l.ask(question{method: "POST", path: "/clock/advance", body: step.body})
		if w.Code != step.want {
			t.Errorf("%s: %d %s; want %d", shown, w.Code, w.Body, step.want)
		}
		if step.text != "" && refusal(t, w) != step.text {
			t.Errorf("%s\n got %s\nwant %s", shown, refusal(t, w), step.text)
		}
		if got := l.clock.Now(); !got.Equal(noon.Add(step.now)) {
			t.Errorf("%s: the clock shows %v; want %v", shown, got, noon.Add(step.now))
		}
	}
	const want = "{\n  \"now\": \"2030-01-01T13:35:00Z\",\n  \"offset\": \"1h35m0s\"\n}\n"
	if got := l.ask(question{path: "/clock"}).Body.String(); got != want {
		t.Errorf("/clock: %s; want %s", got, want)
	}
}

// The most that can be moved is a hundred years in all, in however many steps.
func TestClockDoesNotOverflow(t *testing.T) {
	l := newLab(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 30 {
				l.ask(question{method: "POST", path: "/clock/advance", body: `{"by": "87600h"}`})
			}
		})
	}
	group.Wait()
	if now := l.clock.Now(); now.Before(noon.AddDate(99, 0, 0)) || now.After(noon.AddDate(140, 0, 0)) {
		t.Errorf("the clock shows %v after many steps of ten years; want about a hundred years", now)
	}
}
