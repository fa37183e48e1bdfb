package crossdomain

import (
	"strconv"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// CORS defines <cors>.
func CORS() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "cors",
			Doc:  "Lets pages of other origins call, and answers a browser that asks beforehand.",
			Attributes: []policy.Attribute{
				{Name: "allow-credentials", Doc: "They may send credentials.", Type: policy.Bool, Default: "false", Expression: true},
				// Editions of the page differ in the default; that an unmatched
				// request ends is recorded (observed.md 8.3).
				{Name: "terminate-unmatched-request", Doc: "Answer a request of any other origin with an empty 200.", Type: policy.Bool, Default: "true", Expression: true},
			},
			OrderOpen: true,
			Children: []policy.Child{
				{Min: 1, Max: 1, Element: listOf("allowed-origins", "Origins that may call.", "origin", "An origin, scheme://host:port, or * for all.")},
				{Max: 1, Element: allowedMethods()},
				// The table calls it compulsory; documents that leave it out are deployed.
				{Max: 1, MinOpen: true, Element: listOf("allowed-headers", "Request headers that they may send.", "header", "A header, or * for all.")},
				{Max: 1, Element: listOf("expose-headers", "Response headers that they may read.", "header", "A header, or * for all.")},
			},
		},
		Category: "cross-domain",
		Facts:    corsFacts,
		Sections: policy.InboundOnly,
		Once:     true,
		Compile:  compileCORS,
	}
}

func listOf(name, doc, item, itemDoc string) policy.Element {
	return policy.Element{Name: name, Doc: doc, Children: []policy.Child{
		{Min: 1, Element: policy.Element{Name: item, Doc: itemDoc, Text: policy.TrimmedText, TextOpen: true}}}}
}

func allowedMethods() policy.Element {
	e := listOf("allowed-methods", "Methods that they may use; without it GET and POST.", "method", "A method, or * for all.")
	e.Attributes = []policy.Attribute{
		{Name: "preflight-result-max-age", Doc: "Seconds for which a browser need not ask again.", Type: policy.Seconds, Default: "0", Expression: true}}
	e.Children[0].TextOpen = false
	return e
}

type cors struct {
	credentials, terminate policy.Operand[bool]
	maxAge                 policy.Operand[time.Duration]
	origins, methods       list
	headers, exposed       list
}

var _ policy.PreflightStep = (*cors)(nil)

func compileCORS(n *policy.Node) (policy.Step, error) {
	origins := n.Child("allowed-origins")
	warnOfOrigins(origins)
	s := &cors{
		credentials: n.Bool("allow-credentials"), terminate: n.Bool("terminate-unmatched-request"),
		origins: compileList(origins, "origin", normalOrigin), methods: simpleMethods,
		headers: compileList(n.Child("allowed-headers"), "header", strings.ToLower),
		exposed: compileList(n.Child("expose-headers"), "header", asWritten),
	}
	if methods := n.Child("allowed-methods"); methods != nil {
		s.methods, s.maxAge = compileList(methods, "method", strings.ToUpper), methods.Duration("preflight-result-max-age")
	}
	return s, nil
}

const step = "cors"

// The first text is recorded (observed.md 6.1); the others are ours.
const (
	noOrigin  = "Origin header was missing or empty and the request was classified as not cross-domain. CORS policy was not applied."
	allowed   = "The origin may call. CORS headers go into the response."
	answered  = "The preflight was answered: the call is allowed."
	refused   = "The policy does not allow the call. It was answered with an empty 200."
	unmatched = "The policy does not allow the call. CORS policy was not applied."
	superior  = "A CORS policy that ran before allows the call. This one was not applied."
)

// settled is the mark of a request that a cors has allowed: generally only the first
// takes effect (policies-1.yaml, cors).
type settled bool

// Run takes a request that is no preflight. Whether its method counts no source says;
// by the Fetch standard it does not. Strictly it does.
func (s *cors) Run(r *policy.Run) error {
	origin, _ := r.Request.Header.Get("Origin")
	switch {
	case origin == "":
		r.Note(step, noOrigin)
		return nil
	case bool(*policy.Keep[settled](r)):
		r.Note(step, superior)
		return nil
	}
	grant, ok, err := s.allows(r, origin)
	if ok && r.Env.Strict {
		ok, err = s.methods.has(r, strings.ToUpper(r.Request.Method))
	}
	if err != nil {
		return err
	}
	if !ok {
		terminated, err := s.refuse(r, grant)
		if terminated {
			return policy.ErrResponded
		}
		return err
	}
	if grant.exposed, err = s.exposed.all(r); err != nil {
		return err
	}
	*policy.Keep[settled](r) = true
	r.AtEnd(func(r *policy.Run) { grant.tell(&r.Response.Header) })
	r.Note(step, allowed)
	return nil
}

// Preflight answers a preflight, which is a request with both of the headers that it
// looks at.
func (s *cors) Preflight(r *policy.Run) (bool, error) {
	origin, _ := r.Request.Header.Get("Origin")
	method, _ := r.Request.Header.Get("Access-Control-Request-Method")
	headers, _ := r.Request.Header.Joined("Access-Control-Request-Headers", ",")
	grant, ok, err := s.allows(r, origin)
	if ok {
		ok, err = s.methods.has(r, strings.ToUpper(method))
	}
	if ok {
		ok, err = s.takes(r, headers)
	}
	if err != nil {
		return false, err
	}
	if !ok {
		return s.refuse(r, grant)
	}
	age, err := s.maxAge.Get(r)
	if err != nil {
		return false, err
	}
	response := &exchange.Response{Status: 200, Reason: exchange.StatusText(200)}
	grant.tell(&response.Header)
	// Chosen: what was asked for is allowed, not all that there is.
	response.Header.Add(allowMethods, method)
	if headers != "" {
		response.Header.Add(allowHeaders, headers)
	}
	if age > 0 {
		response.Header.Add(maximumAge, strconv.FormatInt(int64(age/time.Second), 10))
	}
	r.Response = response
	r.Note(step, answered)
	return true, nil
}

// takes reports whether all of the headers, a list of names, may be sent.
func (s *cors) takes(r *policy.Run, headers string) (bool, error) {
	for name := range strings.SplitSeq(headers, ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); name == "" {
			continue
		}
		if ok, err := s.headers.has(r, name); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// allows reports whether the origin may call, and what the response then says.
func (s *cors) allows(r *policy.Run, origin string) (grant, bool, error) {
	origins, err := s.origins.get(r)
	if err != nil {
		return grant{}, false, err
	}
	g := grant{origin: origin, depends: !origins.any}
	if origins.any {
		g.origin = wildcard
	}
	if g.credentials, err = s.credentials.Get(r); err != nil {
		return g, false, err
	}
	return g, origins.holds(normalOrigin(origin)), nil
}

// refuse ends a request that is not allowed, if the policy says so.
func (s *cors) refuse(r *policy.Run, g grant) (terminated bool, err error) {
	if terminated, err = s.terminate.Get(r); err != nil {
		return false, err
	}
	if !terminated {
		r.Note(step, unmatched)
		return false, nil
	}
	response := &exchange.Response{Status: 200, Reason: exchange.StatusText(200)}
	g.vary(&response.Header)
	r.Response = response
	r.Note(step, refused)
	return true, nil
}
