package emulator

import (
	"fmt"
	"path"
	"path/filepath"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements"
	"github.com/apimulator/apimulator/testdata/seed"
)

// load reads the configured service: a file, a single policy, or a built-in one.
// The files are read by way of w, unless that is nil.
func (c *Config) load(st *state, w *watcher) (*service.Service, error) {
	o := service.Options{Catalogue: statements.Catalogue(), SkipUnsupported: c.SkipUnsupported, Connections: true, Key: st.key, Getenv: c.Getenv}
	if w != nil {
		o.ReadFile = w.read
	}
	switch {
	case c.Service != "":
		return service.Load(c.Service, o)
	case c.Policy != "":
		backend, err := exchange.ParseURL(c.Backend)
		if err != nil {
			return nil, fmt.Errorf("--backend: %w", err)
		}
		return service.Single(c.Policy, backend, o)
	}
	o.ReadFile = func(name string) ([]byte, error) { return seed.Files.ReadFile(path.Base(filepath.ToSlash(name))) }
	return service.Load(c.Seed, o)
}
