package policy_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// trail is the variable in which the statements of these tests leave their marks.
const trail = "trail"

// statement defines an element of the tests with one attribute, v.
func statement(name string, run func(r *policy.Run, v string) error) *policy.Definition {
	return &policy.Definition{
		Element:  policy.Element{Name: name, Attributes: []policy.Attribute{{Name: "v", Type: policy.String}}},
		Sections: policy.AnySection,
		Compile: func(n *policy.Node) (policy.Step, error) {
			v, _ := n.String("v").Constant()
			return policy.StepFunc(func(r *policy.Run) error { return run(r, v) }), nil
		},
	}
}

func catalogueOf(definitions ...*policy.Definition) *policy.Catalogue {
	makers := make(map[string]func() *policy.Definition)
	for _, d := range definitions {
		makers[d.Name] = func() *policy.Definition { return d }
	}
	return policy.NewCatalogue(makers)
}

func mark(r *policy.Run, v string) {
	before, _ := r.Variables.Get(trail)
	marks, _ := before.(string)
	r.Variables.Set(trail, strings.TrimSpace(marks+" "+v))
}

var engineCatalogue = catalogueOf(
	statement("mark", func(r *policy.Run, v string) error {
		mark(r, v)
		return nil
	}),
	statement("forward", func(r *policy.Run, v string) error {
		mark(r, "forward")
		r.Response = &exchange.Response{Status: 200, Reason: v}
		return nil
	}),
	statement("answer", func(r *policy.Run, v string) error {
		r.Response = &exchange.Response{Status: 299, Reason: v}
		return policy.ErrResponded
	}),
	statement("refuse", func(_ *policy.Run, v string) error {
		return &exchange.Failure{Status: 403, LastError: exchange.LastError{Reason: "Refused", Message: v}}
	}),
	statement("refuse-elsewhere", func(_ *policy.Run, v string) error {
		return &exchange.Failure{Status: 403, LastError: exchange.LastError{Source: "there", Reason: "Refused", Message: v, Path: `a\b`}}
	}),
	statement("break", func(_ *policy.Run, v string) error { return fmt.Errorf("broken: %w", errors.New(v)) }),
	statement("read", func(r *policy.Run, _ string) error {
		_, err := r.Request.Body.Buffer(r.Env.BodyLimit)
		return err
	}),
	statement("wait", func(r *policy.Run, _ string) error {
		<-r.Context.Done()
		return context.Cause(r.Context)
	}),
)

// compile makes what a scope's document compiles to; nil for "".
func compile(t testing.TB, scope exchange.Scope, text string, fragments map[string]string) *policy.Compiled {
	t.Helper()
	if text == "" {
		return nil
	}
	read := func(name, text string) *policy.Document {
		d, fault := policy.Read(name, []byte(text))
		if fault != nil {
			t.Fatal(fault)
		}
		return d
	}
	c, err := policy.Compile(read(string(scope)+".xml", text), scope, policy.Bindings{
		Fragment: func(id string) (*policy.Document, bool) {
			return read("fragment/"+id, fragments[id]), fragments[id] != ""
		},
	}, engineCatalogue)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// scopes are the documents of a program.
type scopes struct {
	global, product, api, operation string
	fragments                       map[string]string
}

func (s scopes) link(t testing.TB) *policy.Program {
	t.Helper()
	return policy.Link(
		compile(t, exchange.ScopeOperation, s.operation, s.fragments),
		compile(t, exchange.ScopeAPI, s.api, s.fragments),
		compile(t, exchange.ScopeProduct, s.product, s.fragments),
		compile(t, exchange.ScopeGlobal, s.global, s.fragments),
	)
}

func newExchange() *exchange.Exchange {
	return &exchange.Exchange{
		Context: context.Background(),
		ID:      "00000000-0000-0000-0000-000000000001",
		Clock:   exchange.NewVirtualClock(time.Unix(0, 0)),
	}
}

func marks(x *exchange.Exchange) string {
	v, _ := x.Variables.Get(trail)
	s, _ := v.(string)
	return s
}

// everywhere is a document with a mark before and after base in each section.
func everywhere(name string) string {
	var b strings.Builder
	for _, s := range []string{"inbound", "backend", "outbound", "on-error"} {
		fmt.Fprintf(&b, "<%s><mark v='%s'/><base/><mark v='/%[2]s'/></%[1]s>", s, name+"-"+s[:2])
	}
	return "<policies>" + b.String() + "</policies>"
}

const globalForward = "<policies><inbound><base/><mark v='g-in'/></inbound><backend><forward/></backend><outbound><mark v='g-ou'/></outbound><on-error><mark v='g-on'/></on-error></policies>"

func TestScopes(t *testing.T) {
	for _, c := range []struct {
		name   string
		scopes scopes
		want   string
	}{
		{"base around every scope", scopes{operation: everywhere("o"), api: everywhere("a"), product: everywhere("p"), global: globalForward},
			"o-in a-in p-in g-in /p-in /a-in /o-in o-ba a-ba p-ba forward /p-ba /a-ba /o-ba o-ou a-ou p-ou g-ou /p-ou /a-ou /o-ou"},
		{"a scope without a document", scopes{operation: everywhere("o"), global: globalForward},
			"o-in g-in /o-in o-ba forward /o-ba o-ou g-ou /o-ou"},
		{"no document at all", scopes{}, ""},
		{"no base cuts off all wider scopes", scopes{operation: everywhere("o"), api: "<policies><inbound><mark v='a'/></inbound><backend><base/></backend><outbound><base/></outbound></policies>", product: everywhere("p"), global: globalForward},
			"o-in a /o-in o-ba p-ba forward /p-ba /o-ba o-ou p-ou g-ou /p-ou /o-ou"},
		{"a section that is not there has no base", scopes{api: "<policies><inbound><base/></inbound></policies>", global: globalForward}, "g-in"},
		{"a section that is empty has no base", scopes{api: "<policies><inbound/><backend><base/></backend><outbound/></policies>", global: globalForward}, "forward"},
		{"base twice", scopes{api: "<policies><inbound><base/><mark v='a'/><base/></inbound></policies>", global: globalForward}, "g-in a g-in"},
		{"base of the widest scope does nothing", scopes{global: everywhere("g")}, "g-in /g-in g-ba /g-ba g-ou /g-ou"},
		{"a fragment in its place", scopes{
			api:       "<policies><inbound><mark v='1'/><include-fragment fragment-id='f'/><base/><include-fragment fragment-id='f'/></inbound></policies>",
			global:    globalForward,
			fragments: map[string]string{"f": "<fragment><mark v='f1'/><mark v='f2'/></fragment>"},
		}, "1 f1 f2 g-in f1 f2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := newExchange()
			c.scopes.link(t).Execute(x, &policy.Env{})
			if got := marks(x); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if x.Response == nil || x.Response.Status != 200 || x.LastError != nil {
				t.Errorf("response %+v, LastError %+v; want 200 and none", x.Response, x.LastError)
			}
		})
	}
}

// Where nothing is forwarded outbound runs on an empty 200.
func TestNothingForwarded(t *testing.T) {
	x := newExchange()
	scopes{api: "<policies><inbound/><outbound><mark v='o'/></outbound></policies>"}.link(t).Execute(x, &policy.Env{})
	if x.Response.Status != 200 || x.Response.Reason != "OK" || x.Response.Header.Len() != 0 || x.Response.Body.Exists() || marks(x) != "o" {
		t.Errorf("got %+v, trail %q", x.Response, marks(x))
	}
}

func TestErrors(t *testing.T) {
	const onError = "<on-error><mark v='before'/><base/><mark v='after'/></on-error>"
	refused := func(scope, section, path, id string) exchange.LastError {
		return exchange.LastError{Source: "refuse", Reason: "Refused", Message: "m", Scope: scope, Section: section, Path: path, PolicyID: id}
	}
	general := func(section, path, message string) exchange.LastError {
		return exchange.LastError{Source: path, Reason: exchange.ReasonInternal, Message: message, Scope: "api", Section: section, Path: path}
	}
	const (
		body403 = `{ "statusCode": 403, "message": "m" }`
		body500 = `{ "statusCode": 500, "message": "Internal server error", "activityId": "00000000-0000-0000-0000-000000000001" }`
	)
	for _, c := range []struct {
		name   string
		scopes scopes
		trail  string
		body   string
		want   exchange.LastError
	}{
		{"in inbound, with an id", scopes{
			api:    "<policies><inbound><mark v='1'/><refuse v='m' id='my-id'/><mark v='2'/><base/></inbound><backend><base/></backend><outbound><mark v='3'/></outbound>" + onError + "</policies>",
			global: globalForward,
		}, "1 before g-on after", body403, refused("api", "inbound", "refuse", "my-id")},
		{"in a wider scope", scopes{
			operation: "<policies><inbound><base/><mark v='o'/></inbound><on-error><base/><mark v='o-on'/></on-error></policies>",
			product:   "<policies><inbound><refuse v='m'/></inbound></policies>",
			global:    globalForward,
		}, "o-on", body403, refused("product", "inbound", "refuse", "")},
		{"in backend", scopes{global: "<policies><backend><refuse v='m'/></backend><outbound><mark v='no'/></outbound></policies>"},
			"", body403, refused("global", "backend", "refuse", "")},
		{"in outbound, on a response", scopes{operation: "<policies><backend><forward/></backend><outbound><refuse v='m'/><mark v='no'/></outbound><on-error><mark v='on'/></on-error></policies>"},
			"forward on", body403, refused("operation", "outbound", "refuse", "")},
		{"in a fragment", scopes{
			api:       "<policies><inbound><mark v='1'/><include-fragment fragment-id='f'/></inbound></policies>",
			fragments: map[string]string{"f": "<fragment><mark v='2'/><refuse v='m' id='f'/></fragment>"},
		}, "1 2", body403, refused("api", "inbound", "refuse", "f")},
		{"a failure that knows its place keeps it", scopes{api: "<policies><inbound><refuse-elsewhere v='m'/></inbound></policies>"},
			"", body403, exchange.LastError{Source: "there", Reason: "Refused", Message: "m", Scope: "api", Section: "inbound", Path: `a\b`}},
		{"an error that says nothing", scopes{api: "<policies><inbound><break v='why'/></inbound>" + onError + "</policies>"},
			"before after", body500, general("inbound", "break", "Internal server error")},
		{"inside on-error ends it", scopes{api: "<policies><inbound><refuse v='m'/></inbound><on-error><mark v='1'/><break v='x'/><mark v='2'/></on-error></policies>"},
			"1", body403, refused("api", "inbound", "refuse", "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := newExchange()
			c.scopes.link(t).Execute(x, &policy.Env{})
			if got := marks(x); got != c.trail {
				t.Errorf("trail: got %q, want %q", got, c.trail)
			}
			if x.LastError == nil {
				t.Fatal("no LastError")
			}
			if c.want.HTTPErrorCode = 500; c.body == body403 {
				c.want.HTTPErrorCode = 403
			}
			if diff := cmp.Diff(c.want, *x.LastError); diff != "" {
				t.Errorf("LastError (-want +got)\n%s", diff)
			}
			if got := readBody(t, x.Response); got != c.body {
				t.Errorf("body: got %s, want %s", got, c.body)
			}
		})
	}
}

func readBody(t testing.TB, response *exchange.Response) string {
	t.Helper()
	data, err := response.Body.Buffer(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestPaths(t *testing.T) {
	fragments := map[string]string{"f": "<fragment><mark/><refuse/></fragment>"}
	for text, want := range map[string]string{
		"<mark/><refuse/><mark/>":                                "refuse",
		"<mark/><refuse/><refuse/>":                              "refuse[1]",
		"<mark/><include-fragment fragment-id='f'/><refuse/>":    "refuse[1]",
		"<mark/><include-fragment fragment-id='f'/><mark/>":      "refuse",
		"<base/><refuse/><base/><refuse/>":                       "refuse[1]",
		"<mark/><mark/><base/><refuse v='a'/><mark/><refuse />":  "refuse[1]",
		"<refuse-elsewhere/><refuse-elsewhere/>":                 `a\b`,
		"<include-fragment fragment-id='f'/><refuse-elsewhere/>": "refuse",
	} {
		x := newExchange()
		scopes{api: "<policies><inbound>" + text + "</inbound></policies>", fragments: fragments}.link(t).Execute(x, &policy.Env{})
		if x.LastError == nil || x.LastError.Path != want {
			t.Errorf("%s: got %+v, want path %s", text, x.LastError, want)
		}
	}
}

func TestRespondedEndsTheSections(t *testing.T) {
	const rest = "<backend><forward/></backend><outbound><mark v='no'/></outbound><on-error><mark v='no'/></on-error>"
	for _, c := range []struct {
		name  string
		s     scopes
		trail string
	}{
		{"in inbound", scopes{api: "<policies><inbound><mark v='1'/><answer v='mine'/><mark v='no'/></inbound>" + rest + "</policies>"}, "1"},
		{"in base", scopes{api: "<policies><inbound><base/><mark v='no'/></inbound>" + rest + "</policies>", global: "<policies><inbound><answer v='mine'/></inbound></policies>"}, ""},
		{"in a fragment", scopes{
			api:       "<policies><inbound><include-fragment fragment-id='f'/><mark v='no'/></inbound>" + rest + "</policies>",
			fragments: map[string]string{"f": "<fragment><mark v='1'/><answer v='mine'/><mark v='no'/></fragment>"},
		}, "1"},
		{"in outbound", scopes{api: "<policies><backend><forward/></backend><outbound><answer v='mine'/><mark v='no'/></outbound></policies>"}, "forward"},
		{"in on-error", scopes{api: "<policies><inbound><refuse/></inbound><on-error><answer v='mine'/><mark v='no'/></on-error></policies>"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := newExchange()
			c.s.link(t).Execute(x, &policy.Env{})
			if got := marks(x); got != c.trail || x.Response.Status != 299 || x.Response.Reason != "mine" {
				t.Errorf("trail %q, response %d %s; want %q, 299 mine", got, x.Response.Status, x.Response.Reason, c.trail)
			}
		})
	}
}

func TestClientGone(t *testing.T) {
	x := newExchange()
	ctx, cancel := context.WithCancel(context.Background())
	x.Context = ctx
	cancel()
	scopes{api: "<policies><inbound><wait/></inbound></policies>"}.link(t).Execute(x, &policy.Env{})
	if x.LastError.Reason != "ClientConnectionFailure" || x.LastError.Message != "The operation was canceled." {
		t.Errorf("got %+v", x.LastError)
	}
}

func TestBodyTooLarge(t *testing.T) {
	x := newExchange()
	x.Request.Body = exchange.StreamBody(io.NopCloser(strings.NewReader("12345")), -1)
	scopes{api: "<policies><inbound><read/></inbound></policies>"}.link(t).Execute(x, &policy.Env{BodyLimit: 4})
	want := exchange.LastError{Source: "read", Reason: "BodyTooLarge", Message: "the message body is larger than 4 bytes, the most that is held in memory", Scope: "api", Section: "inbound", Path: "read", HTTPErrorCode: 413}
	if x.Response.Status != 413 || *x.LastError != want {
		t.Errorf("got %d, %+v", x.Response.Status, x.LastError)
	}
}

// The response that an error or an answer replaces is let go of.
func TestReplacedResponseIsClosed(t *testing.T) {
	closed := 0
	catalogue := catalogueOf(statement("forward", func(r *policy.Run, _ string) error {
		r.Response = &exchange.Response{Status: 200, Body: exchange.StreamBody(closer{strings.NewReader("x"), &closed}, -1)}
		return nil
	}), statement("break", func(*policy.Run, string) error { return errors.New("x") }))
	d, _ := policy.Read("d.xml", []byte("<policies><backend><forward/></backend><outbound><break/></outbound></policies>"))
	c, err := policy.Compile(d, exchange.ScopeAPI, policy.Bindings{}, catalogue)
	if err != nil {
		t.Fatal(err)
	}
	policy.Link(c).Execute(newExchange(), &policy.Env{})
	if closed != 1 {
		t.Errorf("closed %d times, want once", closed)
	}
}

type closer struct {
	io.Reader
	closed *int
}

func (c closer) Close() error {
	*c.closed++
	return nil
}

// Fail answers what was refused before the sections, through on-error.
func TestFail(t *testing.T) {
	x := newExchange()
	f := &exchange.Failure{Status: 404, ClientMessage: "Resource not found"}
	f.Source, f.Reason, f.Message = exchange.SourceConfiguration, exchange.ReasonOperationNotFound, exchange.MessageOperationNotFound
	scopes{api: everywhere("a"), global: globalForward}.link(t).Fail(x, &policy.Env{}, f)
	want := exchange.LastError{Source: "configuration", Reason: "OperationNotFound", Message: "Unable to match incoming request to an operation.", HTTPErrorCode: 404}
	if *x.LastError != want || x.Response.Status != 404 || marks(x) != "a-on g-on /a-on" {
		t.Errorf("got %+v, %d, trail %s", *x.LastError, x.Response.Status, marks(x))
	}
	if got, want := readBody(t, x.Response), `{ "statusCode": 404, "message": "Resource not found" }`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// recorder writes down what an Observer is told.
type recorder struct{ events []string }

func (o *recorder) Enter(_ *exchange.Exchange, s *exchange.Site) {
	o.events = append(o.events, fmt.Sprintf("enter %s %s:%d:%d %s %s %s%s", s.Statement, s.Document, s.Line, s.Col, s.Scope, s.Section, s.Path, s.PolicyID))
}

func (o *recorder) Leave(_ *exchange.Exchange, s *exchange.Site, outcome exchange.Outcome, err error) {
	o.events = append(o.events, fmt.Sprintf("leave %s %s %v", s.Statement, outcome, err))
}

// Evaluated is part of exchange.Observer.
func (o *recorder) Evaluated(*exchange.Exchange, *exchange.Evaluation) {}

// Judged is part of exchange.Observer.
func (o *recorder) Judged(*exchange.Exchange, *exchange.Judgement) {}

// Calls is part of exchange.Observer.
func (o *recorder) Calls(*exchange.Exchange) *exchange.Calls { return nil }

func (o *recorder) Note(_ *exchange.Exchange, step, text string) {
	o.events = append(o.events, "note "+step+": "+text)
}

func TestObserver(t *testing.T) {
	x := newExchange()
	o := &recorder{}
	x.Observer = o
	scopes{
		api: `<policies>
  <inbound>
    <mark/>
    <include-fragment fragment-id="f" />
    <base />
    <mark id="#2"/>
  </inbound>
  <on-error><break v="x"/></on-error>
</policies>`,
		global:    "<policies><inbound><refuse v='m'/></inbound></policies>",
		fragments: map[string]string{"f": "<fragment>\n  <mark/>\n</fragment>"},
	}.link(t).Execute(x, &policy.Env{})
	want := []string{
		"enter mark api.xml:3:6 api inbound mark[1]",
		"leave mark continued <nil>",
		"enter mark fragment/f:2:4 api inbound mark[2]",
		"leave mark continued <nil>",
		"enter refuse global.xml:1:21 global inbound refuse",
		"leave refuse failed Refused: m",
		"enter break api.xml:8:14 api on-error break",
		"leave break failed InternalError: Internal server error (broken: x)",
		"note on-error: an error inside on-error ended it: InternalError: Internal server error (broken: x)",
	}
	if diff := cmp.Diff(want, o.events); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// One program serves any number of requests at once.
func TestProgramIsShared(t *testing.T) {
	p := scopes{operation: everywhere("o"), api: "<policies><inbound><base/><refuse v='m'/></inbound><on-error><base/><mark v='a'/></on-error></policies>", global: globalForward}.link(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 100 {
				x := newExchange()
				p.Execute(x, &policy.Env{})
				if got, want := marks(x), "o-in g-in o-on g-on a /o-on"; got != want || x.LastError.Path != "refuse" {
					t.Errorf("got %s, %+v; want %s", got, x.LastError, want)
				}
			}
		})
	}
	wait.Wait()
}
