package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// cpuTime is the CPU time of a process so far, its system calls included: that of its
// threads, to the nanosecond, or in ticks where the system does not count it so.
func cpuTime(pid int) (time.Duration, error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		return cpuTicks(pid)
	}
	var sum time.Duration
	for _, path := range threads {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // the thread has ended
		}
		spent, err := parseSchedstat(text)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", path, err)
		}
		sum += spent
	}
	return sum, nil
}

// parseSchedstat reads the first of three numbers, the time on a CPU in ns (sched-stats.rst
// of the kernel).
func parseSchedstat(text []byte) (time.Duration, error) {
	first, _, _ := bytes.Cut(text, []byte(" "))
	n, err := strconv.ParseInt(string(first), 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q begins with no time", text)
	}
	return time.Duration(n), nil
}

// tick is the unit of times in /proc/PID/stat: USER_HZ, 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// cpuTicks is cpuTime in whole ticks.
func cpuTicks(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return parseStat(text)
}

// parseStat reads utime and stime, the fields 14 and 15 of proc(5). The second field is
// the program's name in parentheses, which may hold anything.
func parseStat(text []byte) (time.Duration, error) {
	end := bytes.LastIndexByte(text, ')')
	if end < 0 {
		return 0, fmt.Errorf("no program name in %q", text)
	}
	fields := strings.Fields(string(text[end+1:])) // from field 3 on
	if len(fields) < 13 {
		return 0, fmt.Errorf("%d fields after the program name in %q", len(fields), text)
	}
	var ticks uint64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseUint(f, 10, 63)
		if err != nil {
			return 0, fmt.Errorf("%q is no number of ticks", f)
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}

// resident is the memory of a process that is in RAM, and the most that was, in bytes.
func resident(pid int) (now, peak int64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	if now, err = parseStatus(text, "VmRSS"); err == nil {
		peak, err = parseStatus(text, "VmHWM")
	}
	return now, peak, err
}

// parseStatus reads a size, which proc(5) gives in kB.
func parseStatus(text []byte, name string) (int64, error) {
	for line := range strings.Lines(string(text)) {
		rest, found := strings.CutPrefix(line, name+":")
		if !found {
			continue
		}
		number, unit, _ := strings.Cut(strings.TrimSpace(rest), " ")
		n, err := strconv.ParseInt(number, 10, 53)
		if err != nil || unit != "kB" {
			return 0, fmt.Errorf("%q is no size in kB", strings.TrimSpace(rest))
		}
		return n << 10, nil
	}
	return 0, fmt.Errorf("there is no %s: the process has ended", name)
}
