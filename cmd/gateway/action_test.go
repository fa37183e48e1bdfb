package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// action is action.yml; whatever else it held would not be tested, so it is an error.
type action struct {
	Name, Description string
	Branding          struct{ Icon, Color string }
	Inputs            map[string]struct{ Description, Default string }
	Outputs           map[string]struct{ Description, Value string }
	Runs              struct {
		Using string
		Steps []step
	}
}

func readAction(t *testing.T) *action {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.UnmarshalWithOptions(data, &a, yaml.Strict()); err != nil {
		t.Fatalf("action.yml: %v", err)
	}
	return &a
}

// TestActionFile holds action.yml against itself and docs/ci.md.
func TestActionFile(t *testing.T) {
	a := readAction(t)
	if a.Runs.Using != "composite" {
		t.Errorf("it runs by %q", a.Runs.Using)
	}
	for _, s := range a.Runs.Steps {
		if expression.MatchString(s.Run) {
			t.Errorf("a script has an expression in it, which a value could break out of:\n%s", s.Run)
		}
		if s.Run != "" && s.Shell != "bash" || s.Uses != "" && !regexp.MustCompile(`^actions/[a-z/-]+@v[0-9]+$`).MatchString(s.Uses) {
			t.Errorf("a step uses %q, its shell is %q; want bash, or an action of GitHub's own at a version", s.Uses, s.Shell)
		}
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for name, input := range a.Inputs {
		value := input.Default
		if value != "" {
			value = "`" + value + "`"
		}
		if row := fmt.Sprintf("| `%s` | %s | %s |\n", name, value, input.Description); strings.Contains(string(page), row) {
			rows++
		} else {
			t.Errorf("docs/ci.md has no row %s", row)
		}
	}
	table := regexp.MustCompile(`(?m)^\| input \|.*\n\|.*\n((?:\|.*\n)*)`).FindSubmatch(page)
	if table == nil || strings.Count(string(table[1]), "\n") != rows {
		t.Errorf("docs/ci.md has a table of inputs that action.yml does not have:\n%s", table)
	}
}

// runner is a machine that runs the action in a workspace.
type runner struct {
	action          *action
	workspace, temp string
	outputs         map[string]string
}

// run runs the steps as a runner would, the cache's and Go's aside: the program is in
// the cache if it has been built. It gives what they print.
func (r *runner) run(t *testing.T, inputs map[string]string) (printed string, err error) {
	t.Helper()
	checkout, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{"steps.cache.outputs.cache-hit": "", "steps.check.outputs.sarif": "", "steps.check.outputs.junit": ""}
	if _, err := os.Stat(filepath.Join(r.temp, "apimulator", "gateway")); err == nil {
		values["steps.cache.outputs.cache-hit"] = "true"
	}
	for name, input := range r.action.Inputs {
		values["inputs."+name] = input.Default
	}
	for name, value := range inputs {
		if _, known := r.action.Inputs[name]; !known {
			t.Fatalf("action.yml has no input %s", name)
		}
		values["inputs."+name] = value
	}
	for _, s := range r.action.Runs.Steps {
		if !holds(t, s.If, values) {
			continue
		}
		if version := s.With["go-version"]; version != "" && expand(t, version, values) != goVersion(t) {
			t.Errorf("Go's version is %s, want that of go.mod", expand(t, version, values))
		}
		if s.Uses != "" {
			continue
		}
		set := filepath.Join(t.TempDir(), "set")
		environment := []string{"GITHUB_ACTION_PATH=" + checkout, "GITHUB_OUTPUT=" + set, "GITHUB_WORKSPACE=" + r.workspace,
			"RUNNER_TEMP=" + r.temp, "RUNNER_OS=Linux", "RUNNER_ARCH=X64"}
		for name, value := range s.Env {
			environment = append(environment, name+"="+expand(t, value, values))
		}
		var text string
		text, err = attempt(t, r.workspace, environment, "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
		printed += text
		added, _ := os.ReadFile(set)
		for line := range strings.Lines(string(added)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			values["steps."+s.ID+".outputs."+name] = value
		}
		if err != nil {
			break
		}
	}
	r.outputs = make(map[string]string)
	for name, output := range r.action.Outputs {
		r.outputs[name] = expand(t, output.Value, values)
	}
	return printed, err
}

// holds evaluates a condition, which is VALUE != 'TEXT' or empty.
func holds(t *testing.T, condition string, values map[string]string) bool {
	t.Helper()
	if condition == "" {
		return true
	}
	name, text, found := strings.Cut(condition, " != ")
	if !found {
		t.Fatalf("the tests don't know the condition %q", condition)
	}
	return expand(t, "${{ "+name+" }}", values) != strings.Trim(text, "'")
}

// TestAction runs action.yml: as docs/ci.md's workflow does, then with other inputs.
func TestAction(t *testing.T) {
	needs(t, "bash", "cksum", "find")
	r := &runner{action: readAction(t), workspace: ciFolder(t), temp: t.TempDir()}
	var page workflow
	snippet(t, ".github/workflows/policies.yml", &page)
	var inputs, upload map[string]string
	for _, s := range page.Jobs["policies"].Steps {
		switch name, _, _ := strings.Cut(s.Uses, "@"); name {
		case "YOUR-ORGANIZATION/apimulator":
			inputs = s.With
		case "github/codeql-action/upload-sarif":
			upload = s.With
		}
	}

	checks(t, r.workspace, upload["sarif_file"], "junit.xml", func() (string, error) {
		printed, err := r.run(t, inputs)
		if r.outputs["sarif"] != upload["sarif_file"] || r.outputs["junit"] != "junit.xml" {
			t.Errorf("its outputs are %v", r.outputs)
		}
		if strings.Contains(printed, "set-headr") && !strings.Contains(printed, "\n::error file=policies/orders.xml,line=6,") {
			t.Errorf("it prints no annotation:\n%s", printed)
		}
		return printed, err
	})
	if printed, err := attempt(t, r.workspace, nil, r.outputs["gateway"], "version"); err != nil {
		t.Errorf("its output gateway is %q: %v\n%s", r.outputs["gateway"], err, printed)
	}

	hostile := "a b/$(touch broken-out) `touch broken-out`'\".xml"
	writeFile(t, filepath.Join(r.workspace, hostile), "<policies><inbound><base /><rate-limit calls=\"${calls}\" renewal-period=\"60\" /></inbound></policies>")
	for _, c := range []struct {
		name    string
		inputs  map[string]string
		fails   bool
		outputs map[string]string
		says    string
	}{
		{"strict", map[string]string{"strict": "true", "placeholders": "${*}"}, true, map[string]string{"sarif": "lint.sarif", "junit": "junit.xml"}, "[open-fact]"},
		{"fail-on", map[string]string{"fail-on": "warning", "placeholders": "${*}"}, true, map[string]string{"sarif": "lint.sarif", "junit": "junit.xml"}, "1 passed"},
		{"neither", map[string]string{"lint": "", "test": "\n"}, false, map[string]string{}, ""},
		{"other files", map[string]string{"sarif": "out/s p.sarif", "junit": "out/j.xml", "test": "tests/orders.test.yaml", "lint": hostile + "\n\napim.yaml\n", "placeholders": "${*}"}, false,
			map[string]string{"sarif": "out/s p.sarif", "junit": "out/j.xml"}, "3 files: 0 errors"},
		{"no such path", map[string]string{"lint": "$(touch broken-out)", "test": "."}, true, map[string]string{"junit": "junit.xml"}, "gateway: $(touch broken-out): no such file"},
		{"no such test", map[string]string{"lint": "apim.yaml", "test": "--watch"}, true, map[string]string{"sarif": "lint.sarif"}, "gateway: --watch: no such file"},
	} {
		printed, err := r.run(t, c.inputs)
		c.outputs["gateway"] = r.outputs["gateway"]
		maps.DeleteFunc(r.outputs, func(_, value string) bool { return value == "" })
		if (err != nil) != c.fails || !maps.Equal(r.outputs, c.outputs) || !strings.Contains(printed, c.says) {
			t.Errorf("%s: %v, its outputs are %v, want %v; it prints, wanted %q,\n%s", c.name, err, r.outputs, c.outputs, c.says, printed)
		}
		for _, report := range []string{"sarif", "junit"} {
			if file := r.outputs[report]; file != "" {
				if err := os.Remove(filepath.Join(r.workspace, file)); err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
			}
		}
		for _, file := range []string{"broken-out", "lint.sarif", "junit.xml"} {
			if _, err := os.Stat(filepath.Join(r.workspace, file)); err == nil {
				t.Errorf("%s: there is a file %s", c.name, file)
			}
		}
	}
}
