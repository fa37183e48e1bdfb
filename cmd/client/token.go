package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// jwt is a JSON Web Token, read but not verified: the client is not the one to
// whom it is addressed.
type jwt struct {
	header, payload json.RawMessage
	claims          claims
}

// claims are what an explanation of a refusal needs.
type claims struct {
	Audience audience `json:"aud"`
	Issuer   string   `json:"iss"`
	Expires  float64  `json:"exp"` // seconds since 1970
}

// audience is one text or an array of them (RFC 7519, 4.1.3).
type audience []string

func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if err := json.Unmarshal(data, &one); err == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}

// graphAudiences are the resource URI (with and without the slash at its end)
// and the application id of Microsoft Graph.
var graphAudiences = []string{"https://graph.microsoft.com", "https://graph.microsoft.com/", "00000003-0000-0000-c000-000000000000"}

func (c claims) forGraph() bool {
	return slices.ContainsFunc(c.Audience, func(a string) bool { return slices.Contains(graphAudiences, a) })
}

// expired tells whether the token had run out at a time.
func (c claims) expired(at time.Time) bool {
	return c.Expires > 0 && !at.IsZero() && float64(at.Unix()) >= c.Expires
}

// decodeToken reads a token. Errors don't quote it.
func decodeToken(raw string) (jwt, error) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return jwt{}, failed("the access token is not a JSON Web Token: only the resource it is for can read it")
	}
	var t jwt
	for i, part := range []*json.RawMessage{&t.header, &t.payload} {
		data, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || !json.Valid(data) {
			return jwt{}, failed("the access token has three parts as a JSON Web Token has, but part %d is not JSON in base64url", i+1)
		}
		*part = data
	}
	if err := json.Unmarshal(t.payload, &t.claims); err != nil {
		return jwt{}, failed("the access token has claims of wrong types: %v", err)
	}
	return t, nil
}

// showToken prints a token's header and payload, never its signature.
func showToken(w io.Writer, raw string) error {
	t, err := decodeToken(raw)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	both := fmt.Appendf(nil, `{"header":%s,"payload":%s}`, t.header, t.payload)
	if err := json.Indent(&b, both, "", "  "); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, b.String())
	return err
}
