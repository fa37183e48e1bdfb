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
	// name is how the service's messages call it.
	name string
	// kind is how a fault calls it; "" for one that no fault is for.
	kind OperationKind
	// keyHeader is the header in which a key comes.
	keyHeader string
	// versions are its api-versions.
	versions []version
	// serve answers; only an emulated one has it.
	serve func(*call) *refusal
}

// OperationKind names a group of operations to a [Fault].
type OperationKind string

// The kinds of operations that faults tell apart.
const (
	KindChat          OperationKind = "chat"
	KindEmbeddings    OperationKind = "embeddings"
	KindContentSafety OperationKind = "contentSafety"
)

var kinds = []OperationKind{KindChat, KindEmbeddings, KindContentSafety}

// Headers of keys: that of Azure OpenAI, and that of Azure AI Content Safety (its
// specification, 2024-09-01).
const (
	keyOfOpenAI        = "Api-Key"
	keyOfContentSafety = "Ocp-Apim-Subscription-Key"
)

// Data actions are those of Azure's list of Microsoft.CognitiveServices.
var (
	chatCompletions = operation{
		method: "POST", path: "/openai/deployments/{deployment-id}/chat/completions", name: "ChatCompletions_Create",
		dataAction: "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action",
		kind:       KindChat, keyHeader: keyOfOpenAI, versions: versions, serve: (*call).serveChat,
	}
	embeddings = operation{
		method: "POST", path: "/openai/deployments/{deployment-id}/embeddings", name: "Embeddings_Create",
		dataAction: "Microsoft.CognitiveServices/accounts/OpenAI/deployments/embeddings/action",
		kind:       KindEmbeddings, keyHeader: keyOfOpenAI, versions: versions, serve: (*call).serveEmbeddings,
	}
	listModels = operation{
		method: "GET", path: "/openai/models", name: "Models_List", dataAction: "Microsoft.CognitiveServices/accounts/OpenAI/models/read",
		keyHeader: keyOfOpenAI, versions: versions, serve: (*call).serveModels,
	}
	getModel = operation{
		method: "GET", path: "/openai/models/{id}", name: "Models_Get", dataAction: "Microsoft.CognitiveServices/accounts/OpenAI/models/read",
		keyHeader: keyOfOpenAI, versions: versions, serve: (*call).serveModel,
	}
	listDeployments = operation{
		method: "GET", path: "/openai/deployments", name: "Deployments_List", dataAction: "Microsoft.CognitiveServices/accounts/OpenAI/deployments/read",
		keyHeader: keyOfOpenAI, versions: listingVersions, serve: (*call).serveDeployments,
	}
	getDeployment = operation{
		method: "GET", path: "/openai/deployments/{deployment-id}", name: "Deployments_Get", dataAction: "Microsoft.CognitiveServices/accounts/OpenAI/deployments/read",
		keyHeader: keyOfOpenAI, versions: listingVersions, serve: (*call).serveDeployment,
	}
	analyzeText = operation{
		method: "POST", path: "/contentsafety/text:analyze", name: "TextOperations_AnalyzeText",
		dataAction: "Microsoft.CognitiveServices/accounts/ContentSafety/text:analyze/action",
		kind:       KindContentSafety, keyHeader: keyOfContentSafety, versions: safetyVersions, serve: (*call).serveAnalyzeText,
	}
	shieldPrompt = operation{
		method: "POST", path: "/contentsafety/text:shieldPrompt", name: "TextOperations_ShieldPrompt",
		dataAction: "Microsoft.CognitiveServices/accounts/ContentSafety/text:shieldprompt/action",
		kind:       KindContentSafety, keyHeader: keyOfContentSafety, versions: shieldVersions, serve: (*call).serveShieldPrompt,
	}
)

// emulatedOperations are those that have an answer.
var emulatedOperations = []operation{
	chatCompletions, embeddings, listModels, getModel, listDeployments, getDeployment, analyzeText, shieldPrompt,
}

// otherOperations are the documented routes of azure-openai.md 1.1 that have none, and
// those of Azure AI Content Safety.
var otherOperations = []operation{
	{method: "POST", path: "/openai/deployments/{deployment-id}/completions"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/images/generations"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/images/edits"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/audio/transcriptions"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/audio/translations"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/audio/speech"},
	{method: "POST", path: "/openai/deployments/{deployment-id}/extensions/chat/completions"},
	{method: "POST", path: "/openai/images/generations:submit"},
	{method: "GET", path: "/openai/operations/images/{operation-id}"},
	{method: "POST", path: "/openai/responses"},
	{method: "GET", path: "/openai/responses/{response-id}"},
	{method: "DELETE", path: "/openai/responses/{response-id}"},
	{method: "GET", path: "/openai/responses/{response-id}/input_items"},
	{method: "POST", path: "/openai/responses/{response-id}/cancel"},
	{path: "/openai/v1/*"},
	{path: "/contentsafety/*"},
}

func (o operation) emulated() bool { return o.serve != nil }

// String is the operation as the service writes it in messages.
func (o operation) String() string { return strings.TrimSpace(o.method + " " + o.path) }

// findOperation finds the operation of a request line, and the value of the
// parameter in its path, if there is one: a deployment's or a model's name. A path
// is taken as it came: a doubled or a trailing slash makes another path.
func findOperation(method, escapedPath string) (op operation, parameter string, found bool) {
	segments := strings.Split(escapedPath, "/")
	for i, s := range segments {
		unescaped, err := url.PathUnescape(s)
		if err != nil {
			return operation{}, "", false
		}
		segments[i] = unescaped
	}
	for _, list := range [][]operation{emulatedOperations, otherOperations} {
		for _, o := range list {
			if o.method != "" && o.method != method {
				continue
			}
			if parameter, found := o.match(segments); found {
				return o, parameter, true
			}
		}
	}
	return operation{}, "", false
}

func (o operation) match(segments []string) (parameter string, matched bool) {
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
			parameter = segments[i]
		case want != segments[i]:
			return "", false
		}
	}
	return parameter, len(segments) == len(template)
}
