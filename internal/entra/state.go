package entra

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A stateFolder is where keys and generated secrets survive a restart. "" keeps
// them in memory only.
type stateFolder string

const (
	keysFile    = "entra-keys.json"
	secretsFile = "entra-secrets.json"
)

// storedKey is a signing key in the state folder. Byte slices are base64 in JSON.
type storedKey struct {
	PrivateKey  []byte    `json:"privateKey"`  // PKCS #8
	Certificate []byte    `json:"certificate"` // DER
	Published   time.Time `json:"published"`
	UsedFrom    time.Time `json:"usedFrom,omitzero"`
}

func (f stateFolder) saveKeys(keys []*signingKey) error {
	if f == "" {
		return nil
	}
	var stored []storedKey
	for _, k := range keys {
		private, err := x509.MarshalPKCS8PrivateKey(k.private)
		if err != nil {
			return fmt.Errorf("writing a signing key: %w", err)
		}
		stored = append(stored, storedKey{private, k.certificate, k.published, k.usedFrom})
	}
	return f.save(keysFile, stored)
}

func (f stateFolder) loadKeys() ([]*signingKey, error) {
	var stored []storedKey
	if err := f.load(keysFile, &stored); err != nil {
		return nil, err
	}
	var keys []*signingKey
	for i, s := range stored {
		k, err := s.key()
		if err != nil {
			return nil, f.unusable(keysFile, fmt.Errorf("key %d: %w", i, err))
		}
		keys = append(keys, k)
	}
	return keys, nil
}

func (s storedKey) key() (*signingKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(s.PrivateKey)
	if err != nil {
		return nil, errors.New("the private key is not in PKCS #8 form")
	}
	private, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the private key is not an RSA key")
	}
	certificate, err := x509.ParseCertificate(s.Certificate)
	if err != nil {
		return nil, fmt.Errorf("the certificate: %w", err)
	}
	if !private.PublicKey.Equal(certificate.PublicKey) {
		return nil, errors.New("the certificate belongs to another key")
	}
	return &signingKey{
		private: private, certificate: s.Certificate, id: thumbprint(s.Certificate),
		published: s.Published, usedFrom: s.UsedFrom,
	}, nil
}

// secrets are the generated client secrets by client id, for the apps of c that
// want one. What is missing is made and written.
func (f stateFolder) secrets(c Config) (map[string]Secret, error) {
	stored := map[string]string{}
	if err := f.load(secretsFile, &stored); err != nil {
		return nil, err
	}
	if stored == nil { // the file says null
		stored = map[string]string{}
	}
	secrets, changed := map[string]Secret{}, false
	for _, t := range c.Tenants {
		for _, a := range t.Apps {
			if !a.GenerateSecret {
				continue
			}
			id := strings.ToLower(a.ClientID)
			if stored[id] == "" {
				stored[id], changed = "emulated-"+randomName(), true
			}
			secrets[id] = Secret(stored[id])
		}
	}
	if !changed || f == "" {
		return secrets, nil
	}
	return secrets, f.save(secretsFile, stored)
}

// load reads a file of the folder into v; a file that isn't there leaves v alone.
func (f stateFolder) load(name string, v any) error {
	if f == "" {
		return nil
	}
	data, err := os.ReadFile(filepath.Join(string(f), name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the state of the emulated Entra ID: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return f.unusable(name, err)
	}
	return nil
}

func (f stateFolder) unusable(name string, err error) error {
	return fmt.Errorf("%s is unusable: %w; delete it to have a new one made", filepath.Join(string(f), name), err)
}

// save writes a file that only the owner can read, whole or not at all.
func (f stateFolder) save(name string, v any) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing the state of the emulated Entra ID: %w", err)
		}
	}()
	data, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	// os.CreateTemp makes files with mode 0600.
	temp, err := os.CreateTemp(string(f), name+".*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if _, err := temp.Write(data); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), filepath.Join(string(f), name))
}
