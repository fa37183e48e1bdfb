package entra

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
)

// A form is the parameters of a request. A parameter without a value counts as
// absent (RFC 6749 section 3.1; identity.md trap 30).
type form url.Values

func (f form) get(name string) string { return url.Values(f).Get(name) }

// need is get for a parameter that must be there.
func (f form) need(name string) (string, *Error) {
	if v := f.get(name); v != "" {
		return v, nil
	}
	return "", errParameterMissing.of(name)
}

// queryForm reads the parameters from the query string.
func (c *call) queryForm() (form, *Error) { return parseForm(c.URL.RawQuery) }

// postForm reads the parameters from the body. A body of another type has none, as
// in Entra, which then misses the first parameter it needs.
func (c *call) postForm() (form, *Error) {
	mediaType, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/x-www-form-urlencoded" {
		return form{}, nil
	}
	body, err := io.ReadAll(c.Body)
	if err != nil {
		return nil, errMalformed.of()
	}
	return parseForm(string(body))
}

// parameters are those of a request that may be GET or POST.
func (c *call) parameters() (form, *Error) {
	if c.Method == http.MethodPost {
		return c.postForm()
	}
	return c.queryForm()
}

func parseForm(encoded string) (form, *Error) {
	values, err := url.ParseQuery(encoded)
	if err != nil || len(encoded) > maxForm {
		return nil, errMalformed.of()
	}
	for _, name := range sortedKeys(values) {
		if len(values[name]) > 1 {
			return nil, errParameterTwice.of(name)
		}
	}
	return form(values), nil
}

// capabilities are the client's capabilities (xms_cc) in a claims parameter, the
// only claims request that changes a token here.
func (f form) capabilities() ([]string, *Error) {
	raw := f.get("claims")
	if raw == "" {
		return nil, nil
	}
	var asked map[string]json.RawMessage
	if err := json.Unmarshal([]byte(raw), &asked); err != nil || asked == nil {
		return nil, errClaimsMalformed.of()
	}
	var access struct {
		ClientCapabilities struct {
			Values []string `json:"values"`
		} `json:"xms_cc"`
	}
	if token := asked["access_token"]; token != nil {
		if err := json.Unmarshal(token, &access); err != nil {
			return nil, errClaimsMalformed.of()
		}
	}
	return access.ClientCapabilities.Values, nil
}
