package startup

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestHugePage: what was advised is where the heap goes on.
func TestHugePage(t *testing.T) {
	for _, path := range []string{"/proc/self/smaps", "/sys/kernel/mm/transparent_hugepage"} {
		if _, err := os.Stat(path); err != nil {
			t.Skip("this system has no huge pages to give, or does not tell: ", err)
		}
	}
	address := useHugePage()
	if address%hugePage != 0 {
		t.Fatalf("%#x is not the beginning of a huge page", address)
	}
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	var begin, end uintptr
	within := false
	for line := range strings.Lines(string(maps)) {
		if n, _ := fmt.Sscanf(line, "%x-%x ", &begin, &end); n == 2 {
			within = begin <= address && address+hugePage <= end
		}
		if flags, ok := strings.CutPrefix(line, "VmFlags:"); ok && within {
			if !slices.Contains(strings.Fields(flags), "hg") {
				t.Errorf("the memory from %#x is not advised: %s", address, line)
			}
			return
		}
	}
	t.Errorf("no mapping has the memory from %#x", address)
}
