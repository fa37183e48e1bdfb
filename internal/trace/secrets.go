package trace

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
)

// shortest is the shortest secret that is looked for in texts: shorter ones stand
// everywhere.
const shortest = 5

// Secrets are texts that no trace shows.
type Secrets struct {
	replacer *strings.Replacer
}

// NewSecrets makes it of secret texts and what is shown in place of each.
func NewSecrets(shown map[string]string) *Secrets {
	all := make([]string, 0, len(shown))
	for text := range shown {
		if len(text) >= shortest {
			all = append(all, text)
		}
	}
	// The longest first, or a part of a secret would be left beside a mask.
	slices.SortFunc(all, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, text := range all {
		for _, spelt := range spellings(text) {
			pairs = append(pairs, spelt, shown[text])
		}
	}
	return &Secrets{strings.NewReplacer(pairs...)}
}

// spellings are a secret as it is, and as it stands in addresses and encodings.
func spellings(secret string) []string {
	all := []string{secret}
	for _, other := range []string{
		url.QueryEscape(secret), url.PathEscape(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte(secret)),
		base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
	} {
		if !slices.Contains(all, other) {
			all = append(all, other)
		}
	}
	return all
}

// Mask takes the secrets out of a text.
func (s *Secrets) Mask(text string) string {
	if s == nil {
		return text
	}
	return s.replacer.Replace(text)
}

// Text takes the secrets out of a text, and what looks like one.
func (s *Secrets) Text(text string) string { return maskShapes(s.Mask(text)) }

// headerSecrets are header lines whose values are secrets, besides those whose names end
// in one of secretEndings.
var headerSecrets = []string{"cookie", "set-cookie", "www-authenticate-token", "x-identity-header", "x-ms-token-aad-id-token"}

// isSecretHeader knows those by their names, and by those that an API has for its keys.
func isSecretHeader(name string, keys []string) bool {
	lower := strings.ToLower(name)
	return slices.Contains(headerSecrets, lower) || isSecret(lower, keys)
}

// shownHeader is the value of a header line as a trace shows it: of Authorization the
// scheme, of other secrets nothing.
func shownHeader(name, value string, keys []string) string {
	if value == "" || !isSecretHeader(name, keys) {
		return value
	}
	if scheme, _, ok := strings.Cut(value, " "); ok && strings.HasSuffix(strings.ToLower(name), "authorization") {
		return scheme + " " + Masked
	}
	return Masked
}

var (
	// aToken is a JSON Web Token, wherever it stands.
	aToken = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)+`)
	// inQuery is a secret in the query of an address that stands in a text.
	inQuery = regexp.MustCompile(`(?i)([?&](?:[a-z0-9_.-]*(?:key|token|secret|password|signature|assertion|authorization)|sig|code|code_verifier|id_token_hint|jwt|pwd)=)[^&\s"'<>]+`)
)

// inBody is a secret in a form or in JSON, by its name.
var (
	inForm = regexp.MustCompile(`(?i)(^|&)([a-z0-9_.-]*(?:secret|password|token|assertion|signature)|pwd|code|code_verifier)=[^&\s]+`)
	inJSON = regexp.MustCompile(`(?i)("(?:[a-z0-9_.-]*(?:secret|password|token|assertion|apikey|api_key)|pwd)"\s*:\s*)"(?:[^"\\]|\\.)*"?`)
)

// maskBody masks what a body names as secret.
func maskBody(text string) string {
	if strings.Contains(text, "=") && !strings.ContainsAny(text[:min(len(text), 64)], "{<\n") {
		text = inForm.ReplaceAllString(text, "${1}${2}="+Masked)
	}
	if strings.Contains(text, `":`) || strings.Contains(text, `" :`) {
		text = inJSON.ReplaceAllString(text, `${1}"`+Masked+`"`)
	}
	return text
}

// MaskTokens masks JSON Web Tokens.
func MaskTokens(text string) string {
	if !strings.Contains(text, "eyJ") {
		return text
	}
	return aToken.ReplaceAllString(text, Masked)
}

// maskShapes masks what looks like a secret, whoever's it is.
func maskShapes(text string) string {
	text = MaskTokens(text)
	if strings.ContainsAny(text, "?&") {
		text = inQuery.ReplaceAllString(text, "${1}"+Masked)
	}
	return text
}

// secretsOf are the values that a request's own header lines keep secret, and its
// subscription key.
func secretsOf(x *exchange.Exchange, keys []string) map[string]string {
	found := make(map[string]string)
	addSecrets(found, x.Request.Header.Fields(), keys)
	if x.Response != nil {
		addSecrets(found, x.Response.Header.Fields(), keys)
	}
	if x.Subscription != nil {
		for _, key := range []string{x.Subscription.Key, x.Subscription.PrimaryKey, x.Subscription.SecondaryKey} {
			if key != "" {
				found[key] = "(key of " + x.Subscription.ID + ")"
			}
		}
	}
	return found
}

// addSecrets adds what header lines keep secret.
func addSecrets(found map[string]string, header []exchange.Field, keys []string) {
	for _, f := range header {
		if !isSecretHeader(f.Name, keys) {
			continue
		}
		if _, token, ok := strings.Cut(f.Value, " "); ok {
			found[token] = Masked
		}
		found[f.Value] = Masked
	}
}

// Each replaces every text of the record that may hold what a client or a policy put
// there.
func (r *Record) Each(f func(string) string) {
	r.URL, r.Cut = f(r.URL), f(r.Cut)
	if e := r.LastError; e != nil {
		e.Message = f(e.Message)
	}
	r.Request.each(f)
	r.Response.each(f)
	for i := range r.Steps {
		r.Steps[i].each(f)
	}
}

func (s *Step) each(f func(string) string) {
	s.Message, s.Detail = f(s.Message), f(s.Detail)
	for i := range s.Notes {
		s.Notes[i] = f(s.Notes[i])
	}
	for i := range s.Evaluations {
		e := &s.Evaluations[i]
		e.Source, e.Value, e.Fault = f(e.Source), f(e.Value), f(e.Fault)
		for k := range e.Parts {
			p := &e.Parts[k]
			p.Source, p.Value, p.Fault = f(p.Source), f(p.Value), f(p.Fault)
		}
	}
	if s.Token != nil {
		s.Token.each(f)
	}
	for i := range s.Calls {
		s.Calls[i].each(f)
	}
	for i := range s.Changes {
		for _, text := range []*string{s.Changes[i].Before, s.Changes[i].After} {
			if text != nil {
				*text = f(*text)
			}
		}
	}
}
