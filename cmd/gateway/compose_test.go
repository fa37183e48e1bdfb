package main

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/apimulator/apimulator/internal/hosts"
)

// root is the checkout's, where Dockerfile and docker-compose.yml are.
var root = filepath.Join("..", "..")

// composeFile is as much of the compose specification as docker-compose.yml uses;
// whatever else it held would not be tested, so it is an error.
type composeFile struct {
	Name     string
	Services map[string]composeService
	Volumes  map[string]*struct{}
}

type composeService struct {
	Build struct {
		Context, Target string
	}
	Command     []string
	Environment map[string]string
	Volumes     []string
	Networks    map[string]struct{ Aliases []string }
	Ports       []string
	Sysctls     map[string]int
	Healthcheck *struct {
		Interval string
		Retries  int
	}
	DependsOn map[string]struct{ Condition string } `yaml:"depends_on"`
}

func readCompose(t *testing.T) *composeFile {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var c composeFile
	if err := yaml.UnmarshalWithOptions(data, &c, yaml.Strict()); err != nil {
		t.Fatalf("docker-compose.yml: %v", err)
	}
	return &c
}

// TestComposeFile holds docker-compose.yml against itself, the Dockerfile and the
// hosts map.
func TestComposeFile(t *testing.T) {
	c, image := readCompose(t), readDockerfile(t)
	for name, s := range c.Services {
		if s.Build.Context != "." || image.stage(s.Build.Target) == nil {
			t.Errorf("%s is built from %q, target %q, which the Dockerfile doesn't have", name, s.Build.Context, s.Build.Target)
		}
		for _, v := range s.Volumes {
			source, _, _ := strings.Cut(v, ":")
			if _, declared := c.Volumes[source]; declared {
				continue
			}
			if info, err := os.Stat(filepath.Join(root, source)); !strings.HasPrefix(source, "./") || err != nil || !info.IsDir() {
				t.Errorf("%s mounts %q, which is neither a volume nor a folder of the checkout", name, v)
			}
		}
		for other, wanted := range s.DependsOn {
			on, there := c.Services[other]
			if !there || wanted.Condition != "service_healthy" || image.stage(on.Build.Target).health == nil {
				t.Errorf("%s waits for %s to be %q, but it isn't there or has no health check", name, other, wanted.Condition)
			}
		}
		for network, n := range s.Networks {
			for _, alias := range n.Aliases {
				if target, mapped := hosts.Default().Lookup(alias); network != "default" || !mapped || target.Party == hosts.Graph {
					t.Errorf("%s has the alias %s on network %s; it is not on the hosts map, or nobody serves it", name, alias, network)
				}
			}
		}
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s publishes port %s beyond this machine", name, port)
			}
		}
	}
}

// TestCompose runs the services of docker-compose.yml as processes: the
// Dockerfile's binaries, entry points and health check, and each service's command
// and environment. What an engine would do besides is in containers.
func TestCompose(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("containers' processes end by a signal, which Windows doesn't have")
	}
	c := newContainers(t, readCompose(t), readDockerfile(t))

	gateway := c.command(t, "gateway", nil, "APIMULATOR_PARTIES=127.0.0.1:0", "APIMULATOR_MANAGEMENT=127.0.0.1:0", "APIMULATOR_PROXY=127.0.0.1:0")
	output := &strings.Builder{}
	gateway.Stdout, gateway.Stderr = output, output
	if err := gateway.Start(); err != nil {
		t.Fatal(err)
	}
	defer gateway.Process.Kill()
	if err := awaitFile(filepath.Join(c.state, "running.json"), regexp.MustCompile("")); err != nil {
		t.Fatal(err)
	}
	if out, err := c.command(t, "gateway", c.image.stage(c.file.Services["gateway"].Build.Target).health).CombinedOutput(); err != nil {
		t.Errorf("the health check fails: %v: %s", err, out)
	}

	network := c.network(t, "gateway")
	out, err := c.command(t, "client", nil, "HTTPS_PROXY="+network).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "I need a reliable and affordable car") {
		t.Errorf("the client ends with %v and prints %s; want a completion", err, out)
	}

	if err := gateway.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := gateway.Wait(); err != nil {
		t.Errorf("ended by SIGTERM, the gateway says %v; it printed %s", err, output)
	}
}

// containers are what an engine would make of a compose file, made of processes.
type containers struct {
	file  *composeFile
	image *dockerfile
	bin   string // folder of the binaries, the images' root
	state string // the volume
}

// newContainers builds the images: it runs the Dockerfile's own go build.
func newContainers(t *testing.T, file *composeFile, image *dockerfile) *containers {
	t.Helper()
	c := &containers{file, image, t.TempDir(), t.TempDir()}
	build := exec.Command("sh", "-c", strings.ReplaceAll(image.build, "/out/", c.bin))
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", image.build, err, out)
	}
	return c
}

// places says where, in this test, is what a container has at a path or address.
func (c *containers) places(t *testing.T, s composeService) *strings.Replacer {
	t.Helper()
	places := []string{"0.0.0.0:443", "127.0.0.1:0"}
	for _, v := range s.Volumes {
		parts := strings.Split(v, ":")
		source := c.state
		if _, volume := c.file.Volumes[parts[0]]; !volume {
			var err error
			if source, err = filepath.Abs(filepath.Join(root, parts[0])); err != nil {
				t.Fatal(err)
			}
		}
		places = append(places, parts[1], source)
	}
	return strings.NewReplacer(places...)
}

// command is a process in a service's container: its entry point with its command,
// or what is given instead of both.
func (c *containers) command(t *testing.T, service string, instead []string, environment ...string) *exec.Cmd {
	t.Helper()
	s := c.file.Services[service]
	stage, places := c.image.stage(s.Build.Target), c.places(t, s)
	args := slices.Clone(instead)
	if args == nil {
		args = slices.Concat(stage.entrypoint, s.Command)
	}
	for i, arg := range args {
		args[i] = places.Replace(arg)
	}
	cmd := exec.Command(filepath.Join(c.bin, args[0]), args[1:]...)
	cmd.Dir = t.TempDir()
	for name, value := range stage.environment {
		cmd.Env = append(cmd.Env, name+"="+places.Replace(value))
	}
	for name, value := range s.Environment {
		cmd.Env = append(cmd.Env, name+"="+places.Replace(value))
	}
	cmd.Env = append(cmd.Env, environment...)
	return cmd
}

// network is a proxy in place of the services' network: it connects port 443 of
// the aliases of a service to that service's own port 443, and to nothing else.
func (c *containers) network(t *testing.T, service string) string {
	t.Helper()
	running, err := findRunning(c.state)
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimPrefix(running.Gateway, "https://")
	aliases := c.file.Services[service].Networks["default"].Aliases
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, port, _ := net.SplitHostPort(r.Host)
		if r.Method != http.MethodConnect || port != "443" || !slices.Contains(aliases, host) {
			t.Errorf("%s %s: no container is called so", r.Method, r.Host)
			http.Error(w, "no such host", http.StatusBadGateway)
			return
		}
		if err := splice(w, address); err != nil {
			t.Error(err)
		}
	})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return "http://" + listener.Addr().String()
}

// splice connects the client of a CONNECT request with an address until one of
// them is done.
func splice(w http.ResponseWriter, address string) error {
	there, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer there.Close()
	here, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return err
	}
	defer here.Close()
	if _, err := io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n"); err != nil {
		return err
	}
	ended := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{here, there}, {there, here}} {
		go func() {
			_, _ = io.Copy(way[0], way[1]) // ends with either side
			ended <- struct{}{}
		}()
	}
	<-ended
	return nil
}
