package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

const (
	graphWarning = "warning: --graph asks for a token for Microsoft Graph. Nobody but Graph can verify one (its header carries a nonce that isn't the signed one), so expect the gateway to refuse it."
	// graphAccepted follows an answer that --graph should not have got.
	graphAccepted = "warning: the gateway took a token for Microsoft Graph: is there a validate-jwt or validate-azure-ad-token, with audiences, in the policy of this API?"
)

// refusal is an answer of the gateway other than the one asked for, with what an
// explanation of it needs.
type refusal struct {
	status     int
	message    string
	code       string // of Azure OpenAI's errors
	activityID string // of APIM's 500s
	header     http.Header

	settings *settings
	claims   *claims // of the token that was sent; nil if it can't be read
}

// rule says what to check after a refusal of one kind.
type rule struct {
	status int // 0 for any
	fits   func(r *refusal) bool
	checks func(r *refusal) []string
}

// rules are tried in order; the first that fits speaks. The messages are those of
// errors.yaml, identity.md 7 and azure-openai.md 1.3 to 2.4.
var rules = []rule{
	{401, says("missing subscription key"), keyMissing},
	{401, says("wrong API endpoint"), advise(
		"Azure OpenAI refused the api-key that the gateway sent: is it of this resource, and does the backend's address name the same one?")},
	{401, says("invalid subscription key"), advise(
		"is "+envKey+" a key of an active subscription, of this very gateway?",
		"does the subscription reach this API: is it of a product that holds the API, of the API itself or of all APIs?")},
	{401, says("JWT not present"), advise(
		"the client sent Authorization: Bearer: does the policy look for the token elsewhere (header-name, query-parameter-name, token-value), or does something before it remove the header?")},
	{401, isPermissionDenied, advise(
		"the gateway's own identity lacks the role: give its managed identity Cognitive Services OpenAI User on the Azure OpenAI resource (it takes minutes to take effect)",
		"your token is not the cause: Azure OpenAI never saw it, unless the policy passes it on")},
	{401, says("Access token is missing, invalid, audience"), advise(
		`Azure OpenAI refused the gateway's token: is there authentication-managed-identity with resource="https://cognitiveservices.azure.com" in the policy, and does nothing overwrite Authorization after it?`)},
	{401, forGraph, func(r *refusal) []string { return append(graphTrap(), tokenFacts(r)...) }},
	{401, says("JWT"), tokenFacts},
	{401, always, func(r *refusal) []string {
		return append([]string{"the policy refused the caller, in words of its own"}, tokenFacts(r)...)
	}},
	{403, says("quota"), quota},
	{403, says("Virtual Network", "Public access is disabled"), advise("the network rules of the Azure OpenAI resource keep the gateway out")},
	{403, says("Key based authentication"), advise("the Azure OpenAI resource takes no api-key: let the policy use authentication-managed-identity")},
	{403, always, advise(
		"does an ip-filter of the policy let this machine's address through?",
		"does the policy ask for a role, a scope or a claim that the token lacks? --show-token shows what it has")},
	{404, says("deployment"), advise("is the deployment in the path of " + envEndpoint + " one of the Azure OpenAI resource?")},
	{404, always, notFound},
	{400, hasCode("content_filter"), advise("the content filter stopped the prompt: word it differently")},
	{400, always, advise("does the api-version in " + envEndpoint + " exist, and does the deployment take chat messages?")},
	{429, always, tooMany},
	{503, always, unavailable},
	{0, isRedirect, redirected},
	{0, isServerError, serverError},
}

// explain makes a failure of a refusal.
func (c *call) explain(response *http.Response, body []byte) error {
	r := readRefusal(body)
	r.status, r.header, r.settings = response.StatusCode, response.Header, c.settings
	if token, err := decodeToken(c.token); err == nil {
		r.claims = &token.claims
	}
	f := failed("%s", oneLine(response.Status))
	if r.message != "" {
		f.line += ": " + r.message
	}
	for _, rule := range rules {
		if (rule.status == 0 || rule.status == r.status) && rule.fits(r) {
			f.checks = rule.checks(r)
			break
		}
	}
	return f
}

// readRefusal finds the message in a body: APIM's shape, Azure OpenAI's, or text.
func readRefusal(body []byte) *refusal {
	var apim struct {
		Message    string          `json:"message"`
		ActivityID string          `json:"activityId"`
		Error      json.RawMessage `json:"error"`
	}
	var openAI struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &apim) != nil {
		text := strings.TrimSpace(string(body))
		if strings.HasPrefix(text, "<") || strings.HasPrefix(text, "{") {
			text = "" // a page, or half an object: the status says more
		}
		return &refusal{message: oneLine(text)}
	}
	// Of another shape than this, an error has nothing to show.
	_ = json.Unmarshal(apim.Error, &openAI)
	message := apim.Message
	if message == "" {
		message = openAI.Message
	}
	return &refusal{message: oneLine(message), code: openAI.Code, activityID: oneLine(apim.ActivityID)}
}

func always(*refusal) bool { return true }

// says fits a message that holds one of the texts, in any case.
func says(texts ...string) func(*refusal) bool {
	return func(r *refusal) bool {
		for _, text := range texts {
			if strings.Contains(strings.ToLower(r.message), strings.ToLower(text)) {
				return true
			}
		}
		return false
	}
}

func hasCode(code string) func(*refusal) bool {
	return func(r *refusal) bool { return r.code == code }
}

func isPermissionDenied(r *refusal) bool {
	return r.code == "PermissionDenied" || says("lacks the required data action", "Principal does not have access")(r)
}

func forGraph(r *refusal) bool { return r.claims != nil && r.claims.forGraph() }

func isRedirect(r *refusal) bool { return r.status/100 == 3 }

func isServerError(r *refusal) bool { return r.status/100 == 5 }

// advise gives the same sentences each time.
func advise(checks ...string) func(*refusal) []string {
	return func(*refusal) []string { return checks }
}

// keyHeader finds the name of the header (or query parameter) in which the API
// expects the key (runtime.md, "Response bodies of the gateway").
var keyHeader = regexp.MustCompile(`name="([^"]+)",\s*type="([^"]+)"`)

func keyMissing(r *refusal) []string {
	if r.settings.subscriptionKey == "" {
		return []string{"set " + envKey + ": this API asks for a subscription key"}
	}
	checks := []string{"the key was sent in the header Ocp-Apim-Subscription-Key: does the API's setting name another one, or does a proxy on the way remove it?"}
	if m := keyHeader.FindStringSubmatch(r.header.Get("WWW-Authenticate")); m != nil && !strings.EqualFold(m[1], "Ocp-Apim-Subscription-Key") {
		checks = []string{fmt.Sprintf("the key was sent in the header Ocp-Apim-Subscription-Key, but the API expects it in the %s %s", oneLine(m[2]), oneLine(m[1]))}
	}
	return checks
}

func graphTrap() []string {
	return []string{
		"the token is for Microsoft Graph, and nobody but Graph can verify one: its signature never fits, whatever the policy says",
		"ask for a token for your own application: " + envScope + "=CLIENT_ID/.default, or api://CLIENT_ID/SCOPE; scopes such as User.Read and openid alone mean Graph",
	}
}

// tokenFacts say what the token holds of what validate-jwt compares, without the
// token.
func tokenFacts(r *refusal) []string {
	if r.claims == nil {
		return []string{"the access token isn't a JSON Web Token that can be read: " + envScope + " must name an application of your own"}
	}
	checks := []string{
		fmt.Sprintf("the token's audience is %s: is it among the audiences of the policy, to the letter?", oneLine(strings.Join(r.claims.Audience, ", "))),
		fmt.Sprintf("its issuer is %s: is it among the issuers of the policy, or that of its openid-config? (https://sts.windows.net/TENANT_ID/ is of version 1.0, https://login.microsoftonline.com/TENANT_ID/v2.0 of 2.0)", oneLine(r.claims.Issuer)),
		"does the policy ask for a claim that the token lacks? --show-token shows what it has",
	}
	// The gateway's clock is the one that decides.
	if at, err := http.ParseTime(r.header.Get("Date")); err == nil && r.claims.expired(at) {
		checks = append([]string{fmt.Sprintf("the token ran out at %s; the gateway's clock shows %s: sign in again, or set that clock right",
			time.Unix(int64(r.claims.Expires), 0).UTC().Format(time.DateTime), at.UTC().Format(time.DateTime))}, checks...)
	}
	return checks
}

func quota(r *refusal) []string {
	checks := []string{"the quota of this subscription, or of this counter, is used up"}
	return append(checks, retryAfter(r)...)
}

func tooMany(r *refusal) []string {
	checks := []string{"a limit was reached: of the policy (rate-limit, llm-token-limit), or of the Azure OpenAI deployment"}
	return append(checks, retryAfter(r)...)
}

func retryAfter(r *refusal) []string {
	if after := r.header.Get("Retry-After"); after != "" {
		return []string{"ask again after " + oneLine(after) + " seconds (Retry-After)"}
	}
	return nil
}

func notFound(r *refusal) []string {
	at := r.settings.endpoint
	return []string{
		fmt.Sprintf("the gateway %s has no operation for POST %s: is the API's path in it, and is the rest spelled as in the operation?", at.Host, at.Path),
		"is the api-version in " + envEndpoint + " right, if the API has versions?",
	}
}

func unavailable(r *refusal) []string {
	return append([]string{"the backend is out of use for now: a circuit breaker has tripped, or no member of the pool is left"}, retryAfter(r)...)
}

func redirected(r *refusal) []string {
	return []string{
		fmt.Sprintf("the gateway points to %s; the client doesn't take a token and a key there: is %s right?", oneLine(r.header.Get("Location")), envEndpoint),
	}
}

func serverError(r *refusal) []string {
	checks := []string{"a policy expression failed, or the backend couldn't be reached"}
	switch {
	case r.activityID == "":
	case isLoopback(r.settings.endpoint):
		checks = append(checks, "see why: gateway trace "+r.activityID)
	default:
		checks = append(checks, "look for the activity id "+r.activityID+" in the gateway's logs (Application Insights)")
	}
	return checks
}
