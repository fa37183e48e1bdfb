package startup

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestHugePage: what was advised is where the heap goes on. It is asked of a process of its
// own, whose heap has no gaps, and more than once, since the heap grows by two huge pages at
// a time and either may be the next.
func TestHugePage(t *testing.T) {
	for _, path := range []string{"/proc/self/smaps", "/sys/kernel/mm/transparent_hugepage"} {
		if _, err := os.Stat(path); err != nil {
			t.Skip("this system has no huge pages to give, or does not tell: ", err)
		}
	}
	const child = "APIMULATOR_TEST_HUGEPAGE"
	if os.Getenv(child) == "" {
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHugePage$", "-test.v")
		command.Env = append(os.Environ(), child+"=1", "GOGC=off")
		output, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(output), "--- PASS: TestHugePage") {
			t.Fatalf("%v\n%s", err, output)
		}
		return
	}
	for range 5 {
		address := useHugePage()
		if address%hugePage != 0 {
			t.Fatalf("%#x is not the beginning of a huge page", address)
		}
		maps, err := os.ReadFile("/proc/self/smaps")
		if err != nil {
			t.Fatal(err)
		}
		if flags := flagsOf(string(maps), address); !slices.Contains(flags, "hg") {
			t.Errorf("the memory from %#x is not advised, its flags are %v", address, flags)
		}
	}
}

// flagsOf has the flags of the mapping that a huge page lies within.
func flagsOf(maps string, address uintptr) []string {
	var begin, end uintptr
	within := false
	for line := range strings.Lines(maps) {
		if n, _ := fmt.Sscanf(line, "%x-%x ", &begin, &end); n == 2 {
			within = begin <= address && address+hugePage <= end
		}
		if flags, ok := strings.CutPrefix(line, "VmFlags:"); ok && within {
			return strings.Fields(flags)
		}
	}
	return nil
}
