package emulator

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/policy/exchange"
)

// settle is how long files have to be quiet before they are read again: editors
// write in several steps.
const settle = 100 * time.Millisecond

// watch reloads the service whenever one of its files changes. Folders are
// watched, because editors replace files.
func (e *Emulator) watch(files []string) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	watched := make(map[string]bool)
	follow := func(files []string) {
		for _, f := range files {
			if dir := filepath.Dir(f); !watched[dir] {
				watched[dir] = w.Add(dir) == nil
			}
		}
	}
	follow(files)
	go func() {
		defer w.Close()
		due := make(chan struct{}, 1)
		var stop func() bool
		for {
			select {
			case <-e.background.Done():
				return
			case event := <-w.Events:
				if !slices.Contains(files, event.Name) || event.Op == fsnotify.Chmod {
					continue
				}
				if stop != nil {
					stop()
				}
				stop = exchange.System.AfterFunc(settle, func() {
					select {
					case due <- struct{}{}:
					default:
					}
				})
			case err := <-w.Errors:
				e.config.Log.Warn("watching the service's files failed", "error", err)
			case <-due:
				if s := e.Reload(); s != nil {
					files = s.Files
					follow(files)
				}
			}
		}
	}()
	return nil
}

// Reload reads the service again and swaps it in. Where it can't be read the one
// in use stays, and nil is returned; the log says why.
func (e *Emulator) Reload() *service.Service {
	s, err := e.config.load(e.state)
	if err != nil {
		e.config.Log.Error("the service was not reloaded; the last good one stays", "error", err)
		return nil
	}
	if err := e.reloadable(s); err != nil {
		e.config.Log.Error("the service was not reloaded; the last good one stays", "error", err)
		return nil
	}
	if err := e.state.saveKeys(); err != nil {
		e.config.Log.Warn("generated keys were not kept", "error", err)
	}
	e.gateway.Use(s)
	e.config.Log.Info("the service was reloaded", "apis", len(s.APIs))
	for _, w := range s.Warnings {
		e.config.Log.Warn(w.String())
	}
	return s
}

// reloadable holds a changed service against what can't change under way: the
// rules of safety, and the map of hosts.
func (e *Emulator) reloadable(s *service.Service) error {
	m := *e.hosts.Load()
	if _, err := findReal(&e.config, s, m).check(e.config.RealBackend, map[string]string{"--listen": e.config.Listen}); err != nil {
		return err
	}
	return checkServed(s, m, e.parties)
}
