package main

import (
	"strings"
	"testing"
)

func TestRefusals(t *testing.T) {
	a := newAzure(t)
	state := a.state()
	apim := func(status, message string) string {
		return `{ "statusCode": ` + status + `, "message": "` + message + `" }`
	}
	for name, test := range map[string]struct {
		status  int
		body    string
		headers []string
		claims  map[string]any
		want    []string
	}{
		"key missing though sent": {401, apim("401", "Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API."),
			[]string{`WWW-Authenticate: AzureApiManagementKey realm="https://localhost/openai",name="api-key",type="header"`}, nil,
			[]string{"401 Unauthorized: Access denied due to missing subscription key.", "what to check:\n  - the key was sent in the header Ocp-Apim-Subscription-Key, but the API expects it in the header api-key\n"}},
		"key invalid": {401, apim("401", "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."), nil, nil,
			[]string{"is APIM_SUBSCRIPTION_KEY a key of an active subscription"}},
		"api-key invalid": {401, `{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key"}}`, nil, nil,
			[]string{"Azure OpenAI refused the api-key"}},
		"no token": {401, apim("401", "JWT not present."), nil, nil,
			[]string{"401 Unauthorized: JWT not present.\n", "does the policy look for the token elsewhere"}},
		"no token, Azure AD": {401, apim("401", "Azure AD JWT not present"), nil, nil, []string{"does the policy look for the token elsewhere"}},
		"bad token": {401, apim("401", "Invalid JWT."), []string{"Date: Mon, 23 Nov 2026 12:00:00 GMT"}, map[string]any{"aud": []string{"api://a", "api://b"}, "exp": 1795434000},
			[]string{"the token ran out at 2026-11-23 11:40:00; the gateway's clock shows 2026-11-23 12:00:00", "audience is api://a, api://b:", "issuer is https://sts.windows.net/" + tenant + "/:"}},
		"bad token, Azure AD": {401, apim("401", "Invalid Azure AD JWT"), nil, nil, []string{"audience is " + appID + ":"}},
		"Graph token":         {401, apim("401", "Unauthorized"), nil, map[string]any{"aud": "00000003-0000-0000-c000-000000000000"}, []string{"the token is for Microsoft Graph"}},
		"claims of wrong types": {401, apim("401", "Invalid JWT."), nil, map[string]any{"exp": "soon"},
			[]string{"the access token isn't a JSON Web Token that can be read"}},
		"own words": {401, "go away\x1b[31m\nnow", nil, nil, []string{"401 Unauthorized: go away [31m now\n", "in words of its own"}},
		"page":      {401, "<html>no</html>", nil, nil, []string{"401 Unauthorized\n"}},
		"role missing": {401, `{"error":{"code":"PermissionDenied","message":"Principal does not have access to API/Operation."}}`, nil, nil,
			[]string{"the gateway's own identity lacks the role", "Cognitive Services OpenAI User"}},
		"gateway's token refused": {401, apim("401", "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired."), nil, nil,
			[]string{"Azure OpenAI refused the gateway's token"}},
		"quota":        {403, apim("403", "Out of call volume quota. Quota will be replenished in 00:30:02."), []string{"Retry-After: 1802"}, nil, []string{"is used up", "after 1802 seconds"}},
		"firewall":     {403, `{"error":{"code":"403","message":"Access denied due to Virtual Network/Firewall rules."}}`, nil, nil, []string{"network rules"}},
		"key auth off": {403, `{"error":{"code":"AuthenticationTypeDisabled","message":"Key based authentication is disabled for this resource."}}`, nil, nil, []string{"takes no api-key"}},
		"forbidden":    {403, apim("403", "Forbidden"), nil, nil, []string{"403 Forbidden: Forbidden", "ip-filter"}},
		"no operation": {404, apim("404", "Resource not found"), nil, nil,
			[]string{"404 Not Found: Resource not found", "has no operation for POST " + path}},
		"no deployment": {404, `{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}`, nil, nil, []string{"is the deployment in the path"}},
		"rate limit":    {429, apim("429", "Rate limit is exceeded. Try again in 57 seconds."), []string{"Retry-After: 57"}, nil, []string{"429 Too Many Requests", "after 57 seconds (Retry-After)"}},
		"filtered":      {400, `{"error":{"message":"The response was filtered","code":"content_filter","status":400}}`, nil, nil, []string{"the content filter stopped the prompt"}},
		"bad request":   {400, `{"error":{"code":"BadRequest","message":"no"}}`, nil, nil, []string{"api-version"}},
		"pool tripped":  {503, "", []string{"Retry-After: 10"}, nil, []string{"503 Service Unavailable\n", "circuit breaker", "after 10 seconds"}},
		"internal error": {500, `{ "statusCode": 500, "message": "Internal server error", "activityId": "cd71e1f2" }`, nil, nil,
			[]string{"500 Internal Server Error: Internal server error", "gateway trace cd71e1f2"}},
		"redirect":              {307, "", []string{"Location: https://contoso.example/x"}, nil, []string{"307 Temporary Redirect", "points to https://contoso.example/x"}},
		"unknown status":        {418, apim("418", "short and stout"), nil, nil, []string{"418 I'm a teapot: short and stout\n"}},
		"error of another type": {401, `{"error":"invalid_token","message":7}`, nil, nil, []string{"401 Unauthorized\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			a.set(func() { a.api, a.claims = replies(test.status, test.body, test.headers...), test.claims })
			calls := len(a.asked)
			out := a.client(run{args: []string{"--state", state, "Hello"}})
			out.want(t, exitFailed, "", test.want...)
			if strings.ContainsRune(out.stderr, '\x1b') {
				t.Errorf("stderr holds an escape character: %q", out.stderr)
			}
			if len(a.asked) != calls+1 {
				t.Errorf("the gateway was called %d times, want 1", len(a.asked)-calls)
			}
		})
	}
}

func TestRefusalWithoutAKey(t *testing.T) {
	a := newAzure(t)
	a.reply(replies(401, `{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure." }`))
	env := a.environment()
	delete(env, envKey)
	env[envClientSecret] = secret
	a.client(run{args: []string{"Hello"}, env: env}).want(t, exitFailed, "", "set APIM_SUBSCRIPTION_KEY: this API asks for a subscription key")
	if request, _ := a.last(); request.Header["Ocp-Apim-Subscription-Key"] != nil {
		t.Error("a key was sent, though none is set")
	}
}

func TestActivityIDOfARealGateway(t *testing.T) {
	r := &refusal{activityID: "cd71e1f2", settings: &settings{endpoint: mustParse(t, "https://contoso.azure-api.net/x")}}
	if got := strings.Join(serverError(r), "\n"); strings.Contains(got, "gateway trace") || !strings.Contains(got, "activity id cd71e1f2") {
		t.Errorf("got %q, want the id, without the emulator's command", got)
	}
}
