package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// workflow is as much of a GitHub workflow as docs/ci.md's have.
type workflow struct {
	Name        string
	On          []string
	Permissions map[string]string
	Jobs        map[string]*workflowJob
}

type workflowJob struct {
	RunsOn   string `yaml:"runs-on"`
	Env      map[string]string
	Services map[string]*struct {
		Image string
		Env   map[string]string
		Ports []string
	}
	Steps []step
}

// step is a step of a workflow or a composite action.
type step struct {
	ID, If, Uses, Run, Shell string
	With                     map[string]string
	Env                      map[string]string
}

// expression matches ${{ NAME }}.
var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// expand replaces expressions by their values, of which a name has one.
func expand(t *testing.T, text string, values map[string]string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(s string) string {
		name := expression.FindStringSubmatch(s)[1]
		value, known := values[name]
		if !known {
			t.Errorf("%s: there is no %s; there are %v", text, name, values)
		}
		return value
	})
}

// TestIntegrationWorkflow runs the steps of docs/ci.md's workflow with the emulator, as
// a runner would.
func TestIntegrationWorkflow(t *testing.T) {
	needs(t, "sh", "curl", "seq", "grep")
	var page workflow
	snippet(t, ".github/workflows/integration.yml", &page)
	dir := ciFolder(t)
	t.Cleanup(func() { // a runner ends what is left
		shell(t, dir, `cd .apimulator && kill -INT $(sed -n 's/^ *"pid": \([0-9]*\),$/\1/p' running.json) && while [ -e running.json ]; do sleep 0.1; done`)
	})
	settings := filepath.Join(dir, "github-env")
	environment := []string{"GITHUB_ENV=" + settings}
	for name, value := range page.Jobs["integration"].Env {
		environment = append(environment, name+"="+expand(t, value, map[string]string{"github.workspace": dir}))
	}
	for _, s := range page.Jobs["integration"].Steps {
		if s.Run == "" || s.If != "" {
			continue
		}
		added, _ := os.ReadFile(settings)
		shell(t, dir, "set -e\n"+s.Run, append(environment, strings.Fields(string(added))...)...)
	}
}

// TestServiceContainer runs the service container of docs/ci.md's workflow as a process
// that gets no arguments, and the job's steps. Where they use docker they get a program
// that finds the container's files here.
func TestServiceContainer(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("containers' processes end by a signal, which Windows doesn't have")
	}
	needs(t, "sh", "curl", "sed")
	var page workflow
	snippet(t, ".github/workflows/container.yml", &page)
	job, image := page.Jobs["container"], readDockerfile(t).stage("gateway")
	apim := job.Services["apim"]
	if address := apim.Env["APIMULATOR_LISTEN"]; address != "0.0.0.0:8443" || len(apim.Ports) != 1 || apim.Ports[0] != "8443:8443" {
		t.Errorf("it listens on %s and publishes %q", address, apim.Ports)
	}

	dir, state := ciFolder(t), t.TempDir()
	places := strings.NewReplacer("/state", state, "/service", dir, "0.0.0.0:8443", "127.0.0.1:0")
	environment := append(os.Environ(), "APIMULATOR_PARTIES=127.0.0.1:0", "APIMULATOR_MANAGEMENT=127.0.0.1:0", "APIMULATOR_PROXY=127.0.0.1:0")
	for _, match := range regexp.MustCompile(`(?m)^ENV (.*)$`).FindAllStringSubmatch(blocks(t, "ci.md", "dockerfile")[0], -1) {
		environment = append(environment, places.Replace(match[1]))
	}
	for _, variables := range []map[string]string{image.environment, apim.Env} {
		for name, value := range variables {
			environment = append(environment, name+"="+places.Replace(value))
		}
	}
	container := exec.Command(strings.TrimPrefix(image.entrypoint[0], "/"))
	output := &strings.Builder{}
	container.Dir, container.Env, container.Stdout, container.Stderr = t.TempDir(), environment, output, output
	if err := container.Start(); err != nil {
		t.Fatal(err)
	}
	defer container.Process.Kill()
	if err := awaitFile(filepath.Join(state, "running.json"), regexp.MustCompile("")); err != nil {
		t.Fatalf("%v; it prints %s", err, output)
	}
	running, err := findRunning(state)
	if err != nil {
		t.Fatal(err)
	}

	bin := t.TempDir()
	writeFile(t, filepath.Join(bin, "docker"), `#!/bin/sh -e
[ "$2" = the-container ] || [ "${2%%:*}" = the-container ]
case $1 in
exec) program=${3#/}; shift 3; exec "$program" "$@" ;;
cp) cp "$APIMULATOR_STATE/${2#*:/state/}" "$3" ;;
esac
`)
	for _, s := range job.Steps {
		script := strings.ReplaceAll(s.Run, "https://localhost:8443", running.Gateway)
		values := map[string]string{"job.services.apim.id": "the-container"}
		shell(t, t.TempDir(), "set -e\n"+script, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "APIMULATOR_STATE="+state, "APIM="+expand(t, s.Env["APIM"], values))
	}
	if err := container.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := container.Wait(); err != nil {
		t.Errorf("it ends with %v and prints %s", err, output)
	}
}
