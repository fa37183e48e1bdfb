package startup

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestHugePages: what was advised is where the heap goes on. It is asked of a process of its
// own, where nothing is freed, and more than once, as the heap may end anywhere.
func TestHugePages(t *testing.T) {
	for _, path := range []string{"/proc/self/smaps", "/sys/kernel/mm/transparent_hugepage"} {
		if _, err := os.Stat(path); err != nil {
			t.Skip("this system has no huge pages to give, or does not tell: ", err)
		}
	}
	const child = "APIMULATOR_TEST_HUGEPAGE"
	if os.Getenv(child) == "" {
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHugePages$", "-test.v")
		command.Env = append(os.Environ(), child+"=1", "GOGC=off")
		output, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(output), "--- PASS: TestHugePages") {
			t.Fatalf("%v\n%s", err, output)
		}
		return
	}
	for range 5 {
		address := useHugePages()
		next := endOf(make([]byte, piece))
		if address%hugePages != 0 || next < address || next > address+hugePages {
			t.Fatalf("the heap goes on at %#x, after %#x was advised", next, address)
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

// flagsOf has the flags of the mapping that huge pages lie within.
func flagsOf(maps string, address uintptr) []string {
	var begin, end uintptr
	within := false
	for line := range strings.Lines(maps) {
		if n, _ := fmt.Sscanf(line, "%x-%x ", &begin, &end); n == 2 {
			within = begin <= address && address+hugePages <= end
		}
		if flags, ok := strings.CutPrefix(line, "VmFlags:"); ok && within {
			return strings.Fields(flags)
		}
	}
	return nil
}
