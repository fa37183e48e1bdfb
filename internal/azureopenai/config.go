package azureopenai

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/apimulator/apimulator/internal/pattern"
)

// Config describes the resource: the section azureOpenAI of apim.yaml. Read a
// file over [DefaultConfig], so that what it leaves out keeps its default.
type Config struct {
	// Hosts are the host names that lead to the resource, without a port;
	// "*.openai.azure.com" is every host of that suffix. Whoever routes by host
	// asks for them with [Server.Hosts]; the server itself answers for any.
	Hosts []string `yaml:"hosts"`
	// Region is the value of x-ms-region, such as "Sweden Central".
	Region string `yaml:"region"`
	// TenantID is the tenant whose tokens the resource takes.
	TenantID string `yaml:"tenantId"`
	// Keys are the values of api-key that the resource takes. With none, New
	// makes two of its own.
	Keys []string `yaml:"keys"`
	// DisableLocalAuth refuses every key, so that only tokens remain.
	DisableLocalAuth bool `yaml:"disableLocalAuth"`
	// Deployments are the deployments by their names.
	Deployments map[string]Deployment `yaml:"deployments"`
	// RoleAssignments tell which principal may do what.
	RoleAssignments []RoleAssignment `yaml:"roleAssignments"`
	// Answers are tried in order; the first that matches answers. Where none
	// does, the answer is "You said: " and the text of the last user message; after
	// results of tools, "The tools said: " and those; where a tool has to be called, a call
	// of it with arguments that fit its parameters.
	Answers []Answer `yaml:"answers"`
	// Faults are what goes wrong from the start, in the order in which it is looked for.
	Faults []Fault `yaml:"faults"`
	// Latency is how long answers take; a deployment may have its own.
	Latency Latency `yaml:"latency"`
	// ContentSafety is what the content safety of the resource finds in texts.
	ContentSafety ContentSafety `yaml:"contentSafety"`
	// Usage puts token counts into answers. Off, also
	// stream_options.include_usage brings none.
	Usage bool `yaml:"usage"`
	// FirstChunk begins a stream with the chunk that has no choices, only the
	// filter's remarks on the prompt, as the service does. Clients stumble on it.
	FirstChunk bool `yaml:"firstChunk"`
}

// Deployment is a model under a name of its own.
type Deployment struct {
	// Model is the name of the model's version, which answers carry:
	// "gpt-4o-2024-08-06". It decides the encoding that tokens are counted in.
	Model string `yaml:"model"`
	// Capacity is the limit in thousands of tokens a minute. Without it and
	// TokensPerMinute it is 100,000, which nothing reaches by accident.
	Capacity int `yaml:"capacity"`
	// TokensPerMinute is the same limit in tokens, for one finer than Capacity.
	TokensPerMinute int `yaml:"tokensPerMinute"`
	// RequestsPer10Seconds is the limit of requests; without it, one for each
	// thousand tokens a minute, rounded up (azure-openai.md 2.5).
	RequestsPer10Seconds int `yaml:"requestsPer10Seconds"`
	// Latency is how long this deployment's answers take; nil is that of the resource.
	Latency *Latency `yaml:"latency"`
}

const defaultCapacity = 100_000

func (d Deployment) rateLimit() RateLimit {
	limit := RateLimit{TokensPerMinute: d.TokensPerMinute, RequestsPer10Seconds: d.RequestsPer10Seconds}
	if limit.TokensPerMinute == 0 {
		limit.TokensPerMinute = 1000 * d.Capacity
	}
	if limit.TokensPerMinute == 0 {
		limit.TokensPerMinute = 1000 * defaultCapacity
	}
	if limit.RequestsPer10Seconds == 0 {
		limit.RequestsPer10Seconds = (limit.TokensPerMinute + 999) / 1000
	}
	return limit
}

// RoleAssignment gives a principal a role on the resource.
type RoleAssignment struct {
	// PrincipalID is the object id that a token carries in oid.
	PrincipalID string `yaml:"principalId"`
	// Role is the name or the GUID of a built-in role, such as 'Cognitive
	// Services OpenAI User'.
	Role string `yaml:"role"`
}

// Answer says what to answer to a request that it matches: a Reply, ToolCalls or both, or
// a Fault. A Fault that only cuts or delays goes with the others.
type Answer struct {
	// Match is what a request has to fulfil; without it every request matches.
	Match Match `yaml:"match"`
	// Reply is the text of the answer.
	Reply string `yaml:"reply"`
	// ToolCalls are the tools to call. An answer that has some matches only requests that
	// offer them all, and that do not end with results of tools.
	ToolCalls []ToolCall `yaml:"toolCalls"`
	// FinishReason is "stop", the default, or "length"; "tool_calls" where there are some.
	// A reply that max_tokens cuts ends with "length" in any case.
	FinishReason string `yaml:"finishReason"`
	// Fault is an error to answer.
	Fault *Fault `yaml:"fault"`
}

// ToolCall is a call of a tool.
type ToolCall struct {
	// Name is the function's.
	Name string `yaml:"name"`
	// Arguments are a mapping, or a text that is sent as it is, JSON or not. Without them
	// they are made to fit the function's parameters.
	Arguments any `yaml:"arguments"`
}

// Match is the conditions of an [Answer]; all that are given have to hold.
type Match struct {
	// Contains is a text that the last user message has to hold, letter case
	// minded.
	Contains string `yaml:"contains"`
	// Regex is a regular expression in RE2 syntax that has to match in the last
	// user message.
	Regex string `yaml:"regex"`
	// Deployment is the name of the deployment asked.
	Deployment string `yaml:"deployment"`
}

// DefaultConfig is a resource contoso.openai.azure.com in a tenant, with four
// deployments, whose echo a principal may ask for, and what its content safety thinks,
// such as the managed identity of the gateway.
func DefaultConfig(tenantID, principalID string) Config {
	return Config{
		Hosts:    []string{"contoso.openai.azure.com"},
		Region:   "Sweden Central",
		TenantID: tenantID,
		Deployments: map[string]Deployment{
			"gpt-4o":                 {Model: "gpt-4o-2024-08-06"},
			"gpt-4o-mini":            {Model: "gpt-4o-mini-2024-07-18"},
			"gpt-35-turbo":           {Model: "gpt-35-turbo-0125"},
			"text-embedding-3-small": {Model: "text-embedding-3-small"},
		},
		RoleAssignments: []RoleAssignment{
			{PrincipalID: principalID, Role: "Cognitive Services OpenAI User"},
			{PrincipalID: principalID, Role: "Cognitive Services User"},
		},
		Usage:      true,
		FirstChunk: true,
	}
}

var (
	hostPattern   = pattern.Lazy(`^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	namePattern   = pattern.Lazy(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$`)
	regionPattern = pattern.Lazy(`^[A-Za-z0-9]([A-Za-z0-9 ]*[A-Za-z0-9])?$`)
	keyPattern    = pattern.Lazy(`^[!-~]{1,256}$`)
)

// Validate reports everything that is wrong, each finding with its place below
// azureOpenAI and what would be right.
func (c Config) Validate() error {
	var f findings
	if len(c.Hosts) == 0 {
		f.add("hosts", "is empty; name the resource's host, such as contoso.openai.azure.com")
	}
	for i, host := range c.Hosts {
		if !hostPattern().MatchString(host) {
			f.add(at("hosts", i), "%q is not a host name in lower case, without port, as contoso.openai.azure.com or *.openai.azure.com", host)
		}
	}
	if !regionPattern().MatchString(c.Region) {
		f.add("region", "%q is not a region's name, such as Sweden Central", c.Region)
	}
	if uuid.Validate(c.TenantID) != nil {
		f.add("tenantId", "%q is not a GUID", c.TenantID)
	}
	for i, key := range c.Keys {
		if !keyPattern().MatchString(key) {
			f.add(at("keys", i), "is not 1 to 256 visible ASCII characters") // the value is a secret
		}
	}
	c.validateDeployments(&f)
	for i, a := range c.RoleAssignments {
		if uuid.Validate(a.PrincipalID) != nil {
			f.add(at("roleAssignments", i)+".principalId", "%q is not a GUID; it is the object id (oid) of the caller", a.PrincipalID)
		}
		if _, err := findRole(a.Role); err != nil {
			f.add(at("roleAssignments", i)+".role", "%v", err)
		}
	}
	for i, a := range c.Answers {
		a.validate(&f, at("answers", i), c.Deployments)
	}
	for i, fault := range c.Faults {
		if err := fault.validate(slices.Sorted(maps.Keys(c.Deployments))); err != nil {
			f.add(at("faults", i), "%v", err)
		}
	}
	c.Latency.validate(&f, "latency")
	c.ContentSafety.validate(&f)
	return errors.Join(f...)
}

func (c Config) validateDeployments(f *findings) {
	if len(c.Deployments) == 0 {
		f.add("deployments", "is empty; give at least one, as {gpt-4o: {model: gpt-4o-2024-08-06}}")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Deployments)) {
		d, place := c.Deployments[name], "deployments."+name
		if !namePattern().MatchString(name) {
			f.add(place, "the name is not 1 to 64 of A-Z a-z 0-9 . _ - that begin and end with a letter or digit")
		}
		if !namePattern().MatchString(d.Model) {
			f.add(place+".model", "%q is not the name of a model's version, such as gpt-4o-2024-08-06", d.Model)
		}
		if d.Latency != nil {
			d.Latency.validate(f, place+".latency")
		}
		if d.Capacity != 0 && d.TokensPerMinute != 0 {
			f.add(place, "capacity and tokensPerMinute set the same limit; give one of them")
		}
		// The upper bound keeps 1000 x capacity within an int anywhere.
		for _, limit := range []struct {
			name  string
			value int
		}{{"capacity", d.Capacity}, {"tokensPerMinute", d.TokensPerMinute}, {"requestsPer10Seconds", d.RequestsPer10Seconds}} {
			if limit.value < 0 || limit.value > 1_000_000_000 {
				f.add(place+"."+limit.name, "%d is not between 1 and 1,000,000,000", limit.value)
			}
		}
	}
}

func (a Answer) validate(f *findings, place string, deployments map[string]Deployment) {
	if a.Match.Contains != "" && a.Match.Regex != "" {
		f.add(place+".match", "contains and regex are both given; give one of them")
	}
	if _, err := regexp.Compile(a.Match.Regex); err != nil {
		f.add(place+".match.regex", "%v", err)
	}
	if _, known := deployments[a.Match.Deployment]; a.Match.Deployment != "" && !known {
		names := slices.Sorted(maps.Keys(deployments))
		f.add(place+".match.deployment", "%q is not a deployment; the deployments are %s", a.Match.Deployment, strings.Join(names, ", "))
	}
	answers, errs := a.Reply != "" || len(a.ToolCalls) > 0, a.Fault != nil && a.Fault.Status != 0
	if answers == errs && (answers || a.Fault == nil) {
		f.add(place, "give either reply or toolCalls, what to answer, or fault, the error to answer")
	}
	for i, call := range a.ToolCalls {
		call.validate(f, fmt.Sprintf("%s.toolCalls[%d]", place, i))
	}
	switch a.FinishReason {
	case "", finishStop, finishLength:
	case finishToolCalls:
		if len(a.ToolCalls) == 0 {
			f.add(place+".finishReason", "an answer ends with tool_calls where toolCalls has some")
		}
	default:
		f.add(place+".finishReason", "%q is not emulated; it is stop, length or tool_calls", a.FinishReason)
	}
	if a.Fault == nil {
		return
	}
	if errs && a.FinishReason != "" {
		f.add(place+".finishReason", "a fault has none; leave it out")
	}
	if a.Fault.Times != 0 || a.Fault.Nth != 0 || a.Fault.Deployment != "" || a.Fault.Operation != "" {
		f.add(place+".fault", "match says which requests it is for; times, nth, deployment and operation go with azureOpenAI.faults")
	}
	if err := a.Fault.validate(slices.Sorted(maps.Keys(deployments))); err != nil {
		f.add(place+".fault", "%v", err)
	}
}

func (c ToolCall) validate(f *findings, place string) {
	if !functionPattern().MatchString(c.Name) {
		f.add(place+".name", "%q is not the name of a function: 1 to 64 of A-Z a-z 0-9 _ -", c.Name)
	}
	if _, err := json.Marshal(c.Arguments); err != nil {
		f.add(place+".arguments", "this can't be written as JSON: %v", err)
	}
}

// findings collects what is wrong with a configuration.
type findings []error

func (f *findings) add(place, format string, args ...any) {
	*f = append(*f, fmt.Errorf("azureOpenAI.%s: %s", place, fmt.Sprintf(format, args...)))
}

func at(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }
