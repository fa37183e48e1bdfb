package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// ciFolder is a folder as docs/ci.md has it: a service and its tests, and a checkout of
// this project beside them.
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
		"tests/orders.test.yaml": "service: ../apim.yaml\ntests:\n  - name: nobody without a token\n    request: {url: /orders, key: ci}\n    expect: {status: 401}\n",
		"pom.xml":                "<project />\n", // XML of others
		"your-tests":             "#!/bin/sh\ncurl -sS -f --cacert \"$SSL_CERT_FILE\" -H \"Authorization: Bearer $(./gateway token)\" -H \"Ocp-Apim-Subscription-Key: $APIM_SUBSCRIPTION_KEY\" \"${OPEN_AI_COMPLETION_ENDPOINT%%/deployments*}\"\n",
	} {
		writeFile(t, filepath.Join(dir, name), text)
	}
	return dir
}

// writeFile writes a file that can be run, and its folder.
func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

// edit replaces a part of a file.
func edit(t *testing.T, file, before, after string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), before) {
		t.Fatalf("%s has no %q: %v", file, before, err)
	}
	writeFile(t, file, strings.ReplaceAll(string(text), before, after))
}

// attempt runs a program in a folder, with ports that nobody has, and gives what it
// prints. An error is that of its exit status.
func attempt(t *testing.T, dir string, environment []string, program ...string) (printed string, err error) {
	t.Helper()
	c := exec.Command(program[0], program[1:]...)
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
	err = c.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(output.Name())
	return string(text), err
}

// shell runs a script of the page, which has to succeed.
func shell(t *testing.T, dir, script string, environment ...string) {
	t.Helper()
	if printed, err := attempt(t, dir, environment, "sh", "-c", script); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "gateway.log"))
		t.Fatalf("%v\n%s\nprints %s\nand the gateway %s", err, script, printed, log)
	}
}

// snippet reads the YAML on docs/ci.md that begins with a file's name. What v has no
// place for would not be tested, so it is an error.
func snippet(t *testing.T, file string, v any) {
	t.Helper()
	for _, text := range blocks(t, "ci.md", "yaml") {
		if strings.HasPrefix(text, "# "+file+"\n") {
			if err := yaml.UnmarshalWithOptions([]byte(text), v, yaml.Strict()); err != nil {
				t.Fatalf("docs/ci.md: %s: %v", file, err)
			}
			return
		}
	}
	t.Fatalf("docs/ci.md has no block of YAML that begins with # %s", file)
}

// checks runs a job that lints and tests: in the folder as it is, with a mistake in the
// policy, and with a test that fails. Each time both reports have to be written, and
// what is wrong is in the one that is about it. Job gives what is printed.
func checks(t *testing.T, dir, lintReport, testReport string, job func() (string, error)) {
	t.Helper()
	for _, c := range []struct{ name, file, before, after, report, says string }{
		{name: "nothing is wrong"},
		{"a mistake in a policy", "policies/orders.xml", "<return-response>", "<set-headr /><return-response>", lintReport, "set-headr"},
		{"a test that fails", "tests/orders.test.yaml", "status: 401", "status: 200", testReport, "expected 200, got 401"},
	} {
		if c.file != "" {
			edit(t, filepath.Join(dir, c.file), c.before, c.after)
		}
		printed, err := job()
		if (err != nil) != (c.file != "") {
			t.Errorf("%s: the job ends with %v and prints\n%s", c.name, err, printed)
		}
		for _, report := range []string{lintReport, testReport} {
			text, err := os.ReadFile(filepath.Join(dir, report))
			if err != nil || len(text) == 0 || report == c.report && !strings.Contains(string(text), c.says) {
				t.Errorf("%s: %s holds %q, want %q in it (%v); the job prints\n%s", c.name, report, text, c.says, err, printed)
			}
			os.Remove(filepath.Join(dir, report))
		}
		if c.file != "" {
			if !strings.Contains(printed, c.says) {
				t.Errorf("%s: want %q in what is printed:\n%s", c.name, c.says, printed)
			}
			edit(t, filepath.Join(dir, c.file), c.after, c.before)
		}
	}
}

// TestCIPage runs the shell blocks of docs/ci.md.
func TestCIPage(t *testing.T) {
	needs(t, "sh", "curl", "seq")
	all := blocks(t, "ci.md", "sh")
	dir := ciFolder(t) // of the first, and of the programs that are built but once
	checks(t, dir, "lint.sarif", "junit.xml", func() (string, error) { return attempt(t, dir, nil, "sh", "-c", all[0]) })
	for _, block := range all[1:] {
		shell(t, dir, block)
		os.RemoveAll(filepath.Join(dir, ".apimulator"))
	}
}

// TestGitLab runs the job of docs/ci.md's .gitlab-ci.yml as a GitLab runner would: all
// lines in one shell.
func TestGitLab(t *testing.T) {
	needs(t, "bash")
	var jobs map[string]struct {
		Image     string
		Variables map[string]string
		Script    []string
		Artifacts struct {
			When    string
			Reports struct{ JUnit []string }
		}
	}
	snippet(t, ".gitlab-ci.yml", &jobs)
	job, dir := jobs["policies"], ciFolder(t)
	if !strings.HasPrefix("golang:"+goVersion(t)+".", job.Image+".") {
		t.Errorf("the image is %s, but go.mod asks for %s", job.Image, goVersion(t))
	}
	reports := job.Artifacts.Reports.JUnit
	if job.Artifacts.When != "always" || len(reports) != 2 {
		t.Fatalf("the reports are %q, kept %s; want two, always", reports, job.Artifacts.When)
	}
	checks(t, dir, reports[0], reports[1], func() (string, error) {
		return attempt(t, dir, []string{"CI_PROJECT_DIR=" + dir}, "bash", "-eo", "pipefail", "-c", strings.Join(job.Script, "\n"))
	})
}

// TestAzurePipelines runs the steps of docs/ci.md's azure-pipelines.yml as an agent
// would: each in a shell of its own, which goes on after an error.
func TestAzurePipelines(t *testing.T) {
	needs(t, "bash")
	var pipeline struct {
		Pool struct {
			VMImage string `yaml:"vmImage"`
		}
		Steps []struct {
			Checkout    string
			Submodules  bool
			Task        string
			Inputs      map[string]string
			Bash        string
			DisplayName string `yaml:"displayName"`
			Condition   string
		}
	}
	snippet(t, "azure-pipelines.yml", &pipeline)
	dir := ciFolder(t)
	checks(t, dir, "junit-lint.xml", "junit-tests.xml", func() (all string, failed error) {
		for _, step := range pipeline.Steps {
			switch step.Condition {
			case "":
				if failed != nil {
					continue
				}
			case "succeededOrFailed()":
			default:
				t.Fatalf("the tests don't know the condition %q", step.Condition)
			}
			switch {
			case step.Bash != "":
				printed, err := attempt(t, dir, []string{"BUILD_SOURCESDIRECTORY=" + dir}, "bash", "--noprofile", "--norc", "-c", step.Bash)
				all, failed = all+printed, errors.Join(failed, err)
			case step.Task == "GoTool@0":
				if step.Inputs["version"] != goVersion(t) {
					t.Errorf("Go's version is %s, but go.mod asks for %s", step.Inputs["version"], goVersion(t))
				}
			case step.Task == "PublishTestResults@2":
				if found, _ := filepath.Glob(filepath.Join(dir, step.Inputs["testResultsFiles"])); len(found) != 2 {
					t.Errorf("%s are the files %q, want two", step.Inputs["testResultsFiles"], found)
				}
			}
		}
		return all, failed
	})
}

// TestPreCommit runs the hooks that docs/ci.md names as pre-commit would.
func TestPreCommit(t *testing.T) {
	needs(t, "go")
	var page struct {
		Repos []struct {
			Repo, Rev string
			Hooks     []struct{ ID string }
		}
	}
	snippet(t, ".pre-commit-config.yaml", &page)
	var hooks []struct {
		ID, Name, Description, Language, Entry string
		Args                                   []string
		TypesOr                                []string `yaml:"types_or"`
		PassFilenames                          bool     `yaml:"pass_filenames"`
	}
	data, err := os.ReadFile(filepath.Join(root, ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(data, &hooks, yaml.Strict()); err != nil {
		t.Fatalf(".pre-commit-hooks.yaml: %v", err)
	}
	// It installs with `go install ./...`, and has what that makes on its PATH.
	installed, err := exec.Command("go", "list", "-C", root, "-f", `{{if eq .Name "main"}}{{.Target}}{{end}}`, "./...").Output()
	if err != nil || !regexp.MustCompile(`(?m)[/\\]gateway(\.exe)?$`).Match(installed) {
		t.Fatalf("go install installs %q (%v), want gateway among them", installed, err)
	}
	offered := page.Repos[0].Hooks
	if len(offered) != len(hooks) {
		t.Errorf("docs/ci.md has the hooks %v, .pre-commit-hooks.yaml %v", offered, hooks)
	}
	dir := ciFolder(t)
	run := func(i int) (string, error) {
		hook := hooks[i]
		if hook.ID != offered[i].ID || hook.Language != "golang" || hook.PassFilenames {
			t.Errorf("the hook is %+v, on the page %s", hook, offered[i].ID)
		}
		return attempt(t, dir, nil, append(strings.Fields(hook.Entry), hook.Args...)...)
	}
	for i, c := range []struct{ file, before, after string }{
		{"policies/orders.xml", "<return-response>", "<set-headr /><return-response>"},
		{"tests/orders.test.yaml", "status: 401", "status: 200"},
	} {
		if printed, err := run(i); err != nil {
			t.Errorf("%s: %v\n%s", hooks[i].ID, err, printed)
		}
		edit(t, filepath.Join(dir, c.file), c.before, c.after)
		if printed, err := run(i); err == nil {
			t.Errorf("%s finds nothing wrong with %q in %s:\n%s", hooks[i].ID, c.after, c.file, printed)
		}
		edit(t, filepath.Join(dir, c.file), c.after, c.before)
	}
}
