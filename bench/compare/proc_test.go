package main

import (
	"os"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	const rest = " S 1 2 3 4 5 6 7 8 9 10 123 45 6 7 20 0 1\n"
	for text, want := range map[string]time.Duration{
		"42 (gateway)" + rest:                       1680 * time.Millisecond,
		"42 (a) b (c d)" + rest:                     1680 * time.Millisecond,
		"42 gateway" + rest:                         -1,
		"42 (gateway) S 1 2 3\n":                    -1,
		"42 (g) S 1 2 3 4 5 6 7 8 9 10 many 45 0\n": -1,
		"": -1,
	} {
		got, err := parseStat([]byte(text))
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseSchedstat(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1234567 89 10\n": 1234567,
		"0 0 0\n":         0,
		"-1 0 0\n":        -1,
		"much 0 0\n":      -1,
		"":                -1,
	} {
		got, err := parseSchedstat([]byte(text))
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
}

// TestCPUTime: what this process spends shows, finer than in ticks where the system tells.
func TestCPUTime(t *testing.T) {
	before, err := cpuTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); ; {
		now, err := cpuTime(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if now-before >= 2*tick {
			return
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("%v of a minute show", now-before)
		}
	}
}

func TestParseStatus(t *testing.T) {
	for text, want := range map[string]int64{
		"Name:\tx\nVmHWM:\t  900 kB\nVmRSS:\t  512 kB\n": 512 << 10,
		"VmRSS:\t  512 MB\n":                             -1,
		"VmRSS:\t  some kB\n":                            -1,
		"Name:\tx\n":                                     -1,
	} {
		got, err := parseStatus([]byte(text), "VmRSS")
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: got %d, %v; want %d", text, got, err, want)
		}
	}
}

// This process has run and takes memory.
func TestOwn(t *testing.T) {
	if _, err := cpuTime(os.Getpid()); err != nil {
		t.Error(err)
	}
	if now, peak, err := resident(os.Getpid()); err != nil || now < 1<<20 || peak < now {
		t.Errorf("got %d bytes, %d at the most, %v; want a megabyte or more", now, peak, err)
	}
	if _, err := cpuTime(0); err == nil {
		t.Error("there is a process 0")
	}
}
