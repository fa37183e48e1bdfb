package console

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// What a list of many large requests may cost.
const (
	manyRequests   = trace.Kept
	manyStatements = 200
	firstPaint     = 200 * time.Millisecond
	listSize       = 128 << 10
	requestSize    = 512 << 10
)

// fill records many requests of many statements; every seventh is refused by its last.
func fill(recorder *trace.Recorder) {
	clock := exchange.NewVirtualClock(time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC))
	sites := make([]*exchange.Site, manyStatements)
	for i := range sites {
		sites[i] = &exchange.Site{Statement: "set-variable", Document: "policies/orders.xml", Line: i + 1, Scope: exchange.ScopeAPI, Section: exchange.Inbound}
	}
	api := &exchange.API{ID: "orders", Name: "orders"}
	for n := range manyRequests {
		x := &exchange.Exchange{ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", n), Timestamp: clock.Now(), Clock: clock, API: api}
		x.Request.Method = "GET"
		x.Request.OriginalURL = exchange.URL{Scheme: "https", Host: "localhost", Port: 8443, Path: fmt.Sprintf("/orders/%d", n)}
		recorder.Start(x, nil)
		end := trace.End{Status: 200}
		for i, site := range sites {
			x.Observer.Enter(x, site)
			if n%7 == 0 && i == manyStatements-1 {
				f := &exchange.Failure{Status: 401}
				f.Reason, f.Message = "TokenExpired", "The token has expired."
				x.Observer.Leave(x, site, exchange.Failed, f)
				end.Status = 401
				break
			}
			x.Observer.Leave(x, site, exchange.Continued, nil)
		}
		recorder.Finish(x, end)
	}
}

// The first paint of a full list, a search in it and one request of many statements come
// at once, and are small.
func TestManyLargeRequests(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("this takes long with the race detector, and is not for short runs")
	}
	quiet := os.Getenv("APIMULATOR_FLOOR") != "" // times say something only of a machine that does nothing else
	recorder := &trace.Recorder{MaxBytes: 2 << 30}
	fill(recorder)
	if got := len(recorder.Newest(trace.Kept)); got != manyRequests {
		t.Fatalf("%d requests are kept", got)
	}
	p := New(Config{Recorder: recorder, Service: func() *service.Service {
		return &service.Service{APIs: []*service.API{{View: exchange.API{ID: "orders", Name: "orders"}}}}
	}})
	for _, test := range []struct {
		path string
		size int
	}{
		{"/", listSize}, {"/?q=tokenexpired&status=4", listSize}, {"/?q=nothing-has-this", listSize},
		{"/?before=00000000-0000-4000-8000-000000000150", listSize},
		{"/requests/00000000-0000-4000-8000-000000004998", requestSize},
	} {
		best := time.Hour
		var size int
		for range 5 { // others use the machine too
			runtime.GC()
			w := httptest.NewRecorder()
			began := exchange.System.Now()
			p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, test.path, nil))
			best = min(best, exchange.System.Now().Sub(began))
			size = w.Body.Len()
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d", test.path, w.Code)
			}
		}
		t.Logf("%s: %s, %d kB", test.path, best, size>>10)
		if size > test.size || quiet && best > firstPaint {
			t.Errorf("%s takes %s and has %d bytes; want %s and %d at most", test.path, best, size, firstPaint, test.size)
		}
	}
}
