package testrun

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

const agreeService = `apis:
  - {name: openai, path: openai, backend: "https://contoso.openai.azure.com/openai", policy: policy.xml, subscriptionRequired: false}
azureOpenAI:
  keys: [not-a-secret]
  deployments:
    gpt-4o: {model: gpt-4o-2024-08-06}
    gpt-35-turbo: {model: gpt-35-turbo-0125}
`

const agreePolicy = `<policies>
    <inbound>
        <base />
        <set-header name="api-key" exists-action="override"><value>not-a-secret</value></set-header>
        <llm-token-limit counter-key="estimated" tokens-per-minute="1000000" estimate-prompt-tokens="true" tokens-consumed-variable-name="estimated" />
        <set-variable name="before" value="@((int)context.Variables["estimated"])" />
        <azure-openai-token-limit counter-key="told" tokens-per-minute="1000000" estimate-prompt-tokens="false" tokens-consumed-variable-name="told" />
    </inbound>
    <backend><base /></backend>
    <outbound>
        <base />
        <set-variable name="usage" value="@((JObject)context.Response.Body.As<JObject>(preserveContent: true)["usage"])" />
        <set-header name="X-Total" exists-action="override">
            <value>@{
                var total = (int)((JObject)context.Variables["usage"])["total_tokens"];
                return total == (int)context.Variables["told"] && total == (int)context.Variables["estimated"] ? "same" : "told " + total
                    + ", counted " + context.Variables["told"] + " and " + context.Variables["estimated"];
            }</value>
        </set-header>
        <set-header name="X-Prompt" exists-action="override">
            <value>@{
                var prompt = (int)((JObject)context.Variables["usage"])["prompt_tokens"];
                return prompt == (int)context.Variables["before"] ? "same" : "told " + prompt + ", estimated " + context.Variables["before"];
            }</value>
        </set-header>
    </outbound>
    <on-error><base /></on-error>
</policies>
`

// What the token limits count is what the emulated Azure OpenAI tells, exactly, and so are
// their estimates of a prompt.
func TestTokensAgree(t *testing.T) {
	words := []string{"Hello, world!", "naïve café", "안녕하세요", "日本語のテキスト", "  blanks\\n \\n\\tand lines", "👩‍👩‍👧 and 🪿", "func main() { x := 1_000 }", "1234567890 3.14", "مرحبا", "<|endoftext|>"}
	var b strings.Builder
	b.WriteString("service: apim.yaml\ntests:\n")
	n := 0
	for _, deployment := range []string{"gpt-4o", "gpt-35-turbo"} {
		for i := range words {
			for k := range 5 {
				text := strings.Repeat(words[i]+" ", k+1) + words[(i+k)%len(words)]
				fmt.Fprintf(&b, `  - name: %d
    request:
      url: /openai/deployments/%s/chat/completions?api-version=2024-10-21
      json: {messages: [{role: system, content: "%s"}, {role: user, name: bob, content: "%s"}], n: %d}
    expect: {status: 200, headers: {X-Total: same, X-Prompt: same}}
`, n, deployment, words[(i+3)%len(words)], text, k%2+1)
				n++
			}
		}
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "agree.test.yaml")
	write(t, filepath.Join(dir, "apim.yaml"), agreeService)
	write(t, filepath.Join(dir, "policy.xml"), agreePolicy)
	write(t, path, b.String())
	s, err := Find([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(Options{}, func(*SuiteFile) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if passed, failed, _ := s.Files[0].Counts(); passed != n {
		t.Errorf("%d requests, %d passed and %d failed: %v %v", n, passed, failed, s.Files[0].Unusable, s.Files[0].Unloadable)
		for _, r := range s.Files[0].Results {
			for _, f := range r.Failures {
				t.Log(f.Message)
			}
		}
	}
}
