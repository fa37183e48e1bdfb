package emulator

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Branches of wait are under way at the same time: the backend answers none of the two
// calls before it has both, and client after client.
func TestWaitIsConcurrent(t *testing.T) {
	const clients = 16
	var mu sync.Mutex
	met := make(map[string]chan struct{})
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Id")
		mu.Lock()
		other, second := met[id]
		if second {
			close(other)
		} else {
			other = make(chan struct{})
			met[id] = other
		}
		mu.Unlock()
		<-other
		io.WriteString(w, strings.Trim(r.URL.Path, "/")+id)
	}))
	defer backend.Close()
	send := func(name string) string {
		return `<send-request mode="copy" response-variable-name="` + name + `"><set-url>` + backend.URL + `/` + name + `</set-url></send-request>`
	}
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy.xml")
	text := `<policies><inbound><wait>` + send("a") + `<choose><when condition="@(context.Request.Method == "GET")">` + send("b") +
		`<set-variable name="b" value="@(((IResponse)context.Variables["b"]).Body.As<string>())" /></when></choose></wait>
		<return-response><set-body>@(((IResponse)context.Variables["a"]).Body.As<string>() + context.Variables["b"])</set-body></return-response></inbound></policies>`
	if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := Start(Config{Policy: policy, Backend: backend.URL, HTTP: anyPort})
	if err != nil {
		t.Fatal(err)
	}
	defer closeEmulator(t, e)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			id := string(rune('A' + i))
			request, _ := http.NewRequest("GET", e.GatewayPlain()+"/", nil)
			request.Header.Set("X-Id", id)
			request.Header.Set("Ocp-Apim-Subscription-Key", e.Key(""))
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			defer response.Body.Close()
			if body, _ := io.ReadAll(response.Body); string(body) != "a"+id+"b"+id {
				t.Errorf("client %s: got %d %q", id, response.StatusCode, body)
			}
		})
	}
	all.Wait()
}
