package main

import (
	"bytes"
	"fmt"
)

// check holds a target that listens to what it is said to do: otherwise its figures would
// be another work's.
func (t *target) check(l *loop, token string) error {
	l.keepHead = true
	defer func() { l.keepHead = false }()
	status, body, err := once(l, t.process.address, request(plainPath, token))
	if err != nil {
		return err
	}
	if status != "200" || len(body) != 1024 {
		return fmt.Errorf("it answers a good token with %s and %d bytes", status, len(body))
	}
	if t.full {
		for _, line := range []string{"x-user: " + callerID, "authorization: Bearer " + identityToken} {
			if !hasLine(l.lastHead, line) {
				name, _, _ := bytes.Cut([]byte(line), []byte(":"))
				return fmt.Errorf("the backend does not get its %s", name)
			}
		}
	}
	if !t.jwt {
		return nil
	}
	if status, _, err = once(l, t.process.address, request(plainPath, tampered(token))); err != nil {
		return err
	}
	if status != "401" {
		return fmt.Errorf("it answers a bad token with %s", status)
	}
	return nil
}

// hasLine looks for a header line, whose name may be in capitals.
func hasLine(head []byte, line string) bool {
	name, value, _ := bytes.Cut([]byte(line), []byte(": "))
	for l := range bytes.SplitSeq(head, []byte("\r\n")) {
		n, v, _ := bytes.Cut(l, []byte(": "))
		if bytes.EqualFold(n, name) && bytes.Equal(v, value) {
			return true
		}
	}
	return false
}
