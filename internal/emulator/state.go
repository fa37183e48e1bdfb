package emulator

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// state is the folder in which keys survive restarts. One emulator at a time
// uses it. Without a folder everything lives in memory.
type state struct {
	dir  string // "": memory only
	lock *flock.Flock
	keys map[string]string // subscription/slot -> key
	kept []byte            // what the file of keys holds, if nobody else can read it
}

const (
	keysFile  = "subscription-keys.json"
	ownerOnly = 0o600
)

func openState(dir string) (*state, error) {
	s := &state{dir: dir, keys: make(map[string]string)}
	if dir == "" {
		return s, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the state folder can't be made: %w", err)
	}
	s.lock = flock.New(filepath.Join(dir, "lock"))
	locked, err := s.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("the state folder %s can't be locked: %w", dir, err)
	}
	if !locked {
		return nil, fmt.Errorf("another emulator uses the state folder %s: stop it, or name another folder with --state", dir)
	}
	path := filepath.Join(dir, keysFile)
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &s.keys)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm() == ownerOnly {
		s.kept = data
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.close()
		return nil, fmt.Errorf("%s of the state folder can't be read (delete it to get new keys): %w", keysFile, err)
	}
	if s.keys == nil { // the file says null
		s.keys = make(map[string]string)
	}
	return s, nil
}

func (s *state) close() {
	if s.lock != nil {
		// The lock goes with the process in any case.
		_ = s.lock.Unlock()
	}
}

// folder is a folder of that name in the state folder, "" if all is in memory.
func (s *state) folder(name string) string {
	if s.dir == "" {
		return ""
	}
	return filepath.Join(s.dir, name)
}

// key is the generated key of a subscription, the same at every start.
func (s *state) key(subscription, slot string) string {
	name := subscription + "/" + slot
	if s.keys[name] == "" {
		s.keys[name] = randomText(24)
	}
	return s.keys[name]
}

// saveKeys keeps generated keys for the next start.
func (s *state) saveKeys() error {
	if s.dir == "" {
		return nil
	}
	data, err := json.MarshalIndent(s.keys, "", "  ")
	if err != nil {
		return err
	}
	if bytes.Equal(data, s.kept) {
		return nil
	}
	if err := s.write(keysFile, data); err != nil {
		return err
	}
	s.kept = data
	return nil
}

// write replaces a file of the state folder, readable by its owner only, in one
// step.
func (s *state) write(name string, data []byte) error {
	return writeFile(filepath.Join(s.dir, name), data, ownerOnly)
}

func (s *state) remove(name string) {
	if s.dir != "" {
		_ = os.Remove(filepath.Join(s.dir, name)) // it may never have been written
	}
}

func writeFile(path string, data []byte, mode os.FileMode) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(data)
	if chmodErr := temporary.Chmod(mode); err == nil {
		err = chmodErr
	}
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

// randomText is n random bytes as URL-safe text.
func randomText(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
