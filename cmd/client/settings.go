package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"unicode"
)

// The names of the settings.
const (
	envAuthority    = "AZURE_AUTHORITY"
	envTenantID     = "AZURE_TENANT_ID" // used when AZURE_AUTHORITY isn't set
	envClientID     = "AZURE_CLIENT_ID"
	envClientSecret = "AZURE_CLIENT_SECRET"
	envScope        = "AZURE_SCOPE"
	envScopeGraph   = "AZURE_SCOPE_GRAPH"
	envKey          = "APIM_SUBSCRIPTION_KEY" // may be missing: an API can do without
	envEndpoint     = "OPEN_AI_COMPLETION_ENDPOINT"
)

const (
	dotenvFile        = ".env"
	defaultScopeGraph = "https://graph.microsoft.com/.default"
	azureLogin        = "https://login.microsoftonline.com/"
)

// settings is all that a run needs to know.
type settings struct {
	authority       *url.URL
	clientID        string
	clientSecret    string // empty: a person signs in
	scopes          []string
	subscriptionKey string
	endpoint        *url.URL

	emulator *running // where the settings come from; nil when the person set them
	note     string   // what was taken from elsewhere than the emulator's file
}

// value is a setting and where it was set: "the environment" or ".env:3".
type value struct{ text, from string }

// values are the settings that were set, by name. A variable of the environment
// that is set to nothing takes the line of .env away.
type values map[string]value

func (v values) text(name string) string { return v[name].text }

// settings gathers the settings of this run: from the environment and .env if
// they name an authority, else from a running emulator.
func (p *program) settings(cli *flags) (*settings, error) {
	set, err := p.values()
	if err != nil {
		return nil, err
	}
	scope := envScope
	if cli.Graph {
		scope = envScopeGraph
	}
	emulator, note, err := p.emulator(cli.State, set, scope)
	if err != nil {
		return nil, err
	}
	set.fill(envScopeGraph, defaultScopeGraph, "by default")
	if tenant := set[envTenantID]; tenant.text != "" {
		set.fill(envAuthority, azureLogin+url.PathEscape(tenant.text), tenant.from)
	}
	if err := set.complete(envClientID, scope, envEndpoint); err != nil {
		return nil, err
	}
	s := &settings{
		clientID: set.text(envClientID), clientSecret: set.text(envClientSecret),
		scopes: strings.Fields(set.text(scope)), subscriptionKey: set.text(envKey),
		emulator: emulator, note: note,
	}
	if s.authority, err = set.address(envAuthority); err != nil {
		return nil, err
	}
	if s.endpoint, err = set.address(envEndpoint); err != nil {
		return nil, err
	}
	return s, s.fit(cli, set)
}

// fit checks what one setting, or one flag, asks of another.
func (s *settings) fit(cli *flags, set values) error {
	if s.authority.Scheme != "https" {
		return unusable("%s (%s): it must begin with https://", envAuthority, set[envAuthority].from)
	}
	if s.emulator != nil && !isLoopback(s.endpoint) {
		return unusable("%s (%s) is %s, but the token would come from the running emulator: set %s or %s as well, or unset it",
			envEndpoint, set[envEndpoint].from, s.endpoint.Host, envTenantID, envAuthority)
	}
	if s.clientSecret != "" && (cli.DeviceCode || cli.Browser) {
		return unusable("--device-code and --browser sign a person in, but %s is set (%s): unset it, or leave the flag out",
			envClientSecret, set[envClientSecret].from)
	}
	return nil
}

// values reads the environment and .env.
func (p *program) values() (values, error) {
	file := filepath.Join(p.dir, dotenvFile)
	data, err := readAtMost(file, maxDotenv)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unusable("%v", err)
	}
	lines, err := parseDotenv(file, data)
	if err != nil {
		return nil, err
	}
	set := values{}
	for _, v := range lines {
		set[v.name] = value{strings.TrimSpace(v.value), fmt.Sprintf("%s:%d", file, v.line)}
	}
	for _, name := range []string{envAuthority, envTenantID, envClientID, envClientSecret, envScope, envScopeGraph, envKey, envEndpoint} {
		if text, ok := p.lookup(name); ok {
			set[name] = value{strings.TrimSpace(text), "the environment"}
		}
		if v := set[name]; strings.ContainsFunc(v.text, unicode.IsControl) {
			return nil, unusable("%s (%s) holds a line end or another control character", name, v.from)
		}
	}
	return set, nil
}

// emulator fills set from a running emulator if nothing names an authority. The
// note says what was set all the same, so that nothing is mixed in silence.
func (p *program) emulator(state string, set values, scope string) (*running, string, error) {
	for _, name := range []string{envAuthority, envTenantID} {
		if v := set[name]; v.text != "" {
			if state != "" {
				return nil, "", unusable("--state is for a running emulator, but %s is set (%s): unset it, or leave --state out", name, v.from)
			}
			return nil, "", nil
		}
	}
	dir, err := p.stateDir(state)
	if err != nil {
		return nil, "", err
	}
	r, err := findRunning(dir)
	if err != nil {
		return nil, "", err
	}
	var own []string
	for _, name := range []string{envClientID, envClientSecret, scope, envKey, envEndpoint} {
		if v := set[name]; v.text != "" {
			own = append(own, fmt.Sprintf("%s (%s)", name, v.from))
		}
	}
	note := ""
	if len(own) > 0 {
		note = fmt.Sprintf("settings of the emulator running in %s, but for %s", dir, strings.Join(own, ", "))
	}
	for name, text := range map[string]string{
		envAuthority: r.Authority, envClientID: r.ClientID, envScope: r.Scope, envKey: r.SubscriptionKey, envEndpoint: r.Endpoint,
	} {
		set.fill(name, text, filepath.Join(dir, runningFile))
	}
	return r, note, nil
}

// fill gives a setting that isn't set its value.
func (v values) fill(name, text, from string) {
	if v[name].text == "" {
		v[name] = value{text, from}
	}
}

// placeholders are what the documentation writes where a value of your own
// belongs; ${ is how some programs refer to another variable.
var placeholders = []string{"${", "<", "CLIENT_ID", "TENANT_ID", "//NAME."}

// complete tells which of the settings are missing, and which still hold a
// placeholder.
func (v values) complete(names ...string) error {
	var missing []string
	for _, name := range names {
		if v.text(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return unusable("missing settings: %s: set them in the environment, or in %s in the working directory", strings.Join(missing, ", "), dotenvFile)
	}
	for _, name := range append([]string{envTenantID, envAuthority}, names...) {
		for _, placeholder := range placeholders {
			if at := v[name]; strings.Contains(at.text, placeholder) {
				return unusable("%s (%s) still holds the placeholder %s: write your own value in its place (nothing is expanded)", name, at.from, strings.TrimPrefix(placeholder, "//"))
			}
		}
	}
	return nil
}

// address is a setting that holds a URL to which secrets are sent: https, or
// http on this machine.
func (v values) address(name string) (*url.URL, error) {
	at := v[name]
	u, err := url.Parse(at.text)
	switch {
	case err != nil, u.Host == "", u.User != nil, u.Fragment != "":
		return nil, unusable("%s (%s) is not an address such as https://NAME.azure-api.net/path", name, at.from)
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u):
		return u, nil
	}
	return nil, unusable("%s (%s) must begin with https://: a token, a secret and a key are never sent to %s in the clear", name, at.from, u.Host)
}

// isLoopback tells whether a URL is on this machine.
func isLoopback(u *url.URL) bool {
	host := u.Hostname()
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
