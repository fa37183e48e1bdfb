package azureopenai

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestFindOperation(t *testing.T) {
	for _, c := range []struct {
		method, path string
		want         string // "" is none
		parameter    string
	}{
		{"POST", "/openai/deployments/gpt-4o/chat/completions", "POST /openai/deployments/{deployment-id}/chat/completions", "gpt-4o"},
		{"POST", "/openai/deployments/my%20own/chat/completions", "POST /openai/deployments/{deployment-id}/chat/completions", "my own"},
		{"POST", "/openai/deployments/a%2Fb/chat/completions", "POST /openai/deployments/{deployment-id}/chat/completions", "a/b"},
		{"GET", "/openai/deployments/gpt-4o/chat/completions", "", ""},
		{"post", "/openai/deployments/gpt-4o/chat/completions", "", ""},
		{"POST", "/openai/deployments//chat/completions", "", ""},
		{"POST", "/openai/deployments/gpt-4o/chat/completions/", "", ""},
		{"POST", "//openai/deployments/gpt-4o/chat/completions", "", ""},
		{"POST", "/openai/deployments/gpt-4o/chat", "", ""},
		{"POST", "/openai/deployments/gpt-4o/%zz/completions", "", ""},
		{"POST", "/deployments/gpt-4o/chat/completions", "", ""},
		{"POST", "/openai/deployments/gpt-4o/embeddings", "POST /openai/deployments/{deployment-id}/embeddings", "gpt-4o"},
		{"POST", "/openai/images/generations:submit", "POST /openai/images/generations:submit", ""},
		{"GET", "/openai/models", "GET /openai/models", ""},
		{"GET", "/openai/models/gpt-4o-2024-08-06", "GET /openai/models/{id}", "gpt-4o-2024-08-06"},
		{"GET", "/openai/deployments", "GET /openai/deployments", ""},
		{"GET", "/openai/deployments/gpt-4o", "GET /openai/deployments/{deployment-id}", "gpt-4o"},
		{"POST", "/contentsafety/text:analyze", "POST /contentsafety/text:analyze", ""},
		{"POST", "/contentsafety/image:analyze", "/contentsafety/*", ""},
		{"POST", "/openai/models", "", ""},
		{"DELETE", "/openai/responses/resp_1", "DELETE /openai/responses/{response-id}", "resp_1"},
		{"GET", "/openai/responses/resp_1/input_items", "GET /openai/responses/{response-id}/input_items", "resp_1"},
		{"PATCH", "/openai/v1/files/f/content", "/openai/v1/*", ""},
		{"GET", "/openai/v1/", "", ""},
		{"GET", "/openai/v1", "", ""},
		{"GET", "/", "", ""},
		{"GET", "", "", ""},
	} {
		op, parameter, found := findOperation(c.method, c.path)
		if found != (c.want != "") || found && (op.String() != c.want || parameter != c.parameter) {
			t.Errorf("%s %s: got %q with %q (%t), want %q with %q", c.method, c.path, op, parameter, found, c.want, c.parameter)
		}
	}
}

func TestEveryOtherRouteIsRefusedByName(t *testing.T) {
	s, _ := newTestServer(t, testConfig())
	for _, op := range otherOperations {
		method := op.method
		if method == "" {
			method = "GET"
		}
		path := strings.NewReplacer("{deployment-id}", "gpt-4o", "{", "", "}", "", "*", "models").Replace(op.path)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		want := `{"error":{"code":"NotEmulated","message":"apimulator does not emulate ` + op.String() + " yet;"
		if w.Code != 501 || !strings.HasPrefix(w.Body.String(), want) {
			t.Errorf("%s %s: got %d %s, want 501 %s", method, path, w.Code, w.Body, want)
		}
	}
}
