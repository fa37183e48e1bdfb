package main

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// machine describes what was measured on, a line each.
func machine() []string {
	lines := []string{
		"date: " + time.Now().UTC().Format(time.DateOnly),
		"processor: " + firstLine("/proc/cpuinfo", `(?m)^model name\s*:\s*(.*)$`) + ", " + strconv.Itoa(cores()) + " cores",
		"kernel: " + strings.TrimSpace(output("uname", "-sr")),
		"system: " + firstLine("/etc/os-release", `(?m)^PRETTY_NAME="?([^"\n]*)`),
		"Go: " + runtime.Version(),
		"load average before: " + firstLine("/proc/loadavg", `^(\S+ \S+ \S+)`),
	}
	if busy(firstLine("/proc/loadavg", `^(\S+)`)) {
		lines = append(lines, "**other programs ran at the same time: these figures are rough**")
	}
	return lines
}

// busy reports whether, by the load average of the last minute, the machine has other work.
func busy(load string) bool {
	v, err := strconv.ParseFloat(load, 64)
	return err != nil || v > 0.5
}

// firstLine is what the group of an expression matches in a file, "unknown" if nothing.
func firstLine(path, expression string) string {
	text, err := os.ReadFile(path)
	found := regexp.MustCompile(expression).FindSubmatch(text)
	if err != nil || found == nil {
		return "unknown"
	}
	return strings.TrimSpace(string(found[1]))
}

// versions are those of the programs, as they say themselves.
func (w *world) versions() []string {
	versions := []string{"apimulator " + strings.TrimSpace(output("git", "-C", w.root, "describe", "--always", "--dirty"))}
	for _, p := range []struct {
		command    []string
		expression string
	}{
		{[]string{installed("haproxy"), "-v"}, `HAProxy version \S+`},
		{[]string{installed("nginx"), "-v"}, `nginx/\S+`},
		{[]string{"go", "version", "-m", w.oauth2}, `oauth2-proxy/v7\s+v\S+`},
		{[]string{"go", "version", "-m", w.krakend}, `luraproject/lura/v2\s+v\S+`},
		{[]string{"go", "version", "-m", w.krakend}, `krakend/krakend-jose/v2\s+v\S+`},
	} {
		if found := regexp.MustCompile(p.expression).FindString(output(p.command[0], p.command[1:]...)); found != "" {
			versions = append(versions, strings.Join(strings.Fields(found), " "))
		}
	}
	return versions
}

// output is what a program prints, whatever its exit status.
func output(name string, args ...string) string {
	text, _ := exec.Command(name, args...).CombinedOutput() // what is missing is not in it
	return string(text)
}

// cores is how many the machine has, whichever this process may use.
func cores() int {
	n, err := strconv.Atoi(strings.TrimSpace(output("nproc", "--all")))
	if err != nil {
		return 1
	}
	return n
}
