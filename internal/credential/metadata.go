package credential

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The instance metadata service (identity.md 2.1).
const (
	metadataHost       = "169.254.169.254"
	metadataPath       = "/metadata/identity/oauth2/token"
	metadataAPIVersion = "2018-02-01"
)

// fetchMetadata asks the metadata service for a token.
func (w wire) fetchMetadata(ctx context.Context, id identity) (grant, error) {
	query := url.Values{"api-version": {metadataAPIVersion}, "resource": {id.resource}}
	if id.clientID != "" {
		query.Set("client_id", id.clientID)
	}
	target := url.URL{Scheme: "http", Host: metadataHost, Path: metadataPath, RawQuery: query.Encode()}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return grant{}, err
	}
	r.Header.Set("Metadata", "true")
	a, err := w.ask(r)
	switch {
	case err != nil:
		return grant{}, err
	case !a.granted():
		return grant{}, a.refusal()
	}
	if r, found := a.hiddenRefusal(); found {
		return grant{}, r
	}
	var body struct {
		AccessToken string          `json:"access_token"`
		ExpiresOn   json.RawMessage `json:"expires_on"` // seconds, as a string or a number (2.2)
	}
	if json.Unmarshal(a.body, &body) != nil {
		return grant{}, unusable(metadataHost + " did not answer in JSON as a token endpoint does")
	}
	seconds, err := strconv.ParseInt(strings.Trim(string(body.ExpiresOn), `"`), 10, 64)
	if err != nil {
		return grant{}, unusable(metadataHost + " did not say in expires_on when the token expires")
	}
	return grant{body.AccessToken, time.Unix(seconds, 0), a.kind()}, nil
}
