package apimtest_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/apimulator/apimulator/apimtest"
)

// A request with a token goes to the backend; the retry waits on the gateway's clock.
func Example() {
	t := newT() // in a test: its *testing.T
	defer t.end()

	gw := apimtest.New(t, apimtest.Policy("testdata/orders.xml"), apimtest.NamedValue("backend-key", "not-a-secret"))
	gw.Backend().On("GET", "/orders/*").Respond(503, "").RespondJSON(200, map[string]int{"id": 7})

	request, _ := http.NewRequest("GET", gw.URL()+"/orders/7", nil)
	request.Header.Set("Authorization", "Bearer "+gw.Token(apimtest.Audience("api://orders"), apimtest.Roles("Orders.Read")))
	response, err := gw.Client().Do(request)
	if err != nil {
		t.Fatalf("%v", err)
	}
	body, _ := io.ReadAll(response.Body)
	fmt.Println(response.StatusCode, string(body))

	sent := gw.Backend().Requests()
	fmt.Println(len(sent), "requests, with the key", sent[1].Header.Get("X-Backend-Key"))
	fmt.Println("took", gw.Trace().Elapsed)
	// Output:
	// 200 {"id":7}
	// 2 requests, with the key not-a-secret
	// took 10s
}

// The trace says why.
func ExampleGateway_Trace() {
	t := newT()
	defer t.end()

	gw := apimtest.New(t, apimtest.Policy("testdata/orders.xml"), apimtest.NamedValue("backend-key", "not-a-secret"))
	client := &http.Client{Transport: gw.Transport()} // no sockets
	request, _ := http.NewRequest("GET", "https://contoso.azure-api.net/orders/7", nil)
	request.Header.Set("Authorization", "Bearer "+gw.Token(apimtest.Audience("api://orders"), apimtest.Fault("expired")))
	response, err := client.Do(request)
	if err != nil {
		t.Fatalf("%v", err)
	}
	fmt.Println(response.StatusCode)

	trace := gw.Trace()
	fmt.Println(trace.LastError.Source, trace.LastError.Reason)
	fmt.Println(trace.Ran("#who"), trace.Ran("orders.xml:15"), trace.Ran("forward-request"))
	// Output:
	// 401
	// validate-jwt TokenExpired
	// true false false
}

// Time is the test's.
func ExampleClock_Advance() {
	t := newT()
	defer t.end()

	gw := apimtest.New(t, apimtest.Policy("testdata/orders.xml"), apimtest.NamedValue("backend-key", "not-a-secret"),
		apimtest.At(time.Date(2030, 5, 1, 8, 0, 0, 0, time.UTC)))
	client := &http.Client{Transport: gw.Transport()}
	token := gw.Token(apimtest.Audience("api://orders"), apimtest.Roles("Orders.Read"), apimtest.Lifetime(10*time.Minute))
	for range 2 {
		request, _ := http.NewRequest("GET", "https://contoso.azure-api.net/orders/7", nil)
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := client.Do(request)
		if err != nil {
			t.Fatalf("%v", err)
		}
		fmt.Println(gw.Clock().Now().Format(time.TimeOnly), response.StatusCode)
		gw.Clock().Advance(time.Hour)
	}
	// Output:
	// 08:00:00 200
	// 09:00:00 401
}

// fakeT stands in for a *testing.T, which examples don't have.
type fakeT struct {
	cleanups []func()
	failures []string
	logs     []string
}

func newT() *fakeT { return &fakeT{} }

func (t *fakeT) Helper()          {}
func (t *fakeT) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }
func (t *fakeT) Failed() bool     { return len(t.failures) > 0 }
func (t *fakeT) Logf(format string, args ...any) {
	t.logs = append(t.logs, fmt.Sprintf(format, args...))
}
func (t *fakeT) Errorf(format string, args ...any) {
	t.failures = append(t.failures, fmt.Sprintf(format, args...))
}
func (t *fakeT) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	runtime.Goexit()
}

// run runs a test to its end.
func (t *fakeT) run(test func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		test()
	}()
	<-done
	t.cleanUp()
}

func (t *fakeT) cleanUp() {
	for i := len(t.cleanups); i > 0; i-- {
		t.cleanups[i-1]()
	}
	t.cleanups = nil
}

// end ends an example.
func (t *fakeT) end() {
	t.cleanUp()
	if t.Failed() {
		fmt.Println(strings.Join(t.failures, "\n"))
	}
}
