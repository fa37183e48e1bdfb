package azureopenai

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/apimulator/apimulator/internal/tokencount"
)

const embeddingsURL = "/openai/deployments/text-embedding-3-small/embeddings?api-version=2024-10-21"

func TestEmbeddingsRefused(t *testing.T) {
	c := testConfig()
	c.Deployments["ada"] = Deployment{Model: "text-embedding-ada-002"}
	s, _ := newTestServer(t, c)
	for body, want := range map[string]string{
		`{`:                                     `We could not parse the JSON body`,
		`[]`:                                    `Invalid type for the request body`,
		`{}`:                                    `Missing required parameter: 'input'.`,
		`{"input":null}`:                        `'$.input' is invalid.`,
		`{"input":5}`:                           `'$.input' is invalid.`,
		`{"input":""}`:                          `'$.input' is invalid.`,
		`{"input":["a",""]}`:                    `'$.input' is invalid.`,
		`{"input":["a",5]}`:                     `'$.input' is invalid.`,
		`{"input":[[1],["a"]]}`:                 `'$.input' is invalid.`,
		`{"input":[-1]}`:                        `'$.input' is invalid.`,
		`{"input":[[]]}`:                        `'$.input' is invalid.`,
		`{"input":"a","inputs":"b"}`:            `Unrecognized request argument supplied: inputs`,
		`{"input":"a","dimensions":0}`:          `Invalid 'dimensions': integer below minimum value.`,
		`{"input":"a","dimensions":1537}`:       `Invalid value for 'dimensions' = 1537. Must be less than or equal to 1536.`,
		`{"input":"a","dimensions":"8"}`:        `Invalid type for 'dimensions'`,
		`{"input":"a","encoding_format":"hex"}`: `Invalid value: 'hex'. Supported values are: 'float', and 'base64'.`,
		`{"input":"a","encoding_format":1}`:     `Invalid type for 'encoding_format'`,
		`{"input":"a","user":1}`:                `Invalid type for 'user'`,
		`{"input":["` + strings.Repeat(`a","`, 2048) + `a"]}`: `Invalid 'input': array too long. Expected an array with maximum length 2048, but got an array with length 2049 instead.`,
		`{"input":"` + strings.Repeat("a ", 8193) + `"}`:      `This model's maximum context length is 8192 tokens, however you requested 8194 tokens (8194 in your prompt; 0 for the completion).`,
	} {
		w := ask(s, embeddingsURL, body)
		if w.Code != 400 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%.80s: got %d %s, want 400 %s", body, w.Code, w.Body, want)
		}
	}
	w := ask(s, strings.Replace(embeddingsURL, "text-embedding-3-small", "ada", 1), `{"input":"a","dimensions":8}`)
	if w.Code != 400 || !strings.Contains(w.Body.String(), "This model does not support specifying dimensions.") {
		t.Errorf("ada with dimensions: got %d %s", w.Code, w.Body)
	}
}

func TestEmbeddingsCountAndAreLimited(t *testing.T) {
	c := testConfig()
	c.Deployments = map[string]Deployment{"text-embedding-3-small": {Model: "text-embedding-3-small", TokensPerMinute: 10, RequestsPer10Seconds: 100}}
	s, _ := newTestServer(t, c)
	texts := []string{"Hello, world!", "tiktoken is great!"}
	want := tokencount.CL100kBase.Count(texts[0]) + tokencount.CL100kBase.Count(texts[1])
	input, _ := json.Marshal(texts)
	w := ask(s, embeddingsURL, `{"input":`+string(input)+`}`)
	if got := w.Body.String(); w.Code != 200 || !strings.Contains(got, fmt.Sprintf(`"usage":{"prompt_tokens":%d,"total_tokens":%[1]d}`, want)) {
		t.Errorf("got %d %.100s, want usage of %d", w.Code, got, want)
	}
	w = ask(s, embeddingsURL, `{"input":`+string(input)+`}`)
	if w.Code != 429 || !strings.Contains(w.Body.String(), "Requests to the Embeddings_Create Operation") {
		t.Errorf("beyond the limit: got %d %s", w.Code, w.Body)
	}
}

func FuzzParseEmbeddingsRequest(f *testing.F) {
	for _, body := range []string{`{"input":"a"}`, `{"input":["a","b"],"dimensions":3,"encoding_format":"base64"}`, `{"input":[1,2]}`, `{"input":[[1],[2]]}`, `{"input":[1,"a"]}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		q, refused := parseEmbeddingsRequest(body, findModel("text-embedding-3-small"), tokencount.CL100kBase)
		switch {
		case (q == nil) == (refused == nil):
			t.Fatalf("%q: got both or neither of a request and a refusal", body)
		case refused != nil && (!json.Valid([]byte(refused.body)) || refused.status != 400):
			t.Fatalf("%q: refused with %d %q", body, refused.status, refused.body)
		case q != nil && (len(q.inputs) == 0 || q.dimensions < 0 || q.dimensions > 1536):
			t.Fatalf("%q: read as %+v", body, q)
		}
	})
}
