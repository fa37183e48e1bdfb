package azureopenai

import (
	"net/url"
	"strings"
)

// operation is an operation of the service. Its path is a template of segments,
// where {name} is any one segment and a last "*" the rest of the path.
type operation struct {
	method string // "" is any
	path   string
	// dataAction is what a caller's role has to allow.
	dataAction string
	// name is how the service's messages call it; only an emulated one has it.
	name string
}

var chatCompletions = operation{
	method: "POST", path: "/openai/deployments/{deployment-id}/chat/completions", name: "ChatCompletions_Create",
	dataAction: "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action",
}

// operations are the documented routes of azure-openai.md 1.1.
var operations = []operation{
	chatCompletions,
	{method: "POST", path: "/openai/deployments/{deployment-id}/completions"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/embeddings"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/images/generations"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/images/edits"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/audio/transcriptions"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/audio/translations"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/audio/speech"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/extensions/chat/completions"},
	{method: "POST", path: "/openai/images/generations:submit"},
	{method: "GET", path: "/openai/operations/images/{operation-id}"},
	{method: "GET", path: "/openai/models"},
	{method: "GET", path: "/openai/models/{model-id}"},
	{method: "POST", path: "/openai/responses"},
	{method: "GET", path: "/openai/responses/{response-id}"},
	{method: "DELETE", path: "/openai/responses/{response-id}"},
	{method: "GET", path: "/openai/responses/{response-id}/input_items"},
	{method: "POST", path: "/openai/responses/{response-id}/cancel"},
	{path: "/openai/v1/*"},
}

func (o operation) emulated() bool { return o.name != "" }

// String is the operation as the service writes it in messages.
func (o operation) String() string { return strings.TrimSpace(o.method + " " + o.path) }

// findOperation finds the operation of a request line, and the deployment that
// its path names, if any. A path is taken as it came: a doubled or a trailing
// slash makes another path.
func findOperation(method, escapedPath string) (op operation, deployment string, found bool) {
	segments := strings.Split(escapedPath, "/")
	for i, s := range segments {
		unescaped, err := url.PathUnescape(s)
		if err != nil {
			return operation{}, "", false
		}
		segments[i] = unescaped
	}
	for _, o := range operations {
		if o.method != "" && o.method != method {
			continue
		}
		if deployment, found := o.match(segments); found {
			return o, deployment, true
		}
	}
	return operation{}, "", false
}

func (o operation) match(segments []string) (deployment string, matched bool) {
	template := strings.Split(o.path, "/")
	for i, want := range template {
		switch {
		case i == len(segments):
			return "", false
		case want == "*":
			return "", segments[i] != ""
		case strings.HasPrefix(want, "{"):
			if segments[i] == "" {
				return "", false
			}
			if want == "{deployment-id}" {
				deployment = segments[i]
			}
		case want != segments[i]:
			return "", false
		}
	}
	return deployment, len(segments) == len(template)
}
