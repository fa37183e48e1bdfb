package jwtvalidate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

const (
	// MaxDiscoverySize bounds a discovery document, in bytes.
	MaxDiscoverySize = 1 << 20
	// MaxKeySetSize bounds a JWK set, in bytes.
	MaxKeySetSize = 1 << 20
)

// fetched is the outcome of one fetch. dropped is set even if the fetch failed
// because of it.
type fetched struct {
	snapshot *snapshot
	dropped  []DroppedKey
}

// load reads the discovery document at address and the key set it names.
func load(ctx context.Context, client *http.Client, address string) (fetched, error) {
	issuer, keysURL, err := loadDiscovery(ctx, client, address)
	if err != nil {
		return fetched{}, fmt.Errorf("discovery document %s: %w", address, err)
	}
	body, err := get(ctx, client, keysURL, MaxKeySetSize)
	if err != nil {
		return fetched{}, fmt.Errorf("key set %s: %w", keysURL, err)
	}
	keys, jwks, dropped, err := parseKeySet(body)
	if err != nil {
		return fetched{dropped: dropped}, fmt.Errorf("key set %s: %w", keysURL, err)
	}
	s, err := newSnapshot(issuer, keys, jwks)
	if err != nil {
		return fetched{dropped: dropped}, fmt.Errorf("key set %s: %w", keysURL, err)
	}
	return fetched{snapshot: s, dropped: dropped}, nil
}

// loadDiscovery reads issuer and jwks_uri, the two members that matter here (OpenID
// Connect Discovery 1.0 section 3 requires both).
func loadDiscovery(ctx context.Context, client *http.Client, address string) (issuer, keysURL string, err error) {
	body, err := get(ctx, client, address, MaxDiscoverySize)
	if err != nil {
		return "", "", err
	}
	var document struct {
		Issuer  string `json:"issuer"`
		KeysURL string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return "", "", fmt.Errorf("it is not a discovery document: %w", err)
	}
	if document.Issuer == "" {
		return "", "", errors.New("it has no issuer")
	}
	if err := checkKeysURL(address, document.KeysURL); err != nil {
		return "", "", err
	}
	return document.Issuer, document.KeysURL, nil
}

func checkKeysURL(discovery, keys string) error {
	if keys == "" {
		return errors.New("it has no jwks_uri")
	}
	u, err := url.Parse(keys)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("its jwks_uri %q is not an absolute http or https address", shown(keys))
	}
	if d, err := url.Parse(discovery); err == nil && d.Scheme == "https" && u.Scheme != "https" {
		return fmt.Errorf("its jwks_uri %q is not https although the document is", shown(keys))
	}
	return nil
}

// get reads a body of at most limit bytes. What it was sent is never quoted.
func get(ctx context.Context, client *http.Client, address string, limit int64) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return nil, transportFault(err)
	}
	defer response.Body.Close()
	if response.Request.URL.Scheme != request.URL.Scheme && request.URL.Scheme == "https" {
		return nil, errors.New("it was redirected from https to http")
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer has status %d, not 200", response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, transportFault(err)
	}
	if int64(len(body)) > limit {
		return nil, fmt.Errorf("it is longer than %d bytes", limit)
	}
	return body, nil
}

// transportFault says in one line why there was no answer; the address is named
// already.
func transportFault(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no whole answer within the time for a fetch: %w", context.DeadlineExceeded)
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
