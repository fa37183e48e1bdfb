package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// ciFolder is a folder as docs/ci.md has it: a service, and a checkout of this
// project beside it.
func ciFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	checkout, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(checkout, filepath.Join(dir, "apimulator")); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"apim.yaml": "name: contoso\napis:\n  - {name: orders, path: orders, backend: http://localhost:9000, policy: policies/orders.xml}\nsubscriptions:\n  - name: ci\n",
		"policies/orders.xml": `<policies>
    <inbound>
        <validate-jwt header-name="Authorization">
            <openid-config url="https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration" />
        </validate-jwt>
        <return-response><set-status code="200" /><set-body>[]</set-body></return-response>
    </inbound>
</policies>`,
		"your-tests": "#!/bin/sh\ncurl -sS -f --cacert \"$SSL_CERT_FILE\" -H \"Authorization: Bearer $(./gateway token)\" -H \"Ocp-Apim-Subscription-Key: $APIM_SUBSCRIPTION_KEY\" \"${OPEN_AI_COMPLETION_ENDPOINT%%/deployments*}\"\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// shell runs a script of the page, with ports that nobody has.
func shell(t *testing.T, dir, script string, environment ...string) {
	t.Helper()
	c := exec.Command("sh", "-c", script)
	c.Dir = dir
	c.Env = append(os.Environ(), "APIMULATOR_LISTEN=127.0.0.1:0", "APIMULATOR_PARTIES=127.0.0.1:0", "APIMULATOR_MANAGEMENT=127.0.0.1:0", "APIMULATOR_PROXY=127.0.0.1:0")
	c.Env = append(c.Env, environment...)
	// Its output is a file's, since what it leaves in the background has it, too.
	output, err := os.Create(filepath.Join(t.TempDir(), "output"))
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	c.Stdout, c.Stderr = output, output
	if err := c.Run(); err != nil {
		printed, _ := os.ReadFile(output.Name())
		log, _ := os.ReadFile(filepath.Join(dir, "gateway.log"))
		t.Fatalf("%v\n%s\nprints %s\nand the gateway %s", err, script, printed, log)
	}
}

// blocks are the fenced blocks of a page in a language.
func blocks(t *testing.T, page, language string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", page))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, match := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllSubmatch(text, -1) {
		found = append(found, string(match[1]))
	}
	if len(found) == 0 {
		t.Fatalf("docs/%s has no block in %s", page, language)
	}
	return found
}

func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the page's commands need %s: %v", program, err)
		}
	}
}

// TestCIPage runs the shell blocks of docs/ci.md.
func TestCIPage(t *testing.T) {
	needs(t, "sh", "curl", "seq")
	for _, block := range blocks(t, "ci.md", "sh") {
		shell(t, ciFolder(t), block)
	}
}

// TestWorkflow runs the steps of docs/ci.md's workflow, as a runner would.
func TestWorkflow(t *testing.T) {
	needs(t, "sh", "curl", "seq", "grep")
	var workflow struct {
		Jobs map[string]struct {
			Env   map[string]string
			Steps []struct{ Uses, Run, If string }
		}
	}
	if err := yaml.Unmarshal([]byte(blocks(t, "ci.md", "yaml")[0]), &workflow); err != nil {
		t.Fatal(err)
	}
	dir := ciFolder(t)
	t.Cleanup(func() { // a runner ends what is left
		shell(t, dir, `cd .apimulator && kill -INT $(sed -n 's/^ *"pid": \([0-9]*\),$/\1/p' running.json) && while [ -e running.json ]; do sleep 0.1; done`)
	})
	settings := filepath.Join(dir, "github-env")
	job := workflow.Jobs["policies"]
	environment := []string{"GITHUB_ENV=" + settings}
	for name, value := range job.Env {
		environment = append(environment, name+"="+strings.ReplaceAll(value, "${{ github.workspace }}", dir))
	}
	for _, step := range job.Steps {
		if step.Run == "" || step.If != "" {
			continue
		}
		added, _ := os.ReadFile(settings)
		shell(t, dir, "set -e\n"+step.Run, append(environment, strings.Fields(string(added))...)...)
	}
}
