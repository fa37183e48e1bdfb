package testrun

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/apimulator/apimulator/policy/exchange"
)

// settle is how long files have to be quiet before tests run again: editors write in
// several steps.
const settle = 100 * time.Millisecond

// Watch finds the files that paths name and calls run with all of them, and then with those
// whose tests may go otherwise now, whenever one of the files they depend on has changed,
// until ctx ends. Test files that come are found. Folders are watched, because editors replace
// files, each before something in it is read, so that no edit falls between.
func Watch(ctx context.Context, paths []string, run func(*Suite)) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("the files can't be watched: %w", err)
	}
	defer watcher.Close()
	follow := func(folder string) {
		if abs, err := filepath.Abs(folder); err == nil {
			_ = watcher.Add(abs) // one that is gone shows as an unusable file
		}
	}
	s, err := find(paths, follow)
	if err != nil {
		return err
	}
	run(s)
	due := make(chan struct{}, 1)
	changed := make(map[string]bool)
	stop := func() bool { return true }
	defer func() { stop() }()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-watcher.Errors:
			return fmt.Errorf("watching the files failed: %w", err)
		case event := <-watcher.Events:
			if event.Op == fsnotify.Chmod || !s.concerns(event.Name) {
				continue
			}
			changed[event.Name] = true
			stop()
			stop = exchange.System.AfterFunc(settle, func() {
				select {
				case due <- struct{}{}:
				default:
				}
			})
		case <-due:
			fresh, err := find(paths, follow)
			if err != nil {
				continue // it may come back
			}
			run(s.affected(fresh, changed))
			s = fresh
			clear(changed)
		}
	}
}

// concerns reports whether a file that changed is a test file or one that tests read.
func (s *Suite) concerns(path string) bool {
	return strings.HasSuffix(path, suffix) || slices.ContainsFunc(s.Files, func(f *SuiteFile) bool { return f.dependsOn(path) })
}

// dependsOn reports whether the file is path or reads it; of what could not be loaded that
// is not known, so all below its folder counts.
func (f *SuiteFile) dependsOn(path string) bool {
	if slices.Contains(f.Reads(), path) {
		return true
	}
	abs, err := filepath.Abs(filepath.Dir(f.Path))
	return err == nil && f.subject == nil && strings.HasPrefix(path, abs+string(filepath.Separator))
}

// affected are the fresh files that changed, are new, or depend on what changed. Those
// that do not run again keep what they read.
func (s *Suite) affected(fresh *Suite, changed map[string]bool) *Suite {
	some := &Suite{Folders: fresh.Folders}
	for _, f := range fresh.Files {
		i := slices.IndexFunc(s.Files, func(old *SuiteFile) bool { return old.Path == f.Path })
		affected := i < 0
		for path := range changed {
			affected = affected || s.Files[i].dependsOn(path)
		}
		if affected {
			some.Files = append(some.Files, f)
			continue
		}
		f.subject, f.reads = s.Files[i].subject, s.Files[i].reads
	}
	return some
}
