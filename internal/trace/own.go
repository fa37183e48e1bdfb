package trace

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// shortestValue is the shortest cookie, parameter or member of a body that is taken for a
// secret because of its name: "light" or "true" stands everywhere.
const shortestValue = 8

// found are texts that a request showed to be secret by where they stood, and what is shown
// in place of each.
type found map[string]string

// SecretsOf are what x keeps secret as it is now: its header lines, its address and its
// subscription key. A record, if x has one, knows those that were there before. keys are the
// names under which a key is sent, besides those that every record masks.
func SecretsOf(x *exchange.Exchange, keys ...string) *Secrets {
	own := make(found)
	if r, ok := x.Observer.(*Record); ok {
		maps.Copy(own, r.state.own)
		keys = append(slices.Clone(keys), r.state.keys...)
	}
	own.exchange(x, keys)
	return NewSecrets(own)
}

// exchange adds what the messages of x and its subscription keep secret.
func (f found) exchange(x *exchange.Exchange, keys []string) {
	f.address(&x.Request.OriginalURL, keys)
	target := x.Request.Target()
	f.address(&target, keys)
	f.header(x.Request.Header.Fields(), keys)
	if x.Response != nil {
		f.header(x.Response.Header.Fields(), keys)
	}
	if x.Subscription != nil {
		for _, key := range []string{x.Subscription.Key, x.Subscription.PrimaryKey, x.Subscription.SecondaryKey} {
			if key != "" {
				f[key] = "(key of " + x.Subscription.ID + ")"
			}
		}
	}
}

// header adds what header lines keep secret.
func (f found) header(lines []exchange.Field, keys []string) {
	for _, l := range lines {
		switch name := strings.ToLower(l.Name); {
		case name == "cookie":
			for pair := range strings.SplitSeq(l.Value, ";") {
				f.pair(pair)
			}
			f[l.Value] = Masked
		case name == "set-cookie":
			pair, _, _ := strings.Cut(l.Value, ";")
			f.pair(pair)
			f[l.Value] = Masked
		case name == "location":
			if u, err := url.Parse(l.Value); err == nil {
				f.query(u.RawQuery, keys)
			}
		case isSecretHeader(name, keys):
			f.credential(l, keys)
		}
	}
}

// credential adds a header line's value, what follows its scheme, and of Basic the password.
func (f found) credential(l exchange.Field, keys []string) {
	f[l.Value] = shownHeader(l.Name, l.Value, keys)
	scheme, text, ok := strings.Cut(l.Value, " ")
	if !ok {
		return
	}
	f[text] = Masked
	if strings.EqualFold(scheme, "Basic") {
		if decoded, err := base64.StdEncoding.DecodeString(text); err == nil {
			_, password, _ := strings.Cut(string(decoded), ":")
			f.value(password)
		}
	}
}

// pair adds the value of a cookie.
func (f found) pair(written string) {
	_, value, _ := strings.Cut(strings.TrimSpace(written), "=")
	f.value(strings.Trim(value, `"`))
}

// address adds what the query of an address keeps secret.
func (f found) address(u *exchange.URL, keys []string) { f.query(u.RawQuery, keys) }

// query adds values as they are written and as they read.
func (f found) query(written string, keys []string) {
	for piece := range strings.SplitSeq(written, "&") {
		if name, value, ok := strings.Cut(piece, "="); ok && isSecret(name, keys) {
			f.value(value)
			f.value(unescaped(value))
		}
	}
}

// body adds what a body names as secret.
func (f found) body(text string) {
	if isForm(text) {
		for _, m := range inForm().FindAllString(text, -1) {
			_, value, _ := strings.Cut(m, "=")
			f.value(value)
			f.value(unescaped(value))
		}
	}
	if !strings.Contains(text, `"`) {
		return
	}
	for _, m := range inJSON().FindAllStringSubmatch(text, -1) {
		var value string
		if json.Unmarshal([]byte(strings.TrimPrefix(m[0], m[1])), &value) == nil {
			f.value(value)
		}
	}
}

// value adds a text that its name tells to be secret.
func (f found) value(text string) {
	if _, known := f[text]; !known && len(text) >= shortestValue {
		f[text] = Masked
	}
}
