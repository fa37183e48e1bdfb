package testrun

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A snapshot is a response that is kept in a file beside the tests, to be compared with
// the next time. It stands there as .http files have it; secrets are masked.
type snapshot struct {
	path string
	got  string
	at   Failure // without a message
}

// snapshot takes one of a test's responses, counted from 0.
func (j *judge) snapshot(n int, d *Done) snapshot {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\n", d.Status, d.Reason)
	for name, value := range d.Header.All() {
		fmt.Fprintf(&b, "%s: %s\n", name, value)
	}
	b.WriteByte('\n')
	b.Write(d.Body)
	name := slug(j.test.Name)
	if n > 0 {
		name += fmt.Sprintf("-%d", n+1)
	}
	folder := strings.TrimSuffix(strings.TrimSuffix(j.file.Path, ".yaml"), ".test") + ".snapshots"
	return snapshot{filepath.Join(folder, name+".http"), b.String(), Failure{File: j.file.Path, Line: j.test.Line, Col: j.test.Col}}
}

// slug is a test's name as a file's. Names that differ only in other characters than
// letters and digits share one, so a number of all of them follows then.
func slug(name string) string {
	var b strings.Builder
	exact := true
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-") && b.Len() > 0:
			b.WriteByte('-')
			exact = exact && r == ' '
		default:
			exact = false
		}
	}
	s := strings.Trim(b.String(), "-")
	if len(s) > 80 {
		s, exact = s[:80], false
	}
	if !exact || s == "" {
		var sum uint32 = 2166136261 // FNV-1a
		for i := range len(name) {
			sum = (sum ^ uint32(name[i])) * 16777619
		}
		s += fmt.Sprintf("-%08x", sum)
	}
	return s
}

// checkSnapshots compares a result's responses with those that are kept. With update
// they are written instead.
func (r *Result) checkSnapshots(update bool) error {
	for i := range r.snapshots {
		s := &r.snapshots[i]
		kept, err := os.ReadFile(s.path)
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		case err == nil && string(kept) == s.got:
			continue
		case update:
			if err := os.MkdirAll(filepath.Dir(s.path), 0o777); err != nil {
				return err
			}
			if err := os.WriteFile(s.path, []byte(s.got), 0o666); err != nil {
				return err
			}
			continue
		}
		f := s.at
		if err != nil {
			f.Message = fmt.Sprintf("there is no snapshot %s yet: look at what came, and run with --update to keep it", filepath.ToSlash(s.path))
			f.Diff = shown("+ ", s.got)
		} else {
			f.Message = fmt.Sprintf("the response differs from %s (- expected, + got); if it is right now, run with --update", filepath.ToSlash(s.path))
			f.Diff = Diff(string(bytes.TrimRight(kept, "\n")), strings.TrimRight(s.got, "\n"))
		}
		r.Failures = append(r.Failures, f)
	}
	return nil
}
