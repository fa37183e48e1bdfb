package testrun

import (
	"errors"
	"math"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// cachedValues are values to put into the cache, by their keys.
type cachedValues []cachedEntry

type cachedEntry struct {
	key   string
	value ast.Node
}

func (c *cachedValues) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	eachEntry(d, node, func(key string, value ast.Node) { *c = append(*c, cachedEntry{key, value}) })
}

// cacheInUse is the cache of policies that don't say which.
func (w *World) cacheInUse() policy.Cache {
	if w.external != nil {
		return w.external
	}
	return w.cache
}

func (w *World) machine() *expr.Machine { return &expr.Machine{Context: w.context, Clock: w.clock} }

// cached is the value that the cache has under a key.
func (w *World) cached(key string) (any, bool) {
	entry, ok, err := w.cacheInUse().Get(w.context, policy.CachedValue+key, w.clock.Now())
	if err != nil || !ok {
		return nil, false
	}
	value, _, err := policy.UnpackCached(w.machine(), entry)
	return value, err == nil
}

// forever is how long a value lives that a test puts into the cache.
const forever = 100 * 365 * 24 * time.Hour

// setCached puts values into the cache; null takes one out.
func (w *World) setCached(values cachedValues) error {
	for _, e := range values {
		value, err := valueOfNode(e.value)
		if err != nil {
			return err
		}
		key, now := policy.CachedValue+e.key, w.clock.Now()
		if value == nil {
			err = w.cacheInUse().Remove(w.context, key)
		} else if entry, packErr := policy.PackCached(w.machine(), value, time.Time{}); packErr != nil {
			err = packErr
		} else {
			err = w.cacheInUse().Set(w.context, key, entry, now, now.Add(forever))
		}
		if err != nil {
			return errors.New("cache: " + err.Error())
		}
	}
	return nil
}

// valueOfNode is YAML as a value of the expression language: a string, bool, int, long or
// double; a mapping is a JObject and a list a JArray.
func valueOfNode(node ast.Node) (any, error) {
	data, err := jsonOf(node)
	if err != nil {
		return nil, err
	}
	token, err := newtonsoft.Parse(string(data), newtonsoft.ParseOptions{KeepDates: true})
	if err != nil {
		return nil, err
	}
	v, ok := token.(*newtonsoft.Value)
	if !ok {
		return token, nil
	}
	if n, ok := v.Value().(int64); ok && n >= math.MinInt32 && n <= math.MaxInt32 {
		return int32(n), nil
	}
	return v.Value(), nil
}
