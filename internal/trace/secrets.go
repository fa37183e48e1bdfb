package trace

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/pattern"
)

// shortest is the shortest secret that is looked for in texts: shorter ones stand
// everywhere.
const shortest = 5

// Secrets are texts that no trace shows.
type Secrets struct {
	replacer *strings.Replacer
	spelt    []string // what it looks for, the longest first
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
	var pairs, spelt []string
	for _, text := range all {
		for _, s := range spellings(text) {
			pairs, spelt = append(pairs, s, shown[text]), append(spelt, s)
		}
	}
	return &Secrets{strings.NewReplacer(pairs...), spelt}
}

// spellings are a secret as it is, and as it stands in addresses, documents and encodings.
func spellings(secret string) []string {
	all := []string{secret}
	for _, other := range append(inBase64(secret),
		url.QueryEscape(secret), url.PathEscape(secret), inQuotes(secret, true), inQuotes(secret, false), html.EscapeString(secret),
	) {
		if !slices.Contains(all, other) {
			all = append(all, other)
		}
	}
	return all
}

// inQuotes is a secret as it stands in JSON, with or without HTML's escapes.
func inQuotes(secret string, escapeHTML bool) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(escapeHTML)
	_ = e.Encode(secret) // a text has no fault
	return strings.Trim(strings.TrimSuffix(b.String(), "\n"), `"`)
}

// shortestInBase64 is how many characters of Base64 are looked for at least.
const shortestInBase64 = 6

// inBase64 is a secret in Base64: whole, and the characters that are the same whatever
// stands before it and after it, as in user:password of Basic. The longest are first, or a
// part would be left beside a mask.
func inBase64(secret string) []string {
	var all []string
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding} {
		all = append(all, e.EncodeToString([]byte(secret)))
	}
	for offset := range 3 {
		before, end := "\x00\x00"[:offset], (offset+len(secret))*8/6
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			inside := e.EncodeToString([]byte(before + secret))[(offset*8+5)/6 : end]
			if len(inside) >= shortestInBase64 {
				all = append(all, inside)
			}
		}
	}
	return all
}

// Mask takes the secrets out of a text.
func (s *Secrets) Mask(text string) string {
	if s == nil {
		return text
	}
	text = s.replacer.Replace(text)
	if before, clipped := strings.CutSuffix(text, clipMark); clipped {
		text = s.withoutBeginning(before) + clipMark
	}
	return text
}

// withoutBeginning is a text without the beginning of a secret that its end cut off.
func (s *Secrets) withoutBeginning(text string) string {
	longest := 0
	for _, secret := range s.spelt {
		for n := min(len(secret)-1, len(text)); n >= shortest && n > longest; n-- {
			if strings.HasSuffix(text, secret[:n]) {
				longest = n
			}
		}
	}
	return text[:len(text)-longest]
}

// Text takes the secrets out of a text, and what looks like one.
func (s *Secrets) Text(text string) string { return maskShapes(s.Mask(text)) }

// aScheme is an Authorization header line, by which some policies count.
var aScheme = pattern.Lazy(`(?i)\b(bearer|basic|sharedaccesskey|sharedaccesssignature) +\S.*`)

// Key is [Secrets.Text] of what a counter, a cache or a metric goes by, which may be a
// header line.
func (s *Secrets) Key(text string) string {
	return aScheme().ReplaceAllString(s.Text(text), "$1 "+Masked)
}

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
	aToken = pattern.Lazy(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)+`)
	// inQuery is a secret in the query of an address that stands in a text.
	inQuery = pattern.Lazy(`(?i)([?&](?:[a-z0-9_.-]*(?:key|token|secret|password|signature|assertion|authorization)|sig|code|code_verifier|id_token_hint|jwt|pwd)=)[^&\s"'<>]+`)
)

// inBody is a secret in a form or in JSON, by its name.
var (
	inForm = pattern.Lazy(`(?i)(^|&)([a-z0-9_.-]*(?:secret|password|token|assertion|signature)|pwd|code|code_verifier)=[^&\s]+`)
	inJSON = pattern.Lazy(`(?i)("(?:[a-z0-9_.-]*(?:secret|password|token|assertion|apikey|api_key)|pwd)"\s*:\s*)"(?:[^"\\]|\\.)*"?`)
)

// maskBody masks what a body names as secret.
func maskBody(text string) string {
	if isForm(text) {
		text = inForm().ReplaceAllString(text, "${1}${2}="+Masked)
	}
	if strings.Contains(text, `":`) || strings.Contains(text, `" :`) {
		text = inJSON().ReplaceAllString(text, `${1}"`+Masked+`"`)
	}
	return text
}

// isForm reports whether a body may be a form.
func isForm(text string) bool {
	return strings.Contains(text, "=") && !strings.ContainsAny(text[:min(len(text), 64)], "{<\n")
}

// maskShapes masks what looks like a secret, whoever's it is.
func maskShapes(text string) string {
	if strings.Contains(text, "eyJ") {
		text = aToken().ReplaceAllString(text, Masked)
	}
	if strings.ContainsAny(text, "?&") {
		text = inQuery().ReplaceAllString(text, "${1}"+Masked)
	}
	return text
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
