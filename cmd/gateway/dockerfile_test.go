package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dockerfile is what the tests need of the Dockerfile.
type dockerfile struct {
	stages []*stage
	build  string // the RUN of go build
}

type stage struct {
	name, from  string
	entrypoint  []string
	health      []string
	user        string
	environment map[string]string
	copied      []string // the lines
}

// stage is the stage of that name, nil if there is none.
func (d *dockerfile) stage(name string) *stage {
	for _, s := range d.stages {
		if s.name == name {
			return s
		}
	}
	return nil
}

// readDockerfile reads the checkout's Dockerfile, which has one line for each
// instruction. A stage that is made from another has all that one has.
func readDockerfile(t *testing.T) *dockerfile {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	list := func(s string) (words []string) {
		if err := json.Unmarshal([]byte(s), &words); err != nil {
			t.Fatalf("Dockerfile: %s: %v", s, err)
		}
		return words
	}
	d, s := &dockerfile{}, &stage{}
	for line := range strings.Lines(string(data)) {
		instruction, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch instruction {
		case "", "#", "WORKDIR":
		case "FROM":
			from, name, _ := strings.Cut(rest, " AS ")
			s = &stage{name: name, from: from, environment: make(map[string]string)}
			if base := d.stage(from); base != nil {
				*s = *base
				s.name = name
			}
			d.stages = append(d.stages, s)
		case "RUN":
			if strings.Contains(rest, "go build") {
				d.build = rest
			}
		case "COPY":
			s.copied = append(s.copied[:len(s.copied):len(s.copied)], rest)
		case "USER":
			s.user = rest
		case "ENV":
			name, value, _ := strings.Cut(rest, "=")
			s.environment = map[string]string{name: value}
		case "ENTRYPOINT":
			s.entrypoint = list(rest)
		case "HEALTHCHECK":
			_, command, _ := strings.Cut(rest, " CMD ")
			s.health = list(command)
		default:
			t.Fatalf("Dockerfile: the tests don't know %s", instruction)
		}
	}
	return d
}

func TestDockerfile(t *testing.T) {
	d := readDockerfile(t)
	if from, want := d.stages[0].from, "golang:"+goVersion(t); from != want {
		t.Errorf("the build starts from %s, want the Go version of go.mod, %s", from, want)
	}
	if !strings.HasPrefix(d.build, "CGO_ENABLED=0 go build -trimpath ") {
		t.Errorf("the build is %q, want a static one without the paths of a machine", d.build)
	}
	if last := d.stages[len(d.stages)-1]; last.name != "gateway" || last.health == nil {
		t.Errorf("the last stage, which is built by default, is %q with the health check %q; want the gateway with one", last.name, last.health)
	}
	for _, name := range []string{"gateway", "client"} {
		s := d.stage(name)
		switch {
		case s == nil:
			t.Errorf("there is no stage %s", name)
		case s.from != "scratch" || !regexp.MustCompile(`^[1-9][0-9]*:[1-9][0-9]*$`).MatchString(s.user):
			t.Errorf("stage %s is made from %s for the user %q, want scratch and numbers other than root's", name, s.from, s.user)
		case len(s.entrypoint) != 1 || s.entrypoint[0] != "/"+name || !contains(s.copied, "/out/"+name+" /"+name):
			t.Errorf("stage %s starts %q and copies %q, want its program", name, s.entrypoint, s.copied)
		case !contains(s.copied, "ca-certificates.crt"):
			t.Errorf("stage %s has no public roots", name)
		}
	}
}

// goVersion is the version of Go that go.mod asks for.
func goVersion(t *testing.T) string {
	t.Helper()
	module, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	return string(regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(module)[1])
}

func contains(lines []string, part string) bool {
	return strings.Contains(strings.Join(lines, "\n"), part)
}
