package startup

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
)

// child says in the environment that this process is one of the test's.
const child = "STARTUP_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(child) == "" {
		os.Exit(m.Run())
	}
	before := percent()
	Done()
	for end := 1_000_000; percent() == first && end > 0; end-- {
		runtime.Gosched() // the cleanup runs beside
	}
	fmt.Println(before, percent(), len(reserve))
}

func percent() uint64 {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestCollector(t *testing.T) {
	for _, test := range []struct{ setting, want string }{
		{"", "1000 100 4194304"},
		{"GOGC=50", "50 50 0"},
		{"GOGC=off", "18446744073709551615 18446744073709551615 0"},
	} {
		command := exec.Command(os.Args[0])
		command.Env = append(os.Environ(), "GOGC=", child+"=1", test.setting)
		out, err := command.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != test.want {
			t.Errorf("GOGC at the start and after a collection, and the reserve, with %q: got %q, %v; want %q", test.setting, got, err, test.want)
		}
	}
}
