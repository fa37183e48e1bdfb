package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"
)

// maxTokenCache is the largest token cache that is read, in bytes.
const maxTokenCache = 4 << 20

// tokenCache is MSAL's cache in a file that only its owner may read: it holds
// refresh tokens.
type tokenCache struct{ file string }

var _ cache.ExportReplace = tokenCache{}

// openTokenCache finds out before the sign-in whether the file can serve.
func openTokenCache(file string) (tokenCache, error) {
	c := tokenCache{file}
	data, err := c.read()
	if err != nil || data == nil {
		return c, err
	}
	var parts map[string]map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil || parts == nil {
		return c, unusable("--token-cache %s: the file is not a token cache: name another one, or delete it", file)
	}
	for name, part := range parts {
		if part == nil {
			return c, unusable("--token-cache %s: the file is not a token cache (%s is null): delete it", file, oneLine(name))
		}
	}
	return c, nil
}

// read gives nil for a file that isn't there, or is empty.
func (c tokenCache) read() ([]byte, error) {
	data, err := readAtMost(c.file, maxTokenCache)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(data) == 0:
		return nil, nil
	case err != nil:
		return nil, unusable("--token-cache: %v", err)
	}
	return data, nil
}

// Replace gives MSAL what the file holds.
func (c tokenCache) Replace(_ context.Context, into cache.Unmarshaler, _ cache.ReplaceHints) error {
	data, err := c.read()
	if err != nil || data == nil {
		return err
	}
	return into.Unmarshal(data)
}

// Export writes the file anew, so that a crash leaves the old one and an older
// file's wider mode doesn't stay.
func (c tokenCache) Export(_ context.Context, from cache.Marshaler, _ cache.ExportHints) error {
	data, err := from.Marshal()
	if err != nil {
		return err
	}
	// os.CreateTemp makes the file with mode 0600.
	f, err := os.CreateTemp(filepath.Dir(c.file), ".token-cache-*")
	if err != nil {
		return unusable("--token-cache: %v", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), c.file)
	}
	if err != nil {
		os.Remove(f.Name())
		return unusable("--token-cache: %v", err)
	}
	return nil
}
