package main

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"
)

// secrets are the texts that never leave this program by way of its output: the
// access token, the client secret, the subscription key. Whatever is printed,
// also what a server echoed, passes a [redactor] that knows them.
type secrets struct {
	list [][]byte // longest first
}

// shortestSecret keeps a key such as "a" from eating every a of an answer.
const shortestSecret = 8

const redacted = "[hidden]"

func (s *secrets) add(text string) {
	if len(text) < shortestSecret {
		return
	}
	s.list = append(s.list, []byte(text))
	slices.SortFunc(s.list, func(a, b []byte) int { return cmp.Compare(len(b), len(a)) })
}

// addToken hides a token as a whole, and its signature alone.
func (s *secrets) addToken(token string) {
	s.add(token)
	s.add(token[strings.LastIndexByte(token, '.')+1:])
}

// openEnd is the length of the longest end of text that may be the beginning of
// a secret.
func (s *secrets) openEnd(text []byte) int {
	longest := 0
	for _, secret := range s.list {
		for n := min(len(secret)-1, len(text)); n > longest; n-- {
			if bytes.HasSuffix(text, secret[:n]) {
				longest = n
			}
		}
	}
	return longest
}

// redactor writes what it is given without the secrets. An end that may be the
// beginning of one waits for the next write or for Flush.
type redactor struct {
	w       io.Writer
	secrets *secrets
	held    []byte
}

func (r *redactor) Write(p []byte) (int, error) {
	text := append(r.held, p...)
	for _, secret := range r.secrets.list {
		text = bytes.ReplaceAll(text, secret, []byte(redacted))
	}
	split := len(text) - r.secrets.openEnd(text)
	r.held = bytes.Clone(text[split:])
	if _, err := r.w.Write(text[:split]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes what waits.
func (r *redactor) Flush() error {
	_, err := r.w.Write(r.held)
	r.held = nil
	return err
}
