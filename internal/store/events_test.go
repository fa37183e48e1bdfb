package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

func TestEventFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events", "audit.jsonl")
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var f EventFiles
	for _, body := range []string{"one <two>\n", "\xff"} {
		e := LoggedEvent{policy.Event{Logger: "audit", PartitionKey: "k", Body: []byte(body)}, "id", at}
		if err := f.Write(file, e); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"time":"2026-01-02T03:04:05Z","requestId":"id","logger":"audit","partitionKey":"k","body":"one \u003ctwo\u003e\n"}
{"time":"2026-01-02T03:04:05Z","requestId":"id","logger":"audit","partitionKey":"k","body":"","bodyBase64":"/w=="}
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A file that is full is put aside.
func TestEventFilesBound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "audit.jsonl")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, EventFileSize); err != nil {
		t.Fatal(err)
	}
	var f EventFiles
	if err := f.Write(file, LoggedEvent{}); err != nil {
		t.Fatal(err)
	}
	aside, err := os.Stat(file + ".1")
	if err != nil || aside.Size() != EventFileSize {
		t.Errorf("put aside: %v, %v", aside, err)
	}
	if fresh, err := os.Stat(file); err != nil || fresh.Size() > 1000 {
		t.Errorf("the new one: %v, %v", fresh, err)
	}
}

// hubStub keeps what it is sent.
type hubStub struct {
	status int
	sent   *policy.Outgoing
}

func (s *hubStub) Send(_ context.Context, out *policy.Outgoing) (*exchange.Response, error) {
	s.sent = out
	return &exchange.Response{Status: s.status, Reason: "R"}, nil
}

func TestEventHub(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	hub := &EventHub{Host: "n.servicebus.windows.net", Name: "orders", KeyName: "send", Key: "c2VjcmV0", Clock: exchange.NewVirtualClock(at)}
	stub := &hubStub{status: 201}
	send := func(e policy.Event) error {
		out, err := hub.Request(&e)
		if err != nil {
			t.Fatal(err)
		}
		return hub.Send(context.Background(), stub, out)
	}
	if err := send(policy.Event{PartitionKey: "ü\"\U0001F600", Body: []byte("text")}); err != nil {
		t.Fatal(err)
	}
	if got := stub.sent.Method + " " + stub.sent.URL.String(); got != "POST https://n.servicebus.windows.net/orders/messages?timeout=60&api-version=2014-01" {
		t.Errorf("sent %s", got)
	}
	if got, _ := stub.sent.Header.Get("BrokerProperties"); got != `{"PartitionKey":"\u00fc\"\ud83d\ude00"}` {
		t.Errorf("BrokerProperties: %s", got)
	}
	resource := "https%3A%2F%2Fn.servicebus.windows.net%2Forders"
	mac := hmac.New(sha256.New, []byte("c2VjcmV0"))
	mac.Write([]byte(resource + "\n1767323345"))
	want := "SharedAccessSignature sr=" + resource + "&sig=" + url.QueryEscape(base64.StdEncoding.EncodeToString(mac.Sum(nil))) + "&se=1767323345&skn=send"
	if got, _ := stub.sent.Header.Get("Authorization"); got != want {
		t.Errorf("Authorization: got %s, want %s", got, want)
	}
	stub.status = 401
	err := send(policy.Event{PartitionID: "3"})
	if err == nil || strings.Contains(err.Error(), hub.Key) || stub.sent.URL.Path != "/orders/partitions/3/messages" {
		t.Errorf("to %s: %v", stub.sent.URL.Path, err)
	}
}
