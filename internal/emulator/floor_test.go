package emulator

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	floorRounds      = 5
	floorConnections = 64
	floorRound       = 2 * time.Second
	floorStreams     = 16
	floorEvents      = 500
)

// TestFloor compares the full flow with a bare httputil.ReverseProxy, in rounds
// that take turns, so that whatever else the machine does meets both. The goals
// are 0.9 x the requests and 1.5 x the delay of events; the limits here leave
// room for noise.
func TestFloor(t *testing.T) {
	if os.Getenv("APIMULATOR_FLOOR") == "" {
		t.Skip("the performance floor takes a machine to itself: set APIMULATOR_FLOOR=1")
	}
	g := newRig(t)
	token := g.tokens(t, 1)[0]
	var rates, delays []float64
	for round := range floorRounds {
		bare, full := g.rate(t, g.bare, token), g.rate(t, g.gateway, token)
		bareDelay, fullDelay := g.eventDelay(t, g.bare, token), g.eventDelay(t, g.gateway, token)
		rates = append(rates, full/bare)
		delays = append(delays, float64(fullDelay)/float64(bareDelay))
		t.Logf("round %d: requests %.2f x bare, p99 of event delay %.2f x bare", round+1, rates[round], delays[round])
	}
	rate, delay := median(rates), median(delays)
	t.Logf("medians: requests %.2f x bare (goal 0.9), p99 of event delay %.2f x bare (goal 1.5)", rate, delay)
	if rate < 0.7 {
		t.Errorf("the flow does %.2f x the requests of a bare proxy; the floor is 0.7", rate)
	}
	if delay > 2 {
		t.Errorf("events are delayed %.2f x as long as by a bare proxy; the limit is 2", delay)
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// rate is the requests a second over all connections.
func (g *rig) rate(t *testing.T, address, token string) float64 {
	t.Helper()
	request := g.request("/", token)
	var group sync.WaitGroup
	counts := make([]int, floorConnections)
	errs := make([]error, floorConnections)
	began := exchange.System.Now()
	end := began.Add(floorRound)
	for i := range floorConnections {
		c := dial(t, address)
		group.Go(func() {
			for exchange.System.Now().Before(end) && errs[i] == nil {
				errs[i] = c.do(request)
				counts[i]++
			}
			c.conn.Close()
		})
	}
	group.Wait()
	total := 0
	for i, n := range counts {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		total += n
	}
	return float64(total) / exchange.System.Now().Sub(began).Seconds()
}

// eventDelay is the 99th percentile of the time from an event's sending to its
// arrival, over several streams at once.
func (g *rig) eventDelay(t *testing.T, address, token string) time.Duration {
	t.Helper()
	request := g.request("/events?n="+strconv.Itoa(floorEvents), token)
	var mu sync.Mutex
	var group sync.WaitGroup
	var delays []time.Duration
	for range floorStreams {
		c := dial(t, address)
		group.Go(func() {
			mine, err := c.delays(request)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			delays = append(delays, mine...)
		})
	}
	group.Wait()
	if len(delays) != floorStreams*floorEvents {
		t.Fatalf("%d events arrived, not %d", len(delays), floorStreams*floorEvents)
	}
	slices.Sort(delays)
	return delays[len(delays)*99/100]
}

func (c *connection) delays(request []byte) ([]time.Duration, error) {
	defer c.conn.Close()
	if _, err := c.conn.Write(request); err != nil {
		return nil, err
	}
	if _, err := c.head(); err != nil {
		return nil, err
	}
	var delays []time.Duration
	for len(delays) < floorEvents {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return delays, err
		}
		sent, found := bytes.CutPrefix(line, []byte("data: "))
		if !found {
			continue
		}
		nanoseconds, err := strconv.ParseInt(string(bytes.TrimSpace(sent)), 10, 64)
		if err != nil {
			return delays, err
		}
		delays = append(delays, exchange.System.Now().Sub(time.Unix(0, nanoseconds)))
	}
	return delays, nil
}
