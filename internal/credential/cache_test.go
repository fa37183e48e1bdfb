package credential

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
)

func TestRefreshAfter(t *testing.T) {
	for _, test := range []struct{ life, want time.Duration }{
		{24 * time.Hour, 12 * time.Hour},
		{2*time.Hour + 2*time.Second, time.Hour + time.Second},
		{2 * time.Hour, 115 * time.Minute},
		{time.Hour, 55 * time.Minute},
		{10 * time.Minute, 5 * time.Minute},
		{6 * time.Minute, 3 * time.Minute},
		{2 * time.Second, time.Second},
	} {
		if got := refreshAfter(test.life); got != test.want {
			t.Errorf("refreshAfter(%v) = %v; want %v", test.life, got, test.want)
		}
	}
}

// From half of its life on, a token goes on being used while the next is fetched.
func TestRefreshInTheBackground(t *testing.T) {
	l := newLab(t)
	s := l.source(Config{})
	first := token(t, s, openAI, "")
	l.clock.Advance(12*time.Hour - time.Second)
	if got := token(t, s, openAI, ""); got != first || l.count() != 1 {
		t.Fatalf("before half of its life: %q after %d requests; want %q after 1", got, l.count(), first)
	}
	l.clock.Advance(time.Second)
	release := make(chan struct{})
	l.replyWith(func(w http.ResponseWriter, r *http.Request) {
		<-release
		l.grant(w, r)
	})
	for range 3 {
		if got := token(t, s, openAI, ""); got != first {
			t.Errorf("while another one is fetched: %q; want %q", got, first)
		}
	}
	close(release)
	s.running.Wait()
	if got := token(t, s, openAI, ""); got == first || l.count() != 2 {
		t.Errorf("afterwards: %q after %d requests; want another one, after 2", got, l.count())
	}
}

func TestRefreshThatFails(t *testing.T) {
	l := newLab(t)
	s := l.source(Config{})
	first := token(t, s, openAI, "")
	l.clock.Advance(13 * time.Hour)
	l.reply(500, "")
	for _, step := range []struct {
		advance  time.Duration
		requests int
	}{
		{0, 2}, {0, 2}, {29 * time.Second, 2}, {time.Second, 3}, {time.Second, 3},
	} {
		l.clock.Advance(step.advance)
		if got := token(t, s, openAI, ""); got != first {
			t.Errorf("with the endpoint down: %q; want %q", got, first)
		}
		s.running.Wait()
		if n := l.count(); n != step.requests {
			t.Errorf("%v after the first failure: %d requests; want %d", l.clock.Now().Sub(noon.Add(13*time.Hour)), n, step.requests)
		}
	}
	l.clock.Advance(11 * time.Hour)
	if err := failure(t, s, openAI, ""); !strings.Contains(err.Error(), "answered 500") {
		t.Errorf("with the endpoint down and the token expired: %v; want the endpoint's answer", err)
	}
	l.replyWith(nil)
	if got := token(t, s, openAI, ""); got == first {
		t.Errorf("the expired token %q was handed out", got)
	}
}

// The moment it expires, a token is not handed out; the request waits for the next.
func TestExpiredIsNotHandedOut(t *testing.T) {
	l := newLab(t)
	l.life = 30 * time.Second
	s := l.source(Config{})
	first := token(t, s, openAI, "")
	l.clock.Advance(30 * time.Second)
	if got := token(t, s, openAI, ""); got == first || l.count() != 2 {
		t.Errorf("got %q after %d requests; want another token, after 2", got, l.count())
	}
}

func TestUnusableTokens(t *testing.T) {
	expires := fmt.Sprint(noon.Add(time.Hour).Unix())
	tests := []struct{ name, body, want string }{
		{"none", `{"expires_on":"` + expires + `"}`, "without an access token"},
		{"expired", `{"access_token":"s3cret","expires_on":"` + fmt.Sprint(noon.Unix()) + `"}`,
			"the access token expired at 2120-01-01T12:00:00Z, and the gateway's clock shows 2120-01-01T12:00:00Z; set the clocks alike"},
		{"two lines", `{"access_token":"s3cret\r\nHost: evil","expires_on":"` + expires + `"}`, "cannot stand in a header"},
		{"a blank", `{"access_token":"s3cret s3cret","expires_on":"` + expires + `"}`, "cannot stand in a header"},
		{"too long", `{"access_token":"` + strings.Repeat("s3cret", maxToken/6+1) + `","expires_on":"` + expires + `"}`, "has 32772 bytes"},
		{"an error with status 200", `{"access_token":"s3cret","expires_on":"` + expires + `","error":"invalid_request","error_description":"no"}`,
			"answered 200 invalid_request: no;"},
		{"not JSON", `s3cret`, "169.254.169.254 did not answer in JSON as a token endpoint does"},
		{"not an object", `[]`, "169.254.169.254 did not answer in JSON as a token endpoint does"},
		{"no expiry", `{"access_token":"s3cret"}`, "expires_on"},
		{"too large", strings.Repeat(" ", maxAnswer+1), "larger than 1048576 bytes"},
	}
	for _, environment := range environments[:2] { // through MSAL and without it
		for _, test := range tests {
			t.Run(environment.name+"/"+test.name, func(t *testing.T) {
				l := newLab(t)
				for name, value := range environment.variables {
					t.Setenv(name, value)
				}
				l.reply(200, test.body)
				err := failure(t, l.source(Config{}), openAI, "")
				if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cret") {
					t.Errorf("error %q; want one with %q, without the token", err, test.want)
				}
			})
		}
	}
}

// Many requests at once make one fetch, and each gets its token.
func TestOneFetchUnderWay(t *testing.T) {
	const requests = 50
	l := newLab(t)
	release := make(chan struct{})
	l.replyWith(func(w http.ResponseWriter, r *http.Request) {
		<-release
		l.grant(w, r)
	})
	s := l.source(Config{})
	tokens := make([]policy.Token, requests)
	errs := make([]error, requests)
	var waiting, done sync.WaitGroup
	for i := range requests {
		waiting.Add(1)
		done.Go(func() {
			waiting.Done()
			tokens[i], errs[i] = s.Token(context.Background(), openAI, "")
		})
	}
	waiting.Wait()
	close(release)
	done.Wait()
	for i := range requests {
		if errs[i] != nil || tokens[i] != tokens[0] {
			t.Errorf("request %d got %q, %v; want %q", i, tokens[i].Value, errs[i], tokens[0].Value)
		}
	}
	if n := l.count(); n != 1 {
		t.Errorf("%d fetches for %d requests; want 1", n, requests)
	}
}

// A request that found no token, and comes to fetch one when another has done so,
// takes that.
func TestFetchedInTheMeantime(t *testing.T) {
	l := newLab(t)
	s := l.source(Config{})
	want := token(t, s, openAI, "")
	f := s.join(t.Context(), identity{openAI, ""})
	<-f.done
	if f.err != nil || f.token.Value != want || l.count() != 1 {
		t.Errorf("%q, %v after %d fetches; want %q after 1", f.token.Value, f.err, l.count(), want)
	}
}

// Each resource and each identity has a token of its own, spelled as asked for.
func TestKeys(t *testing.T) {
	l := newLab(t)
	s := l.source(Config{})
	seen := map[string]bool{}
	for _, id := range []identity{{"https://x", ""}, {"https://x/", ""}, {"https://X", ""}, {"https://x", "a"}, {"https://x", "b"}} {
		value := token(t, s, id.resource, id.clientID)
		if seen[value] || token(t, s, id.resource, id.clientID) != value {
			t.Errorf("Token(%q, %q) = %q; want a token of its own, kept", id.resource, id.clientID, value)
		}
		seen[value] = true
	}
	if n := l.count(); n != len(seen) {
		t.Errorf("%d fetches; want %d", n, len(seen))
	}
}

// A request that is cancelled gets its cause; the others' fetch goes on.
func TestCancelledRequest(t *testing.T) {
	l := newLab(t)
	release, asked := make(chan struct{}), make(chan struct{})
	l.replyWith(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-release
		l.grant(w, r)
	})
	s := l.source(Config{})
	gone := errors.New("the client is gone")
	ctx, cancel := context.WithCancelCause(context.Background())
	first := make(chan error)
	go func() {
		_, err := s.Token(ctx, openAI, "")
		first <- err
	}()
	<-asked
	cancel(gone)
	if err := <-first; err != gone {
		t.Errorf("the cancelled request got %v; want %v", err, gone)
	}
	close(release)
	token(t, s, openAI, "")
	if n := l.count(); n != 1 {
		t.Errorf("%d fetches; want 1, which the cancelled request began", n)
	}
}

func TestNoAnswerInTime(t *testing.T) {
	l := newLab(t)
	asked := make(chan struct{})
	l.replyWith(func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	})
	s := l.source(Config{})
	result := make(chan error)
	go func() {
		_, err := s.Token(context.Background(), openAI, "")
		result <- err
	}()
	<-asked
	l.clock.Advance(time.Minute)
	if err := <-result; !strings.Contains(err.Error(), "there was no answer within 1m0s") {
		t.Errorf("error %q; want one about a minute without an answer", err)
	}
}

// Real endpoints are left alone for a second after a failure, the emulated one not.
func TestFailuresAreKeptShortly(t *testing.T) {
	for _, test := range []struct {
		mode     Mode
		requests int
	}{{FromEmulated, 3}, {FromEnvironment, 1}} {
		l := newLab(t)
		l.reply(400, `{"error":"invalid_request"}`)
		s := l.source(Config{Mode: test.mode})
		first := failure(t, s, openAI, "")
		l.clock.Advance(time.Second - time.Nanosecond)
		for range 2 {
			if err := failure(t, s, openAI, ""); err.Error() != first.Error() {
				t.Errorf("%s: %v; want %v", test.mode, err, first)
			}
		}
		if n := l.count(); n != test.requests {
			t.Errorf("%s: %d requests within a second; want %d", test.mode, n, test.requests)
		}
		l.replyWith(nil)
		l.clock.Advance(time.Nanosecond)
		token(t, s, openAI, "")
	}
}

func TestCacheIsBounded(t *testing.T) {
	l := newLab(t)
	l.life = time.Hour
	s := l.source(Config{})
	resource := func(i int) string { return fmt.Sprintf("https://r%d", i) }
	for i := range maxIdentities {
		token(t, s, resource(i), "")
		l.clock.Advance(time.Second)
	}
	token(t, s, resource(maxIdentities), "")
	if n := len(*s.entries.Load()); n != maxIdentities {
		t.Errorf("the cache holds %d; want %d", n, maxIdentities)
	}
	before := l.count()
	token(t, s, resource(1), "")
	if l.count() != before {
		t.Errorf("%s was fetched again; want it kept", resource(1))
	}
	token(t, s, resource(0), "")
	if l.count() != before+1 {
		t.Errorf("%s was not fetched again; want it dropped, for its token expires first", resource(0))
	}
}

// The cache has room for no more fetches than it holds tokens.
func TestFetchesAreBounded(t *testing.T) {
	l := newLab(t)
	s := l.source(Config{})
	s.fetch = func(ctx context.Context, _ identity) (grant, error) {
		<-ctx.Done()
		return grant{}, ctx.Err()
	}
	for i := range maxIdentities {
		s.join(t.Context(), identity{fmt.Sprint(i), ""})
	}
	if err := failure(t, s, "https://one.more", ""); !strings.Contains(err.Error(), "256 identities and resources") {
		t.Errorf("error %q; want one about 256 fetches", err)
	}
}

func TestClose(t *testing.T) {
	l := newLab(t)
	s := l.source(Config{})
	kept := token(t, s, openAI, "")
	asked := make(chan struct{})
	l.replyWith(func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	})
	result := make(chan error)
	go func() {
		_, err := s.Token(context.Background(), "https://vault.azure.net", "")
		result <- err
	}()
	<-asked
	s.Close()
	if err := <-result; !strings.HasSuffix(err.Error(), "the gateway is stopping") {
		t.Errorf("the fetch under way: %v; want that the gateway is stopping", err)
	}
	s.fetch = func(context.Context, identity) (grant, error) {
		t.Error("a closed source fetches")
		return grant{}, errClosed
	}
	if err := failure(t, s, "https://storage.azure.com", ""); !strings.HasSuffix(err.Error(), "the gateway is stopping") {
		t.Errorf("a new request: %v; want that the gateway is stopping", err)
	}
	if got := token(t, s, openAI, ""); got != kept {
		t.Errorf("the cached token is %q; want %q", got, kept)
	}
}

func TestRefusedRequests(t *testing.T) {
	l := newLab(t)
	s := l.source(Config{})
	for _, test := range []struct{ resource, want string }{
		{"", "the resource is empty"},
		{"https://vault.azure.net/.default", `that is a scope, and a managed identity takes a resource; write "https://vault.azure.net"`},
	} {
		err := failure(t, s, test.resource, "")
		var tokenError *TokenError
		if !errors.As(err, &tokenError) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("resource %q: %v; want a TokenError with %q", test.resource, err, test.want)
		}
	}
	if n := l.count(); n != 0 {
		t.Errorf("%d requests went out; want none", n)
	}
}
