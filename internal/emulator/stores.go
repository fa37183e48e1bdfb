package emulator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/apimulator/apimulator/internal/console"
	"github.com/apimulator/apimulator/policy"
)

// stores are what keeps state from one request to another, as the page shows it.
func (e *Emulator) stores() []console.Store {
	return []console.Store{
		{Name: "Counters", Snapshot: e.counterEntries, Reset: e.resetCounter},
		{Name: "Cache", Snapshot: e.cacheEntries, Reset: e.resetCache},
		{Name: "Semantic cache", Snapshot: e.vectorEntries, Reset: e.resetVectors},
	}
}

// counterEntries are the counters of limits and quotas.
func (e *Emulator) counterEntries() []console.Entry {
	var all []console.Entry
	for _, c := range e.counters.Snapshot(e.config.Clock.Now()) {
		where := strings.Join(nonEmpty(c.Product, c.API, c.Operation), "/")
		name := c.Statement + " " + c.Key
		if where != "" {
			name += " (" + where + ")"
		}
		all = append(all, console.Entry{ID: counterID(c.CounterID), Key: name, Value: fmt.Sprintf("%d of %d %s", c.Used, c.Limit, c.Unit), Expires: c.Renews})
	}
	return all
}

func (e *Emulator) resetCounter(id string) {
	if id == "" {
		e.counters.Reset(nil)
		return
	}
	e.counters.Reset(func(c policy.CounterID) bool { return counterID(c) == id })
}

// cacheEntries are what the internal cache keeps.
func (e *Emulator) cacheEntries() []console.Entry {
	var all []console.Entry
	for _, c := range e.cache.Snapshot(e.config.Clock.Now()) {
		all = append(all, console.Entry{ID: digest(c.Key), Key: c.Key, Value: fmt.Sprintf("%d bytes", c.Size), Expires: c.Expires})
	}
	return all
}

func (e *Emulator) resetCache(id string) {
	if id == "" {
		e.cache.Reset()
		return
	}
	for _, c := range e.cache.Snapshot(e.config.Clock.Now()) {
		if digest(c.Key) == id {
			_ = e.cache.Remove(context.Background(), c.Key) // memory does not fail
		}
	}
}

// vectorEntries are the answers that semantic caches keep.
func (e *Emulator) vectorEntries() []console.Entry {
	var all []console.Entry
	for _, p := range e.vectors.Snapshot(e.config.Clock.Now()) {
		all = append(all, console.Entry{ID: strconv.FormatUint(p.ID, 10), Key: p.Partition, Value: fmt.Sprintf("%d bytes", p.Size), Expires: p.Expires})
	}
	return all
}

func (e *Emulator) resetVectors(id string) {
	if id == "" {
		e.vectors.Reset()
	} else if n, err := strconv.ParseUint(id, 10, 64); err == nil {
		e.vectors.Remove(n)
	}
}

func counterID(c policy.CounterID) string { return digest(fmt.Sprintf("%+v", c)) }

// digest stands for a key where that, which may be a secret, must not.
func digest(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

func nonEmpty(texts ...string) []string {
	var all []string
	for _, t := range texts {
		if t != "" {
			all = append(all, t)
		}
	}
	return all
}
