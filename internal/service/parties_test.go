package service_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apimulator/apimulator/internal/azureopenai"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/managedidentity"
	"github.com/apimulator/apimulator/internal/service"
)

// party has a member of each kind that the parties' configurations have.
type party struct {
	Name     string            `yaml:"name"`
	Count    int               `yaml:"count"`
	On       bool              `yaml:"on,omitempty"`
	Share    float64           `yaml:"share"`
	Lifetime time.Duration     `yaml:"lifetime"`
	Expires  time.Time         `yaml:"expires"`
	Secret   entra.Secret      `yaml:"secret"`
	Members  []member          `yaml:"members"`
	ByName   map[string]member `yaml:"byName"`
	Optional *member           `yaml:"optional"`
	Claims   map[string]any    `yaml:"claims"`
	Hidden   string            `yaml:"-"`
	Untagged string
}

type member struct {
	ID    string   `yaml:"id"`
	Roles []string `yaml:"roles"`
}

func parse(t *testing.T, section string) *service.Service {
	t.Helper()
	s, err := service.Parse("apim.yaml", []byte("apis: [{name: a, backend: \"http://localhost:9000\"}]\n"+section), (&sample{}).options())
	if err != nil {
		t.Fatalf("%v\n%s", err, section)
	}
	return s
}

func TestDecodeParty(t *testing.T) {
	defaults := func() party {
		return party{Name: "default", Count: 1, Members: []member{{ID: "default"}}, ByName: map[string]member{"default": {}}, Optional: &member{ID: "default", Roles: []string{"default"}}, Hidden: "kept", Untagged: "kept"}
	}
	tests := []struct {
		name, section string
		want          func(*party)
	}{
		{"no section", "", func(*party) {}},
		{"nothing in it", "entra:\n", func(*party) {}},
		{"an empty mapping", "entra: {}\n", func(*party) {}},
		{"keys without values", "entra:\n  name:\n  count:\n  members:\n  byName:\n", func(*party) {}},
		{"other defaults stay", "entra:\n  count: 7\n", func(p *party) { p.Count = 7 }},
		{"so do those of an optional member", "entra:\n  optional: {id: a}\n", func(p *party) { p.Optional.ID = "a" }},
		{"no optional member", "entra:\n  optional:\n", func(p *party) { p.Optional = nil }},
		{"lists and maps are replaced", "entra:\n  members: [{id: a}]\n  byName: {b: {roles: [c]}}\n", func(p *party) {
			p.Members, p.ByName = []member{{ID: "a"}}, map[string]member{"b": {Roles: []string{"c"}}}
		}},
		{"every kind", `entra:
  name: 1.10
  on: true
  share: 0.5
  lifetime: 1h30m
  expires: 2030-01-31T12:00:00Z
  secret: s3cret
  optional: {id: x}
  claims: {text: a, number: 5, yes: true, list: [a, {b: c}], nothing: null}
`, func(p *party) {
			p.Name, p.On, p.Share, p.Lifetime, p.Secret = "1.10", true, 0.5, 90*time.Minute, "s3cret"
			p.Expires = time.Date(2030, 1, 31, 12, 0, 0, 0, time.UTC)
			p.Optional.ID = "x"
			p.Claims = map[string]any{"text": "a", "number": uint64(5), "yes": true, "list": []any{"a", map[string]any{"b": "c"}}, "nothing": nil}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, want := defaults(), defaults()
			test.want(&want)
			s := parse(t, test.section)
			if err := s.Parties.DecodeEntra(&got); err != nil {
				t.Fatalf("%v\n%s", err, test.section)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s\n got (+), want (-)\n%s", test.section, cmp.Diff(want, got))
			}
			// The other sections are not there, whatever this one holds.
			other := defaults()
			if err := errors.Join(s.Parties.DecodeManagedIdentity(&other), s.Parties.DecodeAzureOpenAI(&other)); err != nil || !reflect.DeepEqual(other, defaults()) {
				t.Errorf("the absent sections give %+v, %v; want the defaults", other, err)
			}
		})
	}
}

// The section's first line is the second of the file.
func TestDecodePartyRefuses(t *testing.T) {
	const members = "name, count, on, share, lifetime, expires, secret, members, byName, optional, claims"
	tests := []struct{ name, section, want string }{
		{"another kind", "azureOpenAI: [a]\n", "apim.yaml:2:14: error: a mapping with " + members + " is wanted here, not a list"},
		{"unknown keys, at once", "azureOpenAI:\n  nam: a\n  members:\n    - id: a\n      role: b\n  optional: {x: y}\n",
			"apim.yaml:3:3: error: there is no key \"nam\" here; there are " + members + "\n" +
				"apim.yaml:6:7: error: there is no key \"role\" here; there are id, roles\n" +
				"apim.yaml:7:14: error: there is no key \"x\" here; there are id, roles"},
		{"keys that are no keys", "azureOpenAI:\n  \"-\": a\n  Untagged: b\n",
			"apim.yaml:3:3: error: there is no key \"-\" here; there are " + members + "\n" +
				"apim.yaml:4:3: error: there is no key \"Untagged\" here; there are " + members},
		{"twice", "azureOpenAI:\n  claims: {a: 1, a: 2, b: {c: 1, c: 2}}\n",
			"apim.yaml:3:18: error: the key \"a\" stands here for the second time\n" +
				"apim.yaml:3:34: error: the key \"c\" stands here for the second time"},
		{"wrong kinds", `azureOpenAI:
  name: [a]
  count: many
  on: "true"
  share: half
  lifetime: 5
  expires: tomorrow
  secret: {value: s3cret}
  members: {id: a}
  byName: [a]
  optional: a
`, `apim.yaml:3:9: error: a text is wanted here, not a list
apim.yaml:4:10: error: a whole number is wanted here, not a text
apim.yaml:5:7: error: true or false is wanted here, not a text
apim.yaml:6:10: error: a number is wanted here, not a text
apim.yaml:7:13: error: a duration, such as 90s or 1h30m, is wanted here, not a number
apim.yaml:8:12: error: a time, such as 2030-01-31T12:00:00Z, is wanted here, not a text
apim.yaml:9:11: error: a text is wanted here, not a mapping
apim.yaml:10:12: error: a list is wanted here, not a mapping
apim.yaml:11:11: error: a mapping is wanted here, not a list
apim.yaml:12:13: error: a mapping with id, roles is wanted here, not a text`},
		{"numbers that are not whole", "azureOpenAI:\n  count: 1.5\n", "apim.yaml:3:10: error: a whole number is wanted here, not a number"},
		{"numbers that are texts", "azureOpenAI:\n  count: \"5\"\n  share: \"0.5\"\n",
			"apim.yaml:3:10: error: a whole number is wanted here, not a text\napim.yaml:4:10: error: a number is wanted here, not a text"},
		{"numbers that do not fit", "azureOpenAI:\n  count: 99999999999999999999\n", "apim.yaml:3:10: error: a whole number is wanted here, not a text"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got party
			err := parse(t, test.section).Parties.DecodeAzureOpenAI(&got)
			if err == nil || err.Error() != test.want {
				t.Errorf("%s\n got %v\nwant %s", test.section, err, test.want)
			}
		})
	}
}

// What a party's own Validate finds stands at the member it names.
func TestDecodePartyValidates(t *testing.T) {
	tests := []struct {
		name, section, want string
		decode              func(*service.Parties) error
	}{
		{"azureOpenAI", `azureOpenAI:
  tenantId: contoso
  deployments:
    gpt-4o: {model: gpt-4o-2024-08-06}
    gpt-4o-mini:
      model: "what?"
  roleAssignments:
    - principalId: 88888888-8888-4888-8888-888888888888
      role: Cognitive Services OpenAI User
    - {principalId: me, role: Cognitive Services OpenAI User}
`, `apim.yaml:3:13: error: azureOpenAI.tenantId: "contoso" is not a GUID
apim.yaml:7:14: error: azureOpenAI.deployments.gpt-4o-mini.model: "what?" is not the name of a model's version, such as gpt-4o-2024-08-06
apim.yaml:11:21: error: azureOpenAI.roleAssignments[1].principalId: "me" is not a GUID; it is the object id (oid) of the caller`,
			func(p *service.Parties) error {
				c := azureopenai.DefaultConfig("11111111-1111-4111-8111-111111111111", "88888888-8888-4888-8888-888888888888")
				return p.DecodeAzureOpenAI(&c)
			}},
		{"azureOpenAI, a member that is not written", "azureOpenAI:\n  deployments:\n    a: {capacity: 1}\n",
			`apim.yaml:4:8: error: azureOpenAI.deployments.a.model: "" is not the name of a model's version, such as gpt-4o-2024-08-06`,
			func(p *service.Parties) error {
				c := azureopenai.DefaultConfig("11111111-1111-4111-8111-111111111111", "88888888-8888-4888-8888-888888888888")
				return p.DecodeAzureOpenAI(&c)
			}},
		{"entra", "entra:\n  accessTokenLifetime: 1500ms\n", "apim.yaml:3:24: error: entra.accessTokenLifetime: is 1.5s; want whole seconds",
			func(p *service.Parties) error {
				c := entra.DefaultConfig()
				return p.DecodeEntra(&c)
			}},
		{"managedIdentity", "managedIdentity:\n  userAssigned:\n    - clientId: me\n      principalId: 88888888-8888-4888-8888-888888888888\n",
			`apim.yaml:4:17: error: managedIdentity.userAssigned[0].clientId: "me" is no GUID such as 55555555-5555-4555-8555-555555555555`,
			func(p *service.Parties) error {
				c := managedidentity.DefaultConfig()
				return p.DecodeManagedIdentity(&c)
			}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := parse(t, test.section)
			if err := test.decode(&s.Parties); err == nil || err.Error() != test.want {
				t.Errorf("%s\n got %v\nwant %s", test.section, err, test.want)
			}
		})
	}
}
