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
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy"
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
	if out == "" {
		out = "first" + suffix
	}
	path := scalar(filepath.ToSlash(relativeTo(filepath.Dir(out), subject)))
	head := "service: " + path + "\n"
	if text := strings.TrimSpace(strings.TrimPrefix(string(data), "\uFEFF")); strings.HasPrefix(text, "<") {
		head = "policy: " + path + "\n"
		if d, _ := policy.Read(subject, data); d != nil && d.Root() != nil && d.Root().Tag == "fragment" {
			head = "fragment: {file: " + path + ", in: inbound}\n"
		}
	}
	f, err := Read(out, []byte(head+"tests: [{name: none}]\n"))
	if err != nil {
		return nil, err
	}
	d, err := newDrafter(f)
	if err != nil {
		return nil, err
	}
	if len(d.madeUp) > 0 { // what the environment holds goes into no file
		head += d.namedValues()
	}
	for _, a := range d.subject.service.APIs {
		for _, o := range a.Operations {
			if err := d.operation(a, o); err != nil {
				return nil, err
			}
		}
	}
	var b strings.Builder
	b.WriteString("# Written by `gateway test init`: what came of each request when this was written. Read\n" +
		"# it, keep what you meant, and say what else you expect. docs/test.md tells what there is.\n" + head + "tests:\n")
	var tried []*draft
	for _, t := range d.drafts {
		if t.status == 0 {
			fmt.Fprintf(&b, "  # %s: %s\n", oneLine(t.name), t.comment)
			continue
		}
		tried = append(tried, t)
	}
	if tried == nil && len(d.drafts) > 0 {
		return nil, fmt.Errorf("%s: no request to it could be tried: %s", subject, d.drafts[0].comment)
	}
	for _, t := range tried {
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
	set     string // state to be set before; "": none
	request request
	good    bool // it ought to get through
	stubs   []string

	comment  string
	status   int
	reason   string // of LastError
	calls    int
	deciding string // the statement that answered, as document:line
	counters []policy.CounterState
}

// request is a request as lines of YAML: the key and the value.
type request struct {
	members []member
	query   []member
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
	sources service.Sources
	// madeUp stands for named values that are not in the service's file and would get
	// into a request.
	madeUp map[string]string
	drafts []*draft
}

// newDrafter reads what the file's tests are about, twice: as it is written, and as it
// runs.
func newDrafter(f *File) (*drafter, error) {
	d := &drafter{file: f}
	written, err := f.loadService(d.sources.Inspect(loadOptions()))
	if err != nil {
		return nil, reported(err)
	}
	if d.madeUp, err = d.makeUp(written); err != nil {
		return nil, err
	}
	if len(d.madeUp) > 0 {
		f.config.NamedValues = make(map[string]yamlfile.Text)
		for name, value := range d.madeUp {
			f.config.NamedValues[name] = yamlfile.Text{Value: value}
		}
		if d.subject, err = f.Load(); err == nil {
			return d, nil
		}
		f.config.NamedValues, d.madeUp = nil, nil // what is made up does not serve
	}
	d.subject, err = f.Load()
	return d, err
}

// operation drafts the tests of one operation.
func (d *drafter) operation(a *service.API, o *service.Operation) error {
	prefix := o.View.ID + ": "
	if len(d.subject.service.APIs) > 1 {
		prefix = a.View.ID + ": " + prefix
	}
	base := d.address(a, o)
	if a.VersionSet != nil && a.VersionSet.Scheme == service.Header && a.View.Version != "" {
		base.headers = []member{{a.VersionSet.Parameter, a.View.Version}}
	}
	sub := d.subscriptionFor(a)
	if sub != nil {
		base.members = append(base.members, member{"key", scalar(sub.View.ID)})
	}
	statements, err := d.inbound(a, o, sub)
	if err != nil {
		return err
	}
	checks, conditions := checksOf(statements), conditionsOf(statements)
	for _, c := range checks {
		c.satisfy(&base)
	}
	good := &draft{name: prefix + "a good request", request: base, good: true}
	if err := d.openDoor(good, conditions); err != nil {
		return err
	}
	d.drafts = append(d.drafts, good)
	refused := refusals{drafter: d, prefix: prefix, good: good, seen: make(map[string]bool)}
	if sub != nil {
		refused.ofKey(a)
	}
	for _, c := range checks {
		c.refusals(good.request, refused.add)
	}
	refused.ofConditions(conditions)
	refused.ofCounters()
	return refused.err
}

// refusals are the drafts that the policies of one operation refuse.
type refusals struct {
	drafter *drafter
	prefix  string
	good    *draft
	seen    map[string]bool // the statements that refuse one of them
	err     error
}

// add adds a draft that differs from the good request in one thing.
func (r *refusals) add(what string, q request) {
	if r.err == nil {
		t := &draft{name: r.prefix + what, request: q}
		if r.err = r.drafter.try(t); r.err == nil {
			r.keep(t)
		}
	}
}

func (r *refusals) keep(t *draft) {
	r.seen[t.deciding] = true
	r.drafter.drafts = append(r.drafter.drafts, t)
}

// ofKey are requests without the subscription's key.
func (r *refusals) ofKey(a *service.API) {
	q := r.good.request
	q.members = with(q.members, "key", "")
	r.add("no subscription key", q)
	q.headers = with(q.headers, a.View.SubscriptionHeader, "not-a-key")
	r.add("a wrong subscription key", q)
}

// address is method, URL and body of a request that fits the operation.
func (d *drafter) address(a *service.API, o *service.Operation) request {
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
	r := request{members: []member{{"url", scalar(url)}}}
	method := o.View.Method
	if method != "GET" && method != "*" {
		r.members = append([]member{{"method", method}}, r.members...)
	}
	if a.VersionSet != nil && a.VersionSet.Scheme == service.Query && a.View.Version != "" {
		r.query = append(r.query, member{a.VersionSet.Parameter, a.View.Version})
	}
	switch {
	case chat:
		r.members = append(r.members, member{"json", "{messages: [{role: user, content: Hello}]}"})
	case method == "POST" || method == "PUT" || method == "PATCH":
		r.members = append(r.members, member{"json", "{}"})
	}
	return r
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

// subscriptionFor is one whose key opens an API; nil if the API needs none, or there is
// none.
func (d *drafter) subscriptionFor(a *service.API) *service.Subscription {
	if !a.SubscriptionRequired || a.OpenProduct() != nil {
		return nil
	}
	for _, sub := range d.subject.service.Subscriptions {
		if sub.Active && sub.Opens(a) {
			return sub
		}
	}
	return nil
}

// inbound are the statements that an operation's requests meet first.
func (d *drafter) inbound(a *service.API, o *service.Operation, sub *service.Subscription) ([]*policy.Part, error) {
	product := a.OpenProduct()
	if sub != nil {
		product = sub.Product
	}
	s := d.subject.service
	effective, _, err := d.sources.Effective(s.Policies(a, o, product), s.Names())
	if err != nil {
		return nil, err
	}
	return effective.Sections[0].Parts, nil
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
	var out *outcome
	for i := range f.Tests[0].steps {
		if out, err = w.perform(f.Tests[0], &f.Tests[0].steps[i]); err != nil {
			break
		}
	}
	var unmatched *UnmatchedError
	if errors.As(err, &unmatched) {
		return unmatched, nil
	}
	if err != nil {
		t.comment = "this could not be tried: " + oneLine(err.Error())
		return nil, nil
	}
	done := out.done[0]
	t.comment, t.status, t.calls, t.counters = "", done.Status, len(out.calls), w.counters.Snapshot(w.clock.Now())
	t.reason, t.deciding = "", ""
	if e := done.Exchange.LastError; e != nil {
		t.reason = e.Reason
	}
	if step := done.Record.Deciding(); step != nil {
		t.deciding = fmt.Sprintf("%s:%d", step.Document, step.Line)
	}
	switch refused := done.Status >= 400; {
	case t.good && refused:
		t.comment = "TODO: this was refused" + why(done) + "; add what the policies want"
	case !t.good && !refused:
		t.comment = "TODO: this got through; is that meant?"
	}
	return nil, nil
}
