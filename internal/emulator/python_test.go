package emulator

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// browserVariable makes this test's program a browser: it visits the address that
// is its argument.
const browserVariable = "APIMULATOR_TEST_BROWSER"

func browse(args []string) int {
	roots := x509.NewCertPool()
	bundle, err := os.ReadFile(os.Getenv("REQUESTS_CA_BUNDLE"))
	if err != nil || len(args) != 1 || !roots.AppendCertsFromPEM(bundle) {
		fmt.Fprintf(os.Stderr, "browser: one address and REQUESTS_CA_BUNDLE are needed; there are %q and %v\n", args, err)
		return 2
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots}}
	if _, err := (person{client: &http.Client{Transport: transport}}).visit(ctx, args[0]); err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		return 1
	}
	return 0
}

// python is the interpreter that has MSAL and requests: the path's, or the
// system's, which Debian's packages belong to.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import msal, requests").Run() == nil {
			return name
		}
	}
	t.Skip("no python3 here has msal and requests; Debian's packages are python3-msal and python3-requests")
	return ""
}

// TestPython: an unchanged program, with the environment that --env-file writes
// and the public names of everything, by way of the forward proxy.
func TestPython(t *testing.T) {
	interpreter := python(t)
	dir := t.TempDir()
	envFile := filepath.Join(dir, "sample.env")
	l := newLab(t, nil, withState(filepath.Join(dir, "state")), func(c *Config) { c.PublicNames, c.EnvFile = true, envFile })
	settings, err := os.ReadFile(envFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nAZURE_AUTHORITY=https://login.microsoftonline.com/" + l.TenantID() + "\n", "\nOPEN_AI_COMPLETION_ENDPOINT=https://contoso.azure-api.net/"} {
		if !strings.Contains(string(settings), want) {
			t.Errorf("the settings have no line %q:\n%s", want, settings)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, interpreter, filepath.Join("testdata", "python", "client.py"))
	// "%s &" has Python's webbrowser go on while the browser runs.
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "BROWSER='" + self + "' %s &", browserVariable + "=1"}
	for line := range strings.Lines(string(settings)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			command.Env = append(command.Env, line)
		}
	}
	var complaints strings.Builder
	command.Stderr = &complaints
	answer, err := command.Output()
	if err != nil || !strings.Contains(string(answer), prompt) {
		t.Fatalf("the program ended with %v\nits output: %s\nits complaints: %s\nits environment:\n%s", err, answer, &complaints, settings)
	}
	if got := l.record(); got.Status != http.StatusOK || !strings.HasPrefix(got.URL, "https://contoso.azure-api.net/deployments/gpt-4o/chat/completions?") {
		t.Errorf("recorded is %s -> %d; want the public name's address and 200", got.URL, got.Status)
	}
}
