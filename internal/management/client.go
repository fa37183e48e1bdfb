package management

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
)

// AddressFile is the file of the state folder that says how to reach the
// listener. Only its owner can read it.
const AddressFile = "management.json"

// Address says how to reach a running emulator's management listener.
type Address struct {
	URL   string `json:"url"`
	Token string `json:"token"`
}

// Client talks to the management listener of a running emulator.
type Client struct{ address Address }

// RefusedError is a refusal of the listener.
type RefusedError struct {
	Status  int // of HTTP
	Message string
}

func (e *RefusedError) Error() string { return e.Message }

// Open finds the emulator that runs with the state folder.
func Open(state string) (*Client, error) {
	data, err := os.ReadFile(filepath.Join(state, AddressFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("no emulator is running with the state folder %s: start `gateway serve`, or name its folder with --state", state)
	}
	if err != nil {
		return nil, fmt.Errorf("the state folder can't be read: %w", err)
	}
	c := &Client{}
	if err := json.Unmarshal(data, &c.address); err != nil || c.address.URL == "" || c.address.Token == "" {
		return nil, fmt.Errorf("%s of the state folder is damaged: start `gateway serve` again", AddressFile)
	}
	return c, nil
}

// Get reads the JSON at path into v.
func (c *Client) Get(ctx context.Context, path string, v any) error {
	return c.do(ctx, http.MethodGet, path, nil, v)
}

// Post sends request as JSON and reads the answer into v.
func (c *Client) Post(ctx context.Context, path string, request, v any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	return c.do(ctx, http.MethodPost, path, body, v)
}

// Follow calls f with the data of each event that path sends, until ctx ends, the listener
// goes or f fails.
func (c *Client) Follow(ctx context.Context, path string, f func(data []byte) error) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.address.URL+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.address.Token)
	transport := &http.Transport{Proxy: nil}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(r)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return errGone
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return &RefusedError{response.StatusCode, "the emulator answered " + response.Status}
	}
	lines := bufio.NewReader(response.Body)
	for {
		line, err := lines.ReadBytes('\n')
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return errGone
		}
		if data, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("data: ")); ok {
			if err := f(data); err != nil {
				return err
			}
		}
	}
}

var errGone = errors.New("the emulator of this state folder does not answer: start `gateway serve` again")

func (c *Client) do(ctx context.Context, method, path string, body []byte, v any) error {
	r, err := http.NewRequestWithContext(ctx, method, c.address.URL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.address.Token)
	r.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{Proxy: nil}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(r)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return errGone
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, 64<<20))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		var refusal struct {
			Error string `json:"error"`
		}
		if json.Unmarshal(data, &refusal) != nil || refusal.Error == "" {
			refusal.Error = "the emulator answered " + response.Status
		}
		return &RefusedError{response.StatusCode, refusal.Error}
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("what answers at %s is not the emulator of this state folder: start `gateway serve` again", c.address.URL)
	}
	return nil
}
