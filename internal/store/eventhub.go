package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// EventHub sends events to an event hub by its REST interface (learn.microsoft.com,
// rest/api/eventhub/send-event), which spares a client for AMQP.
type EventHub struct {
	// Host and Name are the name space's host and the hub's name.
	Host, Name string
	// KeyName and Key are of a shared access policy.
	KeyName, Key string
	// Clock is the real time: by it the hub judges tokens.
	Clock exchange.Clock
}

// hubTokenLife is how long a token is good for that is made for one call.
const hubTokenLife = 5 * time.Minute

// Request is the request that sends an event.
func (h *EventHub) Request(e *policy.Event) (*policy.Outgoing, error) {
	out := &policy.Outgoing{
		Method: "POST", URL: exchange.URL{Scheme: "https", Host: h.Host, Port: 443, Path: h.path(e), RawQuery: "timeout=60&api-version=2014-01"},
		Header: exchange.NewHeader(
			exchange.Field{Name: "Authorization", Value: h.token()},
			exchange.Field{Name: "Content-Type", Value: "application/atom+xml;type=entry;charset=utf-8"},
		),
	}
	if e.PartitionKey != "" {
		properties, err := json.Marshal(map[string]string{"PartitionKey": e.PartitionKey})
		if err != nil {
			return nil, err
		}
		out.Header.Add("BrokerProperties", ascii(properties))
	}
	body := exchange.BytesBody(e.Body)
	out.Body = &body
	return out, nil
}

// Send sends what Request gave; the error tells nothing of the key.
func (h *EventHub) Send(ctx context.Context, sender policy.Sender, out *policy.Outgoing) error {
	response, err := sender.Send(ctx, out)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.Status != 201 {
		return fmt.Errorf("the event hub %s answered %d %s", h.Name, response.Status, response.Reason)
	}
	return nil
}

func (h *EventHub) path(e *policy.Event) string {
	path := "/" + h.Name
	if e.PartitionID != "" {
		path += "/partitions/" + url.PathEscape(e.PartitionID)
	}
	return path + "/messages"
}

// token is a shared access signature (learn.microsoft.com, event-hubs,
// authenticate-shared-access-signature).
func (h *EventHub) token() string {
	resource := url.QueryEscape("https://" + h.Host + "/" + h.Name)
	end := strconv.FormatInt(h.Clock.Now().Add(hubTokenLife).Unix(), 10)
	mac := hmac.New(sha256.New, []byte(h.Key))
	mac.Write([]byte(resource + "\n" + end))
	signature := url.QueryEscape(base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return "SharedAccessSignature sr=" + resource + "&sig=" + signature + "&se=" + end + "&skn=" + url.QueryEscape(h.KeyName)
}

// ascii is JSON with all escaped that can't stand in a header.
func ascii(text []byte) string {
	var out []byte
	for _, r := range string(text) {
		switch {
		case r < 0x80:
			out = append(out, byte(r))
		case r < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		}
	}
	return string(out)
}
