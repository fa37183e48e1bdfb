package emulator

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/apimulator/apimulator/internal/entra"
)

const (
	edits       = 50
	brokenEvery = 10 // so many edits, one can't be used
	reloadUsers = 4  // connections that ask all the time
	outage      = 1_000_000
)

// numbered is a policy that checks a token and tells the backend its number.
func numbered(number int) string {
	set := fmt.Sprintf(`<set-header name="X-Number" exists-action="override"><value>%d</value></set-header>`, number)
	return strings.ReplaceAll(rigPolicy, `<authentication-managed-identity resource="https://cognitiveservices.azure.com" />`, set)
}

// TestReloadUnderLoad: 50 edits while clients ask, some of them broken, and the issuer
// down since the first request. No request is lost or refused, each is answered by one
// of the versions that were in use while it was under way, and no keys are asked for
// again.
func TestReloadUnderLoad(t *testing.T) {
	echo := backend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Number", r.Header.Get("X-Number"))
		fmt.Fprint(w, r.URL.Path)
	})
	service := open(echo.URL, "")
	service["policy.xml"] = numbered(0)
	l := newLab(t, service, withPlain, withWatch, func(c *Config) { c.Finished = nil })
	g := &rig{emulator: l.Emulator, gateway: strings.TrimPrefix(l.GatewayPlain(), "http://")}
	token := g.tokens(t, 1)[0]
	var written, current atomic.Int64 // the newest edit, and the newest that is known to be in use
	ask := func(c *connection, path string) (int64, error) {
		atLeast := current.Load()
		number, err := askNumber(c, g.request(path, token), path)
		if atMost := written.Load(); err == nil && (number < atLeast || number > atMost) {
			err = fmt.Errorf("policy %d answered while %d to %d were in use", number, atLeast, atMost)
		}
		return number, err
	}
	watcher := dial(t, g.gateway)
	if _, err := ask(watcher, "/first"); err != nil {
		t.Fatal(err)
	}
	down := entra.Fault{Status: http.StatusServiceUnavailable, Times: outage}
	if err := l.parties.Entra.SetFaults(entra.Faults{Discovery: down, Keys: entra.KeysFault{Fault: down}}); err != nil {
		t.Fatal(err)
	}

	ends := make(chan struct{})
	var users sync.WaitGroup
	var asked atomic.Int64
	for user := range reloadUsers {
		c := dial(t, g.gateway)
		users.Go(func() {
			last := int64(0)
			for n := 0; ; n++ {
				select {
				case <-ends:
					return
				default:
				}
				number, err := ask(c, fmt.Sprintf("/user-%d/%d", user, n))
				if err == nil && number < last {
					err = fmt.Errorf("policy %d answered after policy %d on the same connection", number, last)
				}
				if err != nil {
					t.Errorf("request %d of user %d: %v", n, user, err)
					return
				}
				last = number
				asked.Add(1)
			}
		})
	}
	for n := 1; n <= edits; n++ {
		broken := n%brokenEvery == 0
		text := numbered(n)
		if broken {
			text = strings.TrimSuffix(text, "</policies>")
		}
		_, _, changed := l.reloads.State()
		written.Store(int64(n))
		l.replace("policy.xml", text)
		await(t, changed, fmt.Sprintf("the reload of edit %d", n))
		if _, fault, _ := l.reloads.State(); (fault != "") != broken {
			t.Fatalf("edit %d, broken %t: the reload says %q", n, broken, fault)
		}
		if !broken {
			current.Store(int64(n))
		}
		if number, err := ask(watcher, "/watcher"); err != nil || number != current.Load() {
			t.Fatalf("after edit %d policy %d answered, %v; want %d", n, number, err, current.Load())
		}
	}
	close(ends)
	users.Wait()
	if asked.Load() < edits*reloadUsers {
		t.Errorf("%d requests in %d reloads are no load", asked.Load(), edits)
	}
	t.Logf("%d requests in %d reloads", asked.Load(), edits)
	if n := fetches(l.Emulator); n != 1 {
		t.Errorf("the gateway fetched keys %d times; want once", n)
	}
	if f := l.parties.Entra.Faults(); f.Discovery.Times != outage || f.Keys.Times != outage {
		t.Errorf("the issuer was asked %d times for discovery and %d times for keys while it was down", outage-f.Discovery.Times, outage-f.Keys.Times)
	}
}

// askNumber sends a request and gives the number of the policy that answered it.
func askNumber(c *connection, request []byte, path string) (int64, error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode != http.StatusOK || string(body) != path {
		return 0, fmt.Errorf("%s was answered with %s %q", path, response.Status, body)
	}
	return strconv.ParseInt(response.Header.Get("X-Number"), 10, 64)
}
