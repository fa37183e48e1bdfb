package emulator

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/policy/exchange"
)

// soakPolicy is the full flow; who asked and which edit of the policy this is go along.
const soakPolicy = `<policies>
    <inbound>
        <base />
        <validate-jwt header-name="Authorization" failed-validation-httpcode="401" output-token-variable-name="token">
            <openid-config url="https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration" />
            <audiences><audience>22222222-2222-4222-8222-222222222222</audience></audiences>
        </validate-jwt>
        <set-header name="X-Who" exists-action="override"><value>@(((Jwt)context.Variables["token"]).Claims.GetValueOrDefault("n", "nobody"))</value></set-header>
        <authentication-managed-identity resource="https://cognitiveservices.azure.com" />
    </inbound>
    <backend><forward-request timeout="20" /></backend>
    <outbound>
        <base />
        <set-header name="X-Edit" exists-action="override"><value>%d</value></set-header>
    </outbound>
</policies>`

const (
	soakClients = 32
	soakTokens  = 20
	// rollEvery is the edits from a change of keys to the next: gateways ask for keys that
	// they don't know every 5 minutes at most.
	rollEvery = 310
)

// TestSoak runs the flow under load for as long as APIMULATOR_SOAK says (60s, 10m), while
// policies are edited, keys rolled, backends fail, clients are slow or leave. Every answer
// has to be its own request's; nothing may grow.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("APIMULATOR_SOAK"))
	if err != nil {
		t.Skip("a soak takes long: set APIMULATOR_SOAK to its length, such as 60s or 10m")
	}
	s := newSoak(t)
	calm := s.run(t, length/4, false)
	before := s.measure()
	t.Logf("calm: %s; %s", calm, before)
	rough := s.run(t, length*3/4, true)
	after := s.measure()
	t.Logf("rough: %s; %s", rough, after)
	times := time.Duration(3)
	if length < 5*time.Minute {
		times = 6 // a hundredth of a short run is few requests
	}
	if p99 := rough.p99(); p99 > times*calm.p99() {
		t.Errorf("the slowest hundredth takes %s and more, which is over %d times %s", p99, times, calm.p99())
	}
	after.notMoreThan(t, before)
}

// soak is a gateway under load.
type soak struct {
	emulator *Emulator
	address  string
	dir      string
	backend  *httptest.Server
	log      *logBook
	edit     atomic.Int64 // the last edit that was written
	tokens   atomic.Pointer[[]string]
}

func newSoak(t *testing.T) *soak {
	s := &soak{dir: t.TempDir(), backend: httptest.NewServer(http.HandlerFunc(serveSoak)), log: newLogBook()}
	t.Cleanup(s.backend.Close)
	files{
		"apim.yaml":  "apis:\n  - {name: soak, path: \"\", backend: \"" + s.backend.URL + "\", policy: policy.xml}\nsubscriptions:\n  - name: soak\n",
		"policy.xml": fmt.Sprintf(soakPolicy, 0),
	}.write(t, s.dir)
	e, err := Start(Config{Service: filepath.Join(s.dir, "apim.yaml"), HTTP: anyPort, TraceRate: DefaultTraceRate, Watch: true, Log: slog.New(s.log)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeEmulator(t, e) })
	s.emulator, s.address = e, strings.TrimPrefix(e.GatewayPlain(), "http://")
	s.mint(t)
	return s
}

// serveSoak tells what came: the request's id, who asked, and the body's digest. Some
// paths fail.
func serveSoak(w http.ResponseWriter, r *http.Request) {
	digest := sha256.New()
	if _, err := io.Copy(digest, r.Body); err != nil {
		return
	}
	switch r.URL.Path {
	case "/reset":
		conn, _, _ := http.NewResponseController(w).Hijack()
		conn.(*net.TCPConn).SetLinger(0)
		conn.Close()
		return
	case "/unavailable":
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		w.WriteHeader(http.StatusUnauthorized)
	}
	answer := fmt.Sprintf("%s %s %x", r.Header.Get("X-Id"), r.Header.Get("X-Who"), digest.Sum(nil))
	if r.URL.Path == "/stream" {
		for i := range len(answer) {
			io.WriteString(w, answer[i:i+1])
			if i%16 == 0 {
				http.NewResponseController(w).Flush()
			}
		}
		return
	}
	io.WriteString(w, answer)
}

// mint makes the clients' tokens.
func (s *soak) mint(t *testing.T) {
	tokens := make([]string, soakTokens)
	for i := range tokens {
		var err error
		tokens[i], err = s.emulator.MintToken(entra.MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: s.emulator.ClientID(), Claims: map[string]any{"n": "caller-" + strconv.Itoa(i)}})
		if err != nil {
			t.Error(err)
		}
	}
	s.tokens.Store(&tokens)
}

// run loads the gateway for a time. A rough one is with all that can go wrong.
func (s *soak) run(t *testing.T, length time.Duration, rough bool) *soakResult {
	result := &soakResult{}
	end := exchange.System.Now().Add(length)
	var group sync.WaitGroup
	for i := range soakClients {
		group.Go(func() {
			c := &soakClient{soak: s, random: rand.New(rand.NewPCG(uint64(i), 1)), rough: rough}
			defer c.close()
			for exchange.System.Now().Before(end) && !t.Failed() {
				if err := c.ask(); err != nil {
					t.Errorf("client %d: %v", i, err)
				}
			}
			result.add(c)
		})
	}
	if rough {
		group.Go(func() { s.disturb(t, end) })
	}
	group.Wait()
	slices.Sort(result.took)
	return result
}

// disturb edits the policy each second, every tenth time into one that is wrong, and rolls
// the keys now and then.
func (s *soak) disturb(t *testing.T, end time.Time) {
	for n := int64(1); exchange.System.Now().Before(end); n++ {
		text, outcome := fmt.Sprintf(soakPolicy, n), reloaded
		if n%10 == 0 {
			text, outcome = "<policies><inbound><base /></inbound", notReloaded
		} else {
			s.edit.Store(n)
		}
		path := filepath.Join(s.dir, "policy.xml")
		if err := errors.Join(os.WriteFile(path+".new", []byte(text), 0o600), os.Rename(path+".new", path)); err != nil {
			t.Error(err)
		}
		s.log.await(t, outcome)
		if n%rollEvery == 7 {
			if err := s.emulator.parties.Entra.RollKeys(entra.Roll{Mode: entra.RollImmediate}); err != nil {
				t.Error(err)
			}
			s.mint(t)
		}
		time.Sleep(time.Second) // the pace is what is asked for
	}
}

// soakClient is one client with a connection of its own.
type soakClient struct {
	soak   *soak
	random *rand.Rand
	rough  bool
	conn   net.Conn
	r      *bufio.Reader
	edit   int64 // the last that an answer told
	asked  int
	left   int // requests that the client broke off
	took   []time.Duration
}

func (c *soakClient) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// ask sends a request and holds the answer against it. It is an error if the answer is
// another's, or none.
func (c *soakClient) ask() error {
	if c.conn == nil {
		conn, err := net.Dial("tcp", c.soak.address)
		if err != nil {
			return err
		}
		c.conn, c.r, c.edit = conn, bufio.NewReader(conn), 0
	}
	c.asked++
	kind := "/"
	if c.rough {
		kind = []string{"/", "/", "/", "/stream", "/reset", "/unavailable", "slow", "leave"}[c.random.IntN(8)]
	}
	who := c.random.IntN(soakTokens)
	id := strconv.FormatUint(c.random.Uint64(), 36)
	body := make([]byte, c.random.IntN(1<<(4+c.random.IntN(13))))
	for i := range body {
		body[i] = byte('a' + c.random.IntN(26))
	}
	path := kind
	if !strings.HasPrefix(kind, "/") {
		path = "/"
	}
	began := exchange.System.Now()
	if err := c.send(kind, c.request(path, id, who, body)); err != nil {
		return fmt.Errorf("%s: sending: %w", kind, err)
	}
	if kind == "leave" {
		c.left++
		c.close()
		return nil
	}
	response, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return fmt.Errorf("%s: no answer: %w", kind, err)
	}
	got, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%s: the answer is cut: %w", kind, err)
	}
	if kind == "/" {
		c.took = append(c.took, exchange.System.Now().Sub(began))
	}
	if response.Close {
		c.close()
	}
	return c.judge(kind, response, string(got), fmt.Sprintf("%s caller-%d %x", id, who, sha256.Sum256(body)))
}

// request is a request's bytes: its body of known length, or in chunks.
func (c *soakClient) request(path, id string, who int, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: soak\r\nX-Id: %s\r\nAuthorization: Bearer %s\r\nOcp-Apim-Subscription-Key: %s\r\n", path, id, (*c.soak.tokens.Load())[who], c.soak.emulator.Key("soak"))
	if c.rough && c.random.IntN(10) == 0 {
		fmt.Fprintf(&b, "Transfer-Encoding: chunked\r\n\r\n")
		if len(body) > 0 {
			fmt.Fprintf(&b, "%x\r\n%s\r\n", len(body), body)
		}
		b.WriteString("0\r\n\r\n")
		return b.Bytes()
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.Bytes()
}

func (c *soakClient) send(kind string, request []byte) error {
	if kind == "slow" || kind == "leave" {
		half := c.random.IntN(len(request))
		if _, err := c.conn.Write(request[:half]); err != nil || kind == "leave" {
			return err
		}
		time.Sleep(time.Duration(c.random.IntN(50)) * time.Millisecond) // the client is slow
		request = request[half:]
	}
	_, err := c.conn.Write(request)
	return err
}

// judge holds an answer against what was asked.
func (c *soakClient) judge(kind string, response *http.Response, got, want string) error {
	status := map[string]int{"/reset": 500, "/unavailable": 503}[kind]
	if status == 0 {
		status = 200
	}
	if response.StatusCode != status {
		return fmt.Errorf("%s: the status is %d: %s", kind, response.StatusCode, got)
	}
	if kind == "/reset" {
		return nil // which is the gateway's own answer
	}
	if got != want {
		return fmt.Errorf("%s: the answer is %q, and not %q", kind, got, want)
	}
	edit, err := strconv.ParseInt(response.Header.Get("X-Edit"), 10, 64)
	if err != nil || edit < c.edit || edit > c.soak.edit.Load() {
		return fmt.Errorf("%s: edit %q after %d, of %d", kind, response.Header.Get("X-Edit"), c.edit, c.soak.edit.Load())
	}
	c.edit = edit
	return nil
}

// soakResult is what the clients of a run have seen.
type soakResult struct {
	mu    sync.Mutex
	asked int
	left  int
	took  []time.Duration // of plain requests
}

func (r *soakResult) add(c *soakClient) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked += c.asked
	r.left += c.left
	r.took = append(r.took, c.took...)
}

func (r *soakResult) p99() time.Duration { return r.took[len(r.took)*99/100] }

func (r *soakResult) String() string {
	return fmt.Sprintf("%d requests, %d of them left, p99 %s", r.asked, r.left, r.p99())
}

// soakUse is what the process holds.
type soakUse struct {
	goroutines, files int
	heap              uint64
}

// measure waits until all is quiet, as far as it gets.
func (s *soak) measure() soakUse {
	var use soakUse
	for range 20 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		files, _ := os.ReadDir("/proc/self/fd") // where there is such a thing
		use = soakUse{runtime.NumGoroutine(), len(files), m.HeapAlloc}
		time.Sleep(100 * time.Millisecond) // connections end in their own time
	}
	return use
}

func (u soakUse) String() string {
	return fmt.Sprintf("%d goroutines, %d files, %d MB", u.goroutines, u.files, u.heap>>20)
}

// notMoreThan fails if more is held than before, but for idle connections to the backend
// and records of requests.
func (u soakUse) notMoreThan(t *testing.T, before soakUse) {
	t.Helper()
	if u.goroutines > before.goroutines+2*soakClients {
		buffer := make([]byte, 1<<20)
		t.Errorf("%d goroutines after, %d before:\n%s", u.goroutines, before.goroutines, buffer[:runtime.Stack(buffer, true)])
	}
	if u.files > before.files+4*soakClients {
		t.Errorf("%d open files after, %d before", u.files, before.files)
	}
	const records = 64 << 20 // as many bytes of records are kept
	if u.heap > before.heap+records+16<<20 {
		t.Errorf("%d MB after, %d MB before", u.heap>>20, before.heap>>20)
	}
}
