package emulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// patience is how long a test waits for what has to come.
const patience = 30 * time.Second

// TestMain also is the browser that the Python test opens, and looks for what the
// tests left running.
func TestMain(m *testing.M) {
	if os.Getenv(browserVariable) != "" {
		os.Exit(browse(os.Args[1:]))
	}
	status := m.Run()
	if left := leftRunning(); status == 0 && left != "" {
		fmt.Fprintf(os.Stderr, "goroutines are left over:\n%s\n", left)
		status = 1
	}
	os.Exit(status)
}

// leftRunning is the goroutines that don't end although all tests have. Those of
// closed connections need a moment.
func leftRunning() string {
	stacks := make([]byte, 1<<20)
	for end := exchange.System.Now().Add(5 * time.Second); ; runtime.Gosched() {
		all := strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n")
		if len(all) == 1 {
			return ""
		}
		if exchange.System.Now().After(end) {
			return strings.Join(all[1:], "\n\n")
		}
	}
}

// files are the files of a service by their names. Its apim.yaml is the one that
// is run.
type files map[string]string

func (f files) write(t testing.TB, dir string) {
	t.Helper()
	for name, text := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A lab is an emulator under test with what it tells.
type lab struct {
	*Emulator
	t       testing.TB
	dir     string // of the service's files
	log     *logBook
	records chan *trace.Record
	client  *http.Client // trusts the emulator and reaches mapped hosts
}

// newLab starts an emulator with a service of these files, or the built-in one if
// there are none, and ends it with the test.
func newLab(t testing.TB, f files, change ...func(*Config)) *lab {
	t.Helper()
	l, err := startLab(t, f, change...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	return l
}

// startLab is newLab for an emulator that may not start. The caller closes it.
func startLab(t testing.TB, f files, change ...func(*Config)) (*lab, error) {
	t.Helper()
	l := &lab{t: t, dir: t.TempDir(), log: newLogBook(), records: make(chan *trace.Record, trace.Kept)}
	f.write(t, l.dir)
	c := Config{Log: slog.New(l.log), Finished: func(r *trace.Record) { l.records <- r }}
	if f != nil {
		c.Service = filepath.Join(l.dir, "apim.yaml")
	}
	for _, ch := range change {
		ch(&c)
	}
	var err error
	if l.Emulator, err = Start(c); err != nil {
		return nil, err
	}
	l.client = l.HTTPClient()
	return l, nil
}

func (l *lab) close() {
	l.client.CloseIdleConnections()
	closeEmulator(l.t, l.Emulator)
}

func withState(dir string) func(*Config)      { return func(c *Config) { c.State = dir } }
func withPlain(c *Config)                     { c.HTTP = anyPort }
func withWatch(c *Config)                     { c.Watch = true }
func withAutoSignIn(c *Config)                { c.AutoSignIn = true }
func withRealBackend(c *Config)               { c.RealBackend = true }
func withIdentity(mode string) func(*Config)  { return func(c *Config) { c.Identity = mode } }
func withListen(address string) func(*Config) { return func(c *Config) { c.Listen = address } }

// record is the record of the next request that is done.
func (l *lab) record() *trace.Record {
	l.t.Helper()
	return await(l.t, l.records, "the record of a request")
}

// await is the next value of a channel.
func await[T any](t testing.TB, from <-chan T, what string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	select {
	case v := <-from:
		return v
	case <-ctx.Done():
		t.Fatalf("waiting for %s: %v", what, ctx.Err())
		panic("not reached")
	}
}

// A reply is a response, read.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask sends a request and reads the answer.
func ask(client *http.Client, r *http.Request) (reply, error) {
	response, err := client.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}, fmt.Errorf("%s %s: %w after %q", r.Method, r.URL, err, body)
	}
	return reply{response.StatusCode, response.Header, string(body)}, nil
}

// do is ask where nothing may go wrong.
func do(t testing.TB, client *http.Client, r *http.Request) reply {
	t.Helper()
	answer, err := ask(client, r)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// later is do in the background.
func later(t testing.TB, client *http.Client, r *http.Request) <-chan reply {
	answers := make(chan reply, 1)
	go func() {
		answer, err := ask(client, r)
		if err != nil {
			t.Error(err)
		}
		answers <- answer
	}()
	return answers
}

// request makes a request with header lines, given as name and value.
func request(t testing.TB, method, address, body string, lines ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(lines); i += 2 {
		if lines[i] == "Host" {
			r.Host = lines[i+1]
		} else {
			r.Header.Set(lines[i], lines[i+1])
		}
	}
	return r
}

// get asks the gateway by GET.
func (l *lab) get(path string, lines ...string) reply {
	l.t.Helper()
	return do(l.t, l.client, request(l.t, http.MethodGet, l.Gateway()+path, "", lines...))
}

const (
	prompt   = "I need a reliable and affordable car"
	chatBody = `{"messages":[{"role":"user","content":"` + prompt + `"}]}`
)

// chats asks the built-in service for a chat completion, as the sample's client
// does.
func (l *lab) chats(token string) reply {
	l.t.Helper()
	return do(l.t, l.client, request(l.t, http.MethodPost, l.ChatEndpoint(), chatBody, "Content-Type", "application/json",
		"Authorization", "Bearer "+token, "Ocp-Apim-Subscription-Key", l.Key("")))
}

// checkChats wants the token to get a chat completion through the gateway.
func (l *lab) checkChats(token string) {
	l.t.Helper()
	if got := l.chats(token); got.status != http.StatusOK || !strings.Contains(got.body, prompt) {
		l.t.Errorf("a chat completion got %d %s; want 200 and an answer to the prompt", got.status, got.body)
	}
}

// userToken is a token of the first user for the built-in API.
func (l *lab) userToken() string {
	l.t.Helper()
	token, err := l.MintToken(entra.MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: l.ClientID()})
	if err != nil {
		l.t.Fatal(err)
	}
	return token
}

// backend starts a server that ends with the test.
func backend(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// open is a service of one API without keys before that backend, with a policy
// of these inbound statements.
func open(backend, inbound string) files {
	return files{
		"apim.yaml":  "apis:\n  - {name: api, path: \"\", backend: \"" + backend + "\", policy: policy.xml, subscriptionRequired: false}\n",
		"policy.xml": document(inbound),
	}
}

// document is a policy document with these inbound statements.
func document(inbound string) string {
	return "<policies>\n<inbound><base />" + inbound + "</inbound>\n<backend><base /></backend>\n" +
		"<outbound><base /></outbound>\n<on-error><base /></on-error>\n</policies>\n"
}

// A logBook is a log that can be waited for. It keeps all levels.
type logBook struct {
	slog.Handler
	page *page
}

type page struct {
	mu    sync.Mutex
	text  bytes.Buffer
	news  chan struct{} // closed at the next line
	taken int           // what await has passed by
}

func newLogBook() *logBook {
	p := &page{news: make(chan struct{})}
	return &logBook{slog.NewTextHandler(p, &slog.HandlerOptions{Level: slog.LevelDebug}), p}
}

func (p *page) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.news)
	p.news = make(chan struct{})
	return p.text.Write(line)
}

// find gives the next line with that text, or the channel that tells of news.
func (p *page) find(text string) (line string, news <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for line := range strings.Lines(p.text.String()[p.taken:]) {
		if p.taken += len(line); strings.Contains(line, text) {
			return line, nil
		}
	}
	return "", p.news
}

// await is the next line that has the text; each line is looked at once.
func (b *logBook) await(t testing.TB, text string) string {
	t.Helper()
	for {
		line, news := b.page.find(text)
		if news == nil {
			return line
		}
		await(t, news, fmt.Sprintf("%q in the log, which is\n%s", text, b.all()))
	}
}

// all is the whole log.
func (b *logBook) all() string {
	b.page.mu.Lock()
	defer b.page.mu.Unlock()
	return b.page.text.String()
}
