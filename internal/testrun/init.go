package testrun

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/hosts"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Init writes a first test file for a service or a policy document: for each operation a
// good request, and one for each refusal that its policies imply. What is expected of
// each is what came when it was tried, so the tests pass. out is where the file will
// stand, to which its paths are relative; "" is the working folder.
func Init(subject, out string) ([]byte, error) {
	data, err := os.ReadFile(subject)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", subject, reason(err))
	}
	key := "service"
	if text := strings.TrimSpace(strings.TrimPrefix(string(data), "\uFEFF")); strings.HasPrefix(text, "<") {
		key = "policy"
	}
	if out == "" {
		out = "first" + suffix
	}
	relative := relativeTo(filepath.Dir(out), subject)
	head := key + ": " + scalar(filepath.ToSlash(relative)) + "\n"
	f, err := Read(out, []byte(head+"tests: [{name: none}]\n"))
	if err != nil {
		return nil, err
	}
	s, err := f.Load()
	if err != nil {
		return nil, err
	}
	d := &drafter{file: f, subject: s}
	for _, a := range s.service.APIs {
		for _, o := range a.Operations {
			d.operation(a, o)
		}
	}
	var b strings.Builder
	b.WriteString("# Written by `gateway test init`: what came of each request when this was written. Read\n" +
		"# it, keep what you meant, and say what else you expect. docs/test.md tells what there is.\n" + head + "tests:\n")
	for _, t := range d.drafts {
		if err := d.try(t); err != nil {
			return nil, err
		}
		t.write(&b)
	}
	return []byte(b.String()), nil
}

// relativeTo is a path as seen from a folder; as it is, if that is not known.
func relativeTo(folder, path string) string {
	from, err := filepath.Abs(folder)
	if err != nil {
		return path
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(from, to); err == nil {
		return relative
	}
	return path
}

// A draft is a test that is yet to be tried.
type draft struct {
	name    string
	request request
	good    bool // it ought to get through
	stubs   []string

	comment string
	status  int
	reason  string // of LastError
	calls   int
}

// request is a request as lines of YAML: the key and the value.
type request struct {
	members []member
	headers []member
	token   []member // nil: none
}

type member struct{ key, value string }

// with is a copy in which a member has another value; "" takes it out.
func with(members []member, key, value string) []member {
	var changed []member
	found := false
	for _, m := range members {
		if m.key == key {
			found = true
			if m.value = value; value == "" {
				continue
			}
		}
		changed = append(changed, m)
	}
	if !found && value != "" {
		changed = append(changed, member{key, value})
	}
	return changed
}

// A drafter makes the drafts of a service.
type drafter struct {
	file    *File
	subject *Subject
	drafts  []*draft
}

// operation drafts the tests of one operation.
func (d *drafter) operation(a *service.API, o *service.Operation) {
	name := o.View.ID
	if len(d.subject.service.APIs) > 1 {
		name = a.View.ID + ": " + name
	}
	good := request{members: d.address(a, o)}
	if a.VersionSet != nil && a.VersionSet.Scheme == service.Header && a.View.Version != "" {
		good.headers = []member{{a.VersionSet.Parameter, a.View.Version}}
	}
	checks := d.checks(a, o)
	key := d.keyFor(a)
	if key != "" {
		good.members = append(good.members, member{"key", scalar(key)})
	}
	for _, c := range checks {
		c.satisfy(&good)
	}
	add := func(what string, r request, good bool) {
		d.drafts = append(d.drafts, &draft{name: name + ": " + what, request: r, good: good})
	}
	add("a good request", good, true)
	if key != "" {
		without := good
		without.members = with(good.members, "key", "")
		add("no subscription key", without, false)
		wrong := without
		wrong.headers = with(good.headers, a.View.SubscriptionHeader, "not-a-key")
		add("a wrong subscription key", wrong, false)
	}
	for _, c := range checks {
		c.refusals(good, add)
	}
}

// address is method, URL and body of a request that fits the operation.
func (d *drafter) address(a *service.API, o *service.Operation) []member {
	path := o.View.URLTemplate
	value := func(hole string) string { return "1" }
	chat := strings.HasSuffix(path, "/chat/completions") && d.isOpenAI(a)
	if chat {
		value = func(hole string) string {
			if names := slices.Sorted(maps.Keys(d.subject.parties.OpenAI.Deployments)); len(names) > 0 {
				return names[0]
			}
			return hole
		}
		path += "?api-version=2024-10-21"
	}
	url := "/" + a.Prefix() + filled(path, value)
	url = strings.ReplaceAll(url, "//", "/")
	members := []member{{"url", scalar(url)}}
	method := o.View.Method
	if method != "GET" && method != "*" {
		members = append([]member{{"method", method}}, members...)
	}
	if a.VersionSet != nil && a.VersionSet.Scheme == service.Query && a.View.Version != "" {
		members = append(members, member{"query", "{" + scalar(a.VersionSet.Parameter) + ": " + scalar(a.View.Version) + "}"})
	}
	switch {
	case chat:
		members = append(members, member{"json", "{messages: [{role: user, content: Hello}]}"})
	case method == "POST" || method == "PUT" || method == "PATCH":
		members = append(members, member{"json", "{}"})
	}
	return members
}

func (d *drafter) isOpenAI(a *service.API) bool {
	target, mapped := d.subject.hosts.Lookup(a.Backend.Host)
	return mapped && target.Party == hosts.AzureOpenAI
}

// filled is a URL template with values in its holes.
func filled(template string, value func(hole string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(strings.ReplaceAll(before, "*", "1"))
		if !found {
			return b.String()
		}
		hole, after, _ := strings.Cut(rest, "}")
		b.WriteString(value(strings.TrimPrefix(hole, "*")))
		template = after
	}
}

// keyFor is a subscription whose key opens an API; "" if it needs none, or there is none.
func (d *drafter) keyFor(a *service.API) string {
	if !a.SubscriptionRequired || a.OpenProduct() != nil {
		return ""
	}
	for _, sub := range d.subject.service.Subscriptions {
		if sub.Active && sub.Opens(a) {
			return sub.View.ID
		}
	}
	return ""
}

// try does the request and notes what comes. Calls that nobody answers get a stub.
func (d *drafter) try(t *draft) error {
	const attempts = 20 // a policy calls few hosts
	for range attempts {
		unmatched, err := d.tryOnce(t)
		if err != nil || unmatched == nil {
			return err
		}
		t.stubs = append(t.stubs, fmt.Sprintf("{match: {host: %s}, status: 200}", scalar(unmatched.Call.URL.Host)))
	}
	return fmt.Errorf("the policies of %s call ever more hosts", t.name)
}

func (d *drafter) tryOnce(t *draft) (*UnmatchedError, error) {
	var b strings.Builder
	b.WriteString("policy: p\ntests:\n")
	t.write(&b)
	f, err := Read(d.file.Path, []byte(b.String()))
	if err != nil {
		return nil, fmt.Errorf("a test that was drafted can't be read, which is this program's fault: %w", err)
	}
	ctx, cancel := exchange.WithTimeout(context.Background(), exchange.System, patience)
	defer cancel()
	w, err := NewWorld(d.subject, WorldOptions{Context: ctx})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	w.file = f
	out, err := w.perform(f.Tests[0], &f.Tests[0].steps[0])
	var unmatched *UnmatchedError
	if errors.As(err, &unmatched) {
		return unmatched, nil
	}
	if err != nil {
		t.comment = "this could not be tried: " + oneLine(err.Error())
		return nil, nil
	}
	done := out.done[0]
	t.status, t.calls = done.Status, len(out.calls)
	if e := done.Exchange.LastError; e != nil {
		t.reason = e.Reason
	}
	switch refused := done.Status >= 400; {
	case t.good && refused:
		t.comment = "TODO: this was refused" + why(done) + "; add what the policies want"
	case !t.good && !refused:
		t.comment = "TODO: this got through; is that meant?"
	}
	return nil, nil
}
