package emulator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/apimulator/apimulator/policy/exchange"
)

// settle is how long files have to be quiet before they are read again: editors
// write in several steps.
const settle = 100 * time.Millisecond

// A watcher tells when the files change that a service was read from. Folders
// are watched, because editors replace files. A file is followed before it is
// read, so that no edit falls between.
type watcher struct {
	*fsnotify.Watcher
	log   *slog.Logger
	files map[string]bool // that the last load read or looked for
}

// watchFiles is the watcher of the configured service's files, nil if they are
// not to be watched.
func (e *Emulator) watchFiles() (*watcher, error) {
	if !e.config.Watch || e.config.Service == "" && e.config.Policy == "" {
		return nil, nil
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("the service's files can't be watched: %w", err)
	}
	e.atEnd(func() { w.Close() })
	return &watcher{w, e.config.Log, make(map[string]bool)}, nil
}

// read is os.ReadFile of a file that is followed from then on.
func (w *watcher) read(name string) ([]byte, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	w.files[path] = true
	w.followFolder(path)
	return os.ReadFile(name)
}

// followFolder watches the folder of a file. Where there is none the next folder
// above is watched, to see it come.
func (w *watcher) followFolder(path string) {
	dir := filepath.Dir(path)
	err := w.Add(dir)
	for errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		err = w.Add(dir)
	}
	if err != nil {
		w.log.Warn("a file is not watched: a change of it needs a restart", "file", path, "error", err)
	}
}

// concerns reports whether an event may change what the files hold: it is of one
// of them, or of a folder they are in.
func (w *watcher) concerns(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod {
		return false
	}
	if w.files[event.Name] {
		return true
	}
	for path := range w.files {
		if strings.HasPrefix(path, event.Name+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// follow reloads the service whenever its files have changed, until ctx ends.
func (e *Emulator) follow(ctx context.Context, w *watcher) {
	due := make(chan struct{}, 1)
	stop := func() bool { return true } // no timer runs
	defer func() { stop() }()
	changed := func() {
		stop()
		stop = exchange.System.AfterFunc(settle, func() {
			select {
			case due <- struct{}{}:
			default:
			}
		})
	}
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-w.Events:
			if w.concerns(event) {
				changed()
			}
		case err := <-w.Errors:
			w.log.Warn("watching the service's files failed; they are read again", "error", err)
			changed()
		case <-due:
			for path := range w.files {
				w.followFolder(path) // it may have come, or come again
			}
			clear(w.files)
			e.reload(w)
		}
	}
}
