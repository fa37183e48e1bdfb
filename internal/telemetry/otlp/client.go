package otlp

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// How a message is sent again that a collector can't take just now: after pauses that grow by
// half, and that together are no longer than longestWait.
const (
	firstPause   = 5 * time.Second
	longestPause = 30 * time.Second
	longestWait  = time.Minute
)

// mostAnswer is how much of an answer is read, in bytes.
const mostAnswer = 64 << 10

const protobuf = "application/x-protobuf"

// client sends the messages of one signal. Any number of goroutines may use it.
type client struct {
	*settings
	http  *http.Client
	clock exchange.Clock
}

func newClient(s Signal) (*client, error) {
	read, err := s.settings()
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = read.tls
	// Keys in headers go to where the variables say, and nowhere else.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{read, &http.Client{Transport: transport, Timeout: read.timeout, CheckRedirect: stay}, exchange.System}, nil
}

// close gives the connections back.
func (c *client) close() { c.http.CloseIdleConnections() }

// unavailable is why a collector can't take a message now, but may later.
type unavailable struct {
	error
	after time.Duration // at the earliest; 0: it does not say
}

// post sends a message until it is taken or refused.
func (c *client) post(ctx context.Context, message []byte) error {
	if c.gzip {
		message = compressed(message)
	}
	var waited time.Duration
	for pause := firstPause; ; pause = min(pause+pause/2, longestPause) {
		err := c.try(ctx, message)
		var later *unavailable
		if !errors.As(err, &later) {
			return err
		}
		wait := max(later.after, pause/2+rand.N(pause)) // not all at once
		if waited += wait; waited > longestWait {
			return err
		}
		if ended := exchange.Sleep(ctx, c.clock, wait); ended != nil {
			return errors.Join(err, ended)
		}
	}
}

// try sends a message once.
func (c *client) try(ctx context.Context, message []byte) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url.String(), bytes.NewReader(message))
	if err != nil {
		return fmt.Errorf("sending to %s: %w", c.url.Host, err)
	}
	q.Header = c.header.Clone()
	if q.Header.Get("User-Agent") == "" {
		q.Header.Set("User-Agent", "apimulator")
	}
	q.Header.Set("Content-Type", protobuf)
	if c.gzip {
		q.Header.Set("Content-Encoding", "gzip")
	}
	response, err := c.http.Do(q)
	if failed := (*url.Error)(nil); errors.As(err, &failed) { // its text has the address, where a key may stand
		err = fmt.Errorf("sending to %s: %w", c.url.Host, failed.Err)
		if failed.Temporary() && ctx.Err() == nil {
			err = &unavailable{error: err}
		}
	}
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	if err != nil {
		return fmt.Errorf("reading the answer of %s: %w", c.url.Host, err)
	}
	return c.judge(response, body)
}

// judge says what an answer means.
func (c *client) judge(response *http.Response, body []byte) error {
	inProtobuf := response.Header.Get("Content-Type") == protobuf
	if response.StatusCode/100 == 2 {
		if !inProtobuf {
			return nil
		}
		return c.partial(body)
	}
	text := string(body)
	if inProtobuf { // google.rpc.Status
		text = textIn(body, 2)
	}
	err := fmt.Errorf("%s answers %s: %.200q", c.url.Host, response.Status, strings.TrimSpace(text))
	switch response.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return &unavailable{err, c.retryAfter(response.Header.Get("Retry-After"))}
	}
	return err
}

// partial is what a collector that took a message says of a part that it did not.
func (c *client) partial(answer []byte) error {
	success := bytesIn(answer, 1)
	rejected, text := numberIn(success, 1), textIn(success, 2)
	if rejected == 0 && text == "" {
		return nil
	}
	return fmt.Errorf("%s did not take %d of what was sent: %.200q", c.url.Host, rejected, text)
}

// retryAfter is how long Retry-After asks to wait, 0 if it doesn't.
func (c *client) retryAfter(value string) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(c.clock.Now()), 0)
	}
	return 0
}

func compressed(message []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(message) // a buffer takes all
	w.Close()
	return b.Bytes()
}
