package azureopenai

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// refusal is an answer other than a completion. The service speaks two dialects:
// what stands before the model answers an error of code and message (or, for
// tokens, no error object at all), the model one of message, type, param and
// code. Where a literal has a blank after a colon, so has the service
// (azure-openai.md 1.2 to 1.4, 2.4).
type refusal struct {
	status int
	body   string
	// regional answers carry x-ms-region: those that came as far as the resource.
	regional bool
	// fromModel answers carry what only a model's answers do.
	fromModel bool
	header    http.Header
}

func (r *refusal) set(name, value string) {
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header.Set(name, value)
}

func (r *refusal) retryAfter(d time.Duration) {
	r.set("Retry-After", strconv.Itoa(wholeSeconds(d)))
	r.set("Retry-After-Ms", strconv.FormatInt(d.Milliseconds(), 10))
}

// resourceNotFound is for a path, method or api-version that does not exist.
func resourceNotFound() *refusal {
	return &refusal{status: http.StatusNotFound, body: `{"error":{"code":"404","message": "Resource not found"}}`}
}

func notEmulated(op operation) *refusal {
	return gatewayError(http.StatusNotImplemented, "NotEmulated", "apimulator does not emulate "+op.String()+
		" yet; of Azure OpenAI it emulates "+emulatedNames())
}

func emulatedNames() string {
	names := make([]string, len(emulatedOperations))
	for i, op := range emulatedOperations {
		names[i] = op.String()
	}
	return strings.Join(names, ", ")
}

// clientGone stands for no answer: nobody is there to read it.
var clientGone = &refusal{}

func deploymentNotFound() *refusal {
	r := gatewayError(http.StatusNotFound, "DeploymentNotFound", "The API deployment for this resource does not exist. "+
		"If you created the deployment within the last 5 minutes, please wait a moment and try again.")
	r.regional = true
	return r
}

// operationNotSupported is for what a model can't do: "chatCompletion", "embeddings".
func operationNotSupported(operation, model string) *refusal {
	r := gatewayError(http.StatusBadRequest, "OperationNotSupported", "The "+operation+" operation does not work with the specified model, "+
		model+". Please choose different model and try again. You can learn more about which models can be used with each operation here: "+
		"https://go.microsoft.com/fwlink/?linkid=2197993.")
	r.regional = true
	return r
}

func invalidKey() *refusal {
	return gatewayError(http.StatusUnauthorized, "401", "Access denied due to invalid subscription key or wrong API endpoint. "+
		"Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.")
}

func keysDisabled() *refusal {
	return &refusal{status: http.StatusForbidden,
		body: `{"error":{"code":"AuthenticationTypeDisabled","message": "Key based authentication is disabled for this resource."}}`}
}

// invalidToken is also for a request without any credential.
func invalidToken() *refusal {
	return &refusal{status: http.StatusUnauthorized, body: `{ "statusCode": 401, "message": "Unauthorized. Access token is missing, ` +
		`invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired." }`}
}

func foreignTenant(tenantID string) *refusal {
	return gatewayError(http.StatusBadRequest, "Tenant provided in token does not match resource token",
		"Token tenant "+tenantID+" does not match resource tenant.")
}

// permissionDenied is 401, not 403, when a role is missing.
func permissionDenied(objectID string, op operation) *refusal {
	return gatewayError(http.StatusUnauthorized, "PermissionDenied", "The principal `"+objectID+"` lacks the required data action `"+
		op.dataAction+"` to perform `"+op.String()+"` operation.")
}

// rateKind is one of the two limits of a deployment.
type rateKind struct {
	text, header, policy string
}

var (
	tokenRate = rateKind{text: "token", header: "X-Ratelimit-Reset-Tokens", policy: "DeploymentRatelimit-Token"}
	callRate  = rateKind{text: "call", header: "X-Ratelimit-Reset-Requests", policy: "DeploymentRatelimit-Call"}
)

// rateLimitError is the long form of the text, that of an OpenAI S0 resource.
func rateLimitError(kind rateKind, op operation, v version, seconds int) *refusal {
	r := gatewayError(http.StatusTooManyRequests, "429", fmt.Sprintf("Requests to the %s Operation under Azure OpenAI API version %s "+
		"have exceeded %s rate limit of your current OpenAI S0 pricing tier. Please retry after %d seconds. "+
		"Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit.",
		op.name, v, kind.text, seconds))
	r.regional = true
	r.set(kind.header, strconv.Itoa(seconds))
	r.set("Policy-Id", kind.policy)
	return r
}

// faultTexts are the bodies of statuses that the service answers out of itself.
// That of 408 is recorded; nobody has written down the others' messages.
var faultTexts = map[int]string{
	http.StatusRequestTimeout:      `{"error":{"code":"Timeout","message":"The operation was timeout."}}`,
	http.StatusInternalServerError: `{"error":{"code":"InternalServerError","message":"The server had an error processing your request."}}`,
	http.StatusServiceUnavailable:  `{"error":{"code":"ServiceUnavailable","message":"The service is temporarily unable to process your request."}}`,
}

// gatewayError is an error of what stands before the model.
func gatewayError(status int, code, message string) *refusal {
	return &refusal{status: status, body: `{"error":{"code":` + quote(code) + `,"message":` + quote(message) + `}}`}
}

// quote is s as a JSON string, <, > and & unescaped.
func quote(s string) string { return string(encode(s)) }

// encode is v as JSON on one line, <, > and & unescaped. v is of this package's
// types, all of which JSON can express.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("azureopenai: %T cannot be written as JSON: %v", v, err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
