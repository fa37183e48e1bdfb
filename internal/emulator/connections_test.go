package emulator

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	manyIdle     = 10_000
	manyStreams  = 2_000
	manyMemory   = 500 << 20 // bytes, of the gateway's process
	childService = "APIMULATOR_TEST_SERVICE"
)

// TestGatewayProcess is no test: it is the gateway of TestManyConnections, in a process of
// its own.
func TestGatewayProcess(t *testing.T) {
	service := os.Getenv(childService)
	if service == "" {
		t.Skip("this is a part of TestManyConnections")
	}
	e, err := Start(Config{Service: service, HTTP: anyPort, TraceRate: DefaultTraceRate})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("address", strings.TrimPrefix(e.GatewayPlain(), "http://"))
	io.Copy(io.Discard, os.Stdin) // until the other process ends it
	closeEmulator(t, e)
}

// TestManyConnections holds idle connections and event streams in numbers, and looks at
// the gateway's memory.
func TestManyConnections(t *testing.T) {
	if os.Getenv("APIMULATOR_SOAK") == "" {
		t.Skip("this takes many connections: set APIMULATOR_SOAK")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("a process's memory can't be read here: there is no /proc")
	}
	if most := mostFiles(t); most < manyIdle+2*manyStreams+1000 {
		t.Skipf("a process may have %d files open here, which is too few", most)
	}
	backend := httptest.NewServer(http.HandlerFunc(holdStream))
	defer backend.Close()
	dir := t.TempDir()
	files{"apim.yaml": "apis:\n  - {name: many, path: \"\", backend: \"" + backend.URL + "\", subscriptionRequired: false}\n"}.write(t, dir)
	child, address := startGatewayProcess(t, dir+"/apim.yaml")

	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	open := func(request, answer string) {
		t.Helper()
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatalf("connection %d: %v", len(conns)+1, err)
		}
		conns = append(conns, c)
		if err := exchangeBytes(c, request, answer); err != nil {
			t.Fatalf("connection %d: %v", len(conns), err)
		}
	}
	for range manyIdle {
		open("GET /once HTTP/1.1\r\nHost: h\r\n\r\n", "once")
	}
	for range manyStreams {
		open("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n", "data: 1\n\n")
	}
	if memory := residentMemory(t, child); memory > manyMemory {
		t.Errorf("%d idle connections and %d streams take %d MB", manyIdle, manyStreams, memory>>20)
	} else {
		t.Logf("%d idle connections and %d streams take %d MB", manyIdle, manyStreams, memory>>20)
	}
	// All are alive.
	for i, c := range conns[:manyIdle] {
		if i%100 == 0 {
			if err := exchangeBytes(c, "GET /once HTTP/1.1\r\nHost: h\r\n\r\n", "once"); err != nil {
				t.Errorf("idle connection %d: %v", i, err)
			}
		}
	}
}

// mostFiles is how many files a process may have open at most.
func mostFiles(t *testing.T) int {
	t.Helper()
	limits, err := os.ReadFile("/proc/self/limits")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(limits), "Max open files")
	hard := strings.Fields(after)[1] // behind the soft one, which Go raises
	if hard == "unlimited" {
		return math.MaxInt
	}
	most, err := strconv.Atoi(hard)
	if err != nil {
		t.Fatal(err)
	}
	return most
}

// holdStream answers at once, or with one event and then nothing more.
func holdStream(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/once" {
		io.WriteString(w, "once")
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	io.WriteString(w, "data: 1\n\n")
	http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

// exchangeBytes sends a request and reads until the answer's text has come.
func exchangeBytes(c net.Conn, request, answer string) error {
	if _, err := io.WriteString(c, request); err != nil {
		return err
	}
	var got []byte
	buffer := make([]byte, 4<<10)
	for !bytes.Contains(got, []byte(answer)) {
		n, err := c.Read(buffer)
		if got = append(got, buffer[:n]...); err != nil {
			return fmt.Errorf("after %q: %w", got, err)
		}
	}
	return nil
}

func startGatewayProcess(t *testing.T, service string) (child *os.Process, address string) {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^TestGatewayProcess$")
	command.Env = append(os.Environ(), childService+"="+service)
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	stdout, err2 := command.StdoutPipe()
	if err := errors.Join(err, err2, command.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		ended := make(chan error, 1)
		go func() { ended <- command.Wait() }()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the gateway's process: %v", err)
			}
		case <-ctx.Done():
			command.Process.Kill()
			t.Error("the gateway's process does not end")
		}
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "address "); ok {
			go io.Copy(io.Discard, stdout)
			return command.Process, address
		}
	}
	t.Fatal("the gateway's process does not start")
	return nil, ""
}

// residentMemory is what a process has in memory, in bytes.
func residentMemory(t *testing.T, p *os.Process) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}
