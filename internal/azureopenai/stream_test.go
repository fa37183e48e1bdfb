package azureopenai

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

const streamBody = `{"stream":true,"messages":[{"role":"user","content":"one two three"}]}`

// writes records what of an answer goes out with each flush.
type writes struct {
	*httptest.ResponseRecorder
	flushed []string
	onFlush func() error
}

func (w *writes) FlushError() error {
	w.flushed = append(w.flushed, w.Body.String())
	w.Body.Reset()
	if w.onFlush != nil {
		return w.onFlush()
	}
	return nil
}

func streamTo(t *testing.T, ctx context.Context, w http.ResponseWriter) {
	s, _ := newTestServer(t, testConfig())
	r := httptest.NewRequestWithContext(ctx, "POST", chatURL, strings.NewReader(streamBody))
	r.Header.Set("Api-Key", testKey)
	s.ServeHTTP(w, r)
}

func TestEachChunkIsFlushed(t *testing.T) {
	w := &writes{ResponseRecorder: httptest.NewRecorder()}
	streamTo(t, t.Context(), w)
	if w.Body.Len() > 0 {
		t.Errorf("%q was not flushed", w.Body)
	}
	if got := w.Header().Values("Content-Length"); got != nil {
		t.Errorf("Content-Length %q, want none", got)
	}
	const want = 1 + 1 + 6 + 1 + 1 // first, role, six tokens, end, [DONE]
	if len(w.flushed) != want {
		t.Fatalf("got %d flushes, want %d: %q", len(w.flushed), want, w.flushed)
	}
	for _, event := range w.flushed {
		if !strings.HasPrefix(event, "data: ") || !strings.HasSuffix(event, "\n\n") || strings.Count(event, "\n") != 2 {
			t.Errorf("flushed %q, want one event", event)
		}
	}
	if last := w.flushed[want-1]; last != "data: [DONE]\n\n" {
		t.Errorf("the last event is %q", last)
	}
}

func TestAStreamEndsWithItsClient(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	for name, onFlush := range map[string]func() error{
		"connection cut":    func() error { return errors.New("broken pipe") },
		"request cancelled": func() error { cancel(); return nil },
	} {
		w := &writes{ResponseRecorder: httptest.NewRecorder(), onFlush: onFlush}
		streamTo(t, ctx, w)
		if len(w.flushed) != 1 || w.Body.Len() != 0 {
			t.Errorf("%s: got %d events, want no more than the first", name, len(w.flushed))
		}
	}
}

func TestChunksCanBeLeftAtAnyPlace(t *testing.T) {
	r := result{choices: 2, reply: reply{pieces: []string{"a", "b"}, finish: finishStop}, usage: newUsage(1, 2)}
	all := slices.Collect(events(r.chunks(true, true)))
	if len(all) != 1+2+4+2+1+1 {
		t.Fatalf("got %d events, want 11: %+v", len(all), all)
	}
	for n := range all {
		got := 0
		for range events(r.chunks(true, true)) {
			if got++; got == n+1 {
				break
			}
		}
		if got != n+1 {
			t.Errorf("left after %d events, got %d", n+1, got)
		}
	}
}
