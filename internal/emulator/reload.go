package emulator

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/apimulator/apimulator/internal/parties"
	"github.com/apimulator/apimulator/internal/service"
)

// fixed is the part of a service's configuration that only a start reads.
type fixed struct {
	hosts   map[string]string
	parties parties.Configs
	cache   *service.ExternalCache
}

func readFixed(s *service.Service) (fixed, error) {
	configs, err := parties.Read(s)
	return fixed{s.Hosts, configs, s.Cache}, err
}

// changed names the sections of apim.yaml in which other differs.
func (f fixed) changed(other fixed) []string {
	sections := f.parties.Changed(other.parties)
	if !maps.Equal(f.hosts, other.hosts) {
		sections = append(sections, "hosts")
	}
	if a, b := f.cache, other.cache; (a == nil) != (b == nil) || a != nil && *a != *b {
		sections = append(sections, "cache")
	}
	return sections
}

const filesChanged = "the service's files have changed"

// reload reads the service again and swaps it in, whole. Where it can't be used
// the one in use stays, and the log says why.
func (e *Emulator) reload(w *watcher) {
	log := e.config.Log
	log.Debug(filesChanged)
	s, warnings, err := e.readAgain(w)
	if err != nil {
		e.reloads.Done(err)
		e.metrics.Reloaded(err)
		log.Error("the service was not reloaded; the last good one stays", "error", err)
		return
	}
	e.gateway.Use(s)
	e.reloads.Done(nil)
	e.metrics.Reloaded(nil)
	if err := errors.Join(e.state.saveKeys(), e.publish(s)); err != nil {
		warnings = append(warnings, fmt.Sprintf("what the reload changed is not written down: %v", err))
	}
	log.Info("the service was reloaded", "apis", len(s.APIs))
	for _, text := range warnings {
		log.Warn(text)
	}
}

// readAgain loads the service and holds it against what a reload can't change.
func (e *Emulator) readAgain(w *watcher) (s *service.Service, warnings []string, err error) {
	if s, err = e.config.load(e.state, w); err != nil {
		return nil, nil, err
	}
	now, err := readFixed(s)
	if err != nil {
		return nil, nil, err
	}
	restart := ""
	if sections := e.fixed.changed(now); len(sections) > 0 {
		restart = "changes of " + strings.Join(sections, ", ") + " take effect at the next start only"
	}
	real, err := e.admissible(s)
	switch {
	case err != nil && restart != "":
		return nil, nil, fmt.Errorf("%w (%s)", err, restart)
	case err != nil:
		return nil, nil, err
	}
	for _, text := range []string{restart, real} {
		if text != "" {
			warnings = append(warnings, text)
		}
	}
	for _, d := range s.Warnings {
		warnings = append(warnings, d.String())
	}
	return s, warnings, nil
}

// admissible holds a service against the rules of safety and the hosts as they
// are mapped now.
func (e *Emulator) admissible(s *service.Service) (warning string, err error) {
	m := *e.hosts.Load()
	if warning, err = findReal(&e.config, s, m).check(&e.config); err != nil {
		return "", err
	}
	return warning, checkServed(s, m, e.parties)
}
