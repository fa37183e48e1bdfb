package azureopenai

import (
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

func TestDefaultConfigIsValid(t *testing.T) {
	if err := DefaultConfig(testTenant, testPrincipal).Validate(); err != nil {
		t.Error(err)
	}
}

// The file names every field once, so a field whose tag is wrong is missed.
func TestConfigFromYAML(t *testing.T) {
	data, err := os.ReadFile("testdata/config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got := DefaultConfig(testTenant, testPrincipal)
	if err := yaml.UnmarshalWithOptions(data, &got, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	want := Config{
		Hosts:            []string{"ours.openai.azure.com", "*.services.ai.azure.com"},
		Region:           "West Europe",
		TenantID:         "22222222-2222-4222-8222-222222222222",
		Keys:             []string{"one", "two"},
		DisableLocalAuth: true,
		Deployments: map[string]Deployment{
			"chat":  {Model: "gpt-4o-2024-08-06", Capacity: 30, RequestsPer10Seconds: 7, Latency: &Latency{FirstToken: 300e6, TokensPerSecond: 50}},
			"small": {Model: "gpt-4o-mini-2024-07-18", TokensPerMinute: 1500},
		},
		RoleAssignments: []RoleAssignment{{PrincipalID: testPrincipal, Role: "Cognitive Services OpenAI Contributor"}},
		Answers: []Answer{
			{Match: Match{Contains: "weather", Deployment: "chat"}, Reply: "It rains.", FinishReason: "length"},
			{Match: Match{Regex: "(?i)^boom"}, Fault: &Fault{Status: 418, Code: "Teapot", Message: "short and stout", RetryAfter: 2500e6}},
			{Match: Match{Contains: "tools"}, FinishReason: "tool_calls", ToolCalls: []ToolCall{
				{Name: "get_weather", Arguments: map[string]any{"city": "Rome"}}, {Name: "get_time"},
			}},
			{Fault: &Fault{CutAfter: new(int), Delay: 1e9}},
		},
		Faults:  []Fault{{Status: 503, Times: 2, Nth: 3, Deployment: "chat", Operation: "chat"}},
		Latency: Latency{FirstToken: 1e9, TokensPerSecond: 2.5},
		ContentSafety: ContentSafety{
			Rules:      []SafetyRule{{Words: []string{"kill"}, Category: "Violence", Severity: 4}},
			Shield:     []string{"ignore all"},
			Blocklists: map[string][]string{"rivals": {"Fabrikam"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(- want, + got)\n%s", diff)
	}
	if err := got.Validate(); err != nil {
		t.Error(err)
	}
}

func TestValidateFindsEverything(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Config)
		want   []string // parts of the message, of one finding each
	}{
		{"no hosts", func(c *Config) { c.Hosts = nil }, []string{"azureOpenAI.hosts: is empty"}},
		{"a host with port", func(c *Config) { c.Hosts = []string{"a.b", "a.b:8443"} }, []string{`azureOpenAI.hosts[1]: "a.b:8443" is not a host name`}},
		{"a region that is no header value", func(c *Config) { c.Region = "West\r\nEurope" }, []string{`azureOpenAI.region: "West\r\nEurope"`}},
		{"tenant", func(c *Config) { c.TenantID = "contoso" }, []string{`azureOpenAI.tenantId: "contoso" is not a GUID`}},
		{"an empty key", func(c *Config) { c.Keys = []string{"good", ""} }, []string{"azureOpenAI.keys[1]: is not 1 to 256"}},
		{"no deployments", func(c *Config) { c.Deployments = nil }, []string{"azureOpenAI.deployments: is empty; give at least one"}},
		{"deployments", func(c *Config) {
			c.Deployments = map[string]Deployment{
				"a/b": {Model: "gpt-4o"}, "x": {}, "y": {Model: "gpt-4o", Capacity: 1, TokensPerMinute: 1000}, "z": {Model: "gpt-4o", RequestsPer10Seconds: -1},
			}
		}, []string{"azureOpenAI.deployments.a/b: the name", `azureOpenAI.deployments.x.model: ""`,
			"azureOpenAI.deployments.y: capacity and tokensPerMinute", "azureOpenAI.deployments.z.requestsPer10Seconds: -1"}},
		{"role assignments", func(c *Config) { c.RoleAssignments = []RoleAssignment{{PrincipalID: "me", Role: "King"}} },
			[]string{`azureOpenAI.roleAssignments[0].principalId: "me" is not a GUID`,
				`azureOpenAI.roleAssignments[0].role: role "King" is not known; the known ones are 'Cognitive Services OpenAI User', `}},
		{"a rule without answer", func(c *Config) { c.Answers = []Answer{{}} }, []string{"azureOpenAI.answers[0]: give either reply"}},
		{"a rule with two answers", func(c *Config) { c.Answers = []Answer{{Reply: "x", Fault: &Fault{Status: 500}}} }, []string{"azureOpenAI.answers[0]: give either reply"}},
		{"a rule's match", func(c *Config) {
			c.Answers = []Answer{{Reply: "x", Match: Match{Contains: "a", Regex: "(", Deployment: "nowhere"}}}
		}, []string{"azureOpenAI.answers[0].match: contains and regex", "azureOpenAI.answers[0].match.regex: error parsing regexp",
			`azureOpenAI.answers[0].match.deployment: "nowhere" is not a deployment; the deployments are gpt-35-turbo, gpt-4o, gpt-4o-mini, text-embedding-3-small`}},
		{"finish reason", func(c *Config) { c.Answers = []Answer{{Reply: "x", FinishReason: "tool_calls"}} },
			[]string{`azureOpenAI.answers[0].finishReason: an answer ends with tool_calls where toolCalls has some`}},
		{"finish reason of a fault", func(c *Config) { c.Answers = []Answer{{FinishReason: "stop", Fault: &Fault{Status: 500}}} },
			[]string{"azureOpenAI.answers[0].finishReason: a fault has none"}},
		{"tool calls", func(c *Config) {
			c.Answers = []Answer{{ToolCalls: []ToolCall{{Name: "a b"}, {Name: "f", Arguments: math.Inf(1)}}, Fault: &Fault{Status: 500}}}
		}, []string{"azureOpenAI.answers[0]: give either reply or toolCalls", `azureOpenAI.answers[0].toolCalls[0].name: "a b" is not the name of a function`,
			"azureOpenAI.answers[0].toolCalls[1].arguments: this can't be written as JSON"}},
		{"an answer's fault that says for whom", func(c *Config) { c.Answers = []Answer{{Fault: &Fault{Status: 500, Nth: 2}}} },
			[]string{"azureOpenAI.answers[0].fault: match says which requests it is for"}},
		{"faults", func(c *Config) { c.Faults = []Fault{{}, {Status: 500, Deployment: "x"}} },
			[]string{"azureOpenAI.faults[0]: give status, cutAfter or delay", `azureOpenAI.faults[1]: deployment "x" is not one of`}},
		{"latency", func(c *Config) {
			c.Latency = Latency{FirstToken: -1, TokensPerSecond: -1}
			c.Deployments = map[string]Deployment{"x": {Model: "gpt-4o", Latency: &Latency{FirstToken: 2 * maxLatency}}}
		}, []string{"azureOpenAI.deployments.x.latency.firstToken: 2h0m0s is not between", "azureOpenAI.latency.firstToken: -1ns is not between",
			"azureOpenAI.latency.tokensPerSecond: -1 is not between"}},
		{"content safety", func(c *Config) {
			c.ContentSafety = ContentSafety{Rules: []SafetyRule{{Words: []string{"!"}, Category: "Love", Severity: 8}}, Shield: []string{"("}, Blocklists: map[string][]string{"a b": nil, "c": {""}}}
		}, []string{"azureOpenAI.contentSafety.rules[0].words: give at least one", `azureOpenAI.contentSafety.rules[0].category: "Love"`,
			"azureOpenAI.contentSafety.rules[0].severity: 8 is not", `azureOpenAI.contentSafety.shield[0]: "(" is not`,
			"azureOpenAI.contentSafety.blocklists.a b: the name", "azureOpenAI.contentSafety.blocklists.c: a term"}},
		{"fault", func(c *Config) { c.Answers = []Answer{{Fault: &Fault{Status: 200}}} }, []string{"azureOpenAI.answers[0].fault: status 200"}},
	} {
		config := testConfig()
		c.change(&config)
		err := config.Validate()
		var findings interface{ Unwrap() []error }
		if !errors.As(err, &findings) || len(findings.Unwrap()) != len(c.want) {
			t.Errorf("%s: got %v, want %d findings", c.name, err, len(c.want))
			continue
		}
		for i, finding := range findings.Unwrap() {
			if !strings.Contains(finding.Error(), c.want[i]) {
				t.Errorf("%s: got %q, want %q in it", c.name, finding, c.want[i])
			}
		}
		if _, err := New(config, Options{}); err == nil {
			t.Errorf("%s: New takes it", c.name)
		}
	}
}

func TestValidateDoesNotShowKeys(t *testing.T) {
	config := testConfig()
	config.Keys = []string{"se cret"}
	if err := config.Validate(); err == nil || strings.Contains(err.Error(), "cret") {
		t.Errorf("got %v, want an error without the key", err)
	}
}

func TestRateLimitOfADeployment(t *testing.T) {
	for _, c := range []struct {
		deployment Deployment
		want       RateLimit
	}{
		{Deployment{}, RateLimit{100_000_000, 100_000}},
		{Deployment{Capacity: 8}, RateLimit{8000, 8}}, // as in azure-openai.md 2.5
		{Deployment{TokensPerMinute: 1500}, RateLimit{1500, 2}},
		{Deployment{Capacity: 8, RequestsPer10Seconds: 100}, RateLimit{8000, 100}},
	} {
		if got := c.deployment.rateLimit(); got != c.want {
			t.Errorf("%+v: got %+v, want %+v", c.deployment, got, c.want)
		}
	}
}
