package emulator

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// Signing keys may change, and tokens with unknown ones come in, at these rates
	// without harm to good tokens.
	goodPerSecond   = 200
	goodPerForged   = 4 // 50 forged ones a second
	rollovers       = 3
	loadConnections = 4
	// loadPerStep is how many good requests lie between two steps of a rollover.
	loadPerStep = 300
)

// rolloverPolicy waits for the backend longer than a rollover moves the clock.
const rolloverPolicy = `<policies>
    <inbound>
        <base />
        <validate-jwt header-name="Authorization">
            <openid-config url="https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration" />
            <audiences><audience>22222222-2222-4222-8222-222222222222</audience></audiences>
        </validate-jwt>
    </inbound>
    <backend><forward-request timeout="86400" /></backend>
</policies>
`

// TestRollover: three rollovers under load, while tokens with forged key ids come
// in beside. No good token is refused, and few key sets are fetched.
func TestRollover(t *testing.T) {
	service := open(backend(t, serveRig).URL, "")
	service["policy.xml"] = rolloverPolicy
	l := newLab(t, service, withPlain, func(c *Config) { c.Finished = nil })
	g := &rig{emulator: l.Emulator, gateway: strings.TrimPrefix(l.GatewayPlain(), "http://")}
	ring := g.emulator.parties.Entra
	load := newLoad(t, g)
	began := exchange.System.Now()
	load.start()
	for range rollovers {
		load.awaitMore(loadPerStep)
		if err := ring.RollKeys(entra.Roll{Mode: entra.RollPublish}); err != nil {
			t.Fatal(err)
		}
		load.awaitMore(loadPerStep)
		before := keyID(t, load.token())
		g.emulator.Clock().Advance(5 * time.Minute)
		load.use(g.tokens(t, 1)[0])
		if after := keyID(t, load.token()); after == before {
			t.Errorf("5 minutes after a new key was published tokens are still signed with %s", before)
		}
	}
	load.awaitMore(loadPerStep)
	good, forged := load.stop()
	took := exchange.System.Now().Sub(began)
	rate := float64(good) / took.Seconds()
	t.Logf("%d good tokens and %d forged ones in %v: %.0f good ones a second", good, forged, took, rate)
	if quiet := os.Getenv("APIMULATOR_FLOOR") != ""; quiet && rate < goodPerSecond { // else others use the machine, too
		t.Errorf("%.0f good tokens a second; want %d or more", rate, goodPerSecond)
	}
	if want := int64(good/goodPerForged) - loadConnections; forged < want {
		t.Errorf("%d forged tokens beside %d good ones; want %d or more", forged, good, want)
	}
	if got := fetches(g.emulator); got > rollovers+2 {
		t.Errorf("%d key sets were fetched; want %d or fewer", got, rollovers+2)
	}
}

// fetches counts the gateway's fetches of key sets.
func fetches(e *Emulator) int {
	n := 0
	for _, set := range e.tokens.KeySets() {
		n += set.Fetches
	}
	return n
}

// keyID is the kid of a token.
func keyID(t *testing.T, token string) any {
	t.Helper()
	header, _, err := jwtvalidate.Inspect(token)
	if err != nil {
		t.Fatal(err)
	}
	return header["kid"]
}

// forge gives a token another key id. No key has it, so nobody comes to look at
// the signature.
func forge(token, keyID string) string {
	_, rest, _ := strings.Cut(token, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"RS256","kid":"`+keyID+`"}`)) + "." + rest
}

// load is a closed loop of requests over several connections.
type load struct {
	t    *testing.T
	rig  *rig
	now  atomic.Pointer[string] // the token in use
	wg   sync.WaitGroup
	ends chan struct{}

	mu           sync.Mutex
	moved        *sync.Cond
	good, forged int64
	failed       bool
}

func newLoad(t *testing.T, g *rig) *load {
	l := &load{t: t, rig: g, ends: make(chan struct{})}
	l.moved = sync.NewCond(&l.mu)
	l.use(g.tokens(t, 1)[0])
	return l
}

func (l *load) use(token string) { l.now.Store(&token) }
func (l *load) token() string    { return *l.now.Load() }

func (l *load) start() {
	for i := range loadConnections {
		good, forged := dial(l.t, l.rig.gateway), dial(l.t, l.rig.gateway)
		l.wg.Go(func() {
			defer good.conn.Close()
			defer forged.conn.Close()
			l.loop(good, forged, fmt.Sprintf("forged-%d-", i))
		})
	}
}

// loop sends good tokens, and after each few of them one with a new forged key id.
func (l *load) loop(good, forged *connection, prefix string) {
	for n := 1; ; n++ {
		select {
		case <-l.ends:
			return
		default:
		}
		token := l.token()
		if err := good.do(l.rig.request("/", token)); err != nil {
			l.fail("a good token: %v", err)
			return
		}
		isForged := n%goodPerForged == 0
		if isForged {
			if err := refused(forged, l.rig.request("/", forge(token, prefix+fmt.Sprint(n)))); err != nil {
				l.fail("a forged token: %v", err)
				return
			}
		}
		l.count(isForged)
	}
}

// refused sends a request whose answer has to be 401.
func refused(c *connection, request []byte) error {
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		return fmt.Errorf("the answer is %s, not 401", response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

func (l *load) count(forged bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.good++
	if forged {
		l.forged++
	}
	l.moved.Broadcast()
}

func (l *load) fail(format string, err error) {
	l.t.Errorf(format, err)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = true
	l.moved.Broadcast()
}

// awaitMore waits until so many more good requests are done.
func (l *load) awaitMore(n int64) {
	l.t.Helper()
	l.mu.Lock()
	for until := l.good + n; l.good < until && !l.failed; {
		l.moved.Wait()
	}
	failed := l.failed
	l.mu.Unlock()
	if failed {
		l.stop()
		l.t.FailNow()
	}
}

func (l *load) stop() (good, forged int64) {
	close(l.ends)
	l.wg.Wait()
	return l.good, l.forged
}

// TestSecondRollover: a key that comes into use less than 5 minutes after the last
// fetch is unknown until they are over, and the trace says when that is.
func TestSecondRollover(t *testing.T) {
	l := newLab(t, nil)
	roll := func() string {
		if err := l.parties.Entra.RollKeys(entra.Roll{Mode: entra.RollImmediate}); err != nil {
			t.Fatal(err)
		}
		return l.userToken()
	}
	l.checkChats(l.userToken())
	l.record()
	l.checkChats(roll()) // fetches for the unknown kid
	l.record()
	second := roll()
	if got := l.chats(second); got.status != http.StatusUnauthorized {
		t.Fatalf("a second new key within 5 minutes: got %d %s; want 401", got.status, got.body)
	}
	record := l.record()
	if record.LastError == nil || record.LastError.Reason != "TokenSignatureKeyNotFound" {
		t.Errorf("LastError is %+v; want reason TokenSignatureKeyNotFound", record.LastError)
	}
	allowed := l.tokens.KeySets()[0].RefetchAllowedAt
	until := allowed.UTC().Add(time.Second - 1).Format(time.RFC3339)
	if detail := record.Deciding().Detail; !strings.Contains(detail, "may be fetched again from "+until+" on") {
		t.Errorf("the trace says %q; want the time from which the keys may be fetched again, %s", detail, until)
	}
	l.Clock().Advance(allowed.Sub(l.Clock().Now()))
	l.checkChats(second)
	if got := fetches(l.Emulator); got != 3 {
		t.Errorf("%d key sets were fetched; want 3: the first, and one for each new key", got)
	}
}
