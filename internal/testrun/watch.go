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

// Watch calls again with the files whose tests may go otherwise now, whenever one of the
// files they depend on has changed, until ctx ends. Test files that come are found.
func (s *Suite) Watch(ctx context.Context, paths []string, again func(*Suite)) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("the files can't be watched: %w", err)
	}
	defer watcher.Close()
	s.follow(watcher)
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
			fresh, err := Find(paths)
			if err != nil {
				continue // it may come back
			}
			again(s.affected(fresh, changed))
			s.Files, s.Folders = fresh.Files, fresh.Folders
			clear(changed)
			s.follow(watcher)
		}
	}
}

// follow watches the folders of all files, because editors replace files.
func (s *Suite) follow(w *fsnotify.Watcher) {
	folders := make(map[string]bool)
	for _, f := range s.Files {
		for _, path := range f.Reads() {
			folders[filepath.Dir(path)] = true
		}
	}
	for _, folder := range s.Folders {
		if abs, err := filepath.Abs(folder); err == nil {
			folders[abs] = true
		}
	}
	for folder := range folders {
		_ = w.Add(folder) // one that is gone shows as an unusable file
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
