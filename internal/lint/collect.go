package lint

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/apimulator/apimulator/policy"
)

// collector finds out what is to be linted.
type collector struct {
	catalogue      *policy.Catalogue
	placeholder    *placeholderForms
	targets        []*target
	results        []result // of apim.yaml files
	skipped        int
	configurations map[string]*configuration
}

// add takes a path of the command line.
func (c *collector) add(path string) error {
	if c.configurations == nil {
		c.configurations = make(map[string]*configuration)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", path, reason(err))
	case info.IsDir():
		return c.folder(path)
	case isService(path):
		return c.service(path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: it is neither a file nor a folder", path)
	}
	return c.document(&target{path: path})
}

func reason(err error) error {
	if p, ok := err.(*fs.PathError); ok {
		return p.Err
	}
	return err
}

func isService(path string) bool {
	name := strings.ToLower(filepath.Base(path))
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

func (c *collector) document(t *target) error {
	off, err := c.configurationOf(t.path)
	if err != nil {
		return err
	}
	t.off = off
	c.targets = append(c.targets, t)
	return nil
}

// serviceName is what a service's file is called in a folder.
const serviceName = "apim.yaml"

// folder takes a folder: services in it with what they name, APIOps folders, and
// the policy documents that belong to neither.
func (c *collector) folder(dir string) error {
	if layout := apiopsLayout(dir); layout != nil {
		return c.apiops(layout)
	}
	var services, layouts, documents []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir():
			if path != dir && apiopsLayout(path) != nil {
				layouts = append(layouts, path)
				return fs.SkipDir
			}
		case d.Name() == serviceName:
			services = append(services, path)
		case strings.EqualFold(filepath.Ext(path), ".xml"):
			documents = append(documents, path)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", dir, reason(err))
	}
	for _, s := range services {
		if err := c.service(s); err != nil {
			return err
		}
	}
	for _, l := range layouts {
		if err := c.apiops(apiopsLayout(l)); err != nil {
			return err
		}
	}
	taken := make(map[string]bool)
	for _, t := range c.targets {
		taken[filepath.Clean(t.path)] = true
	}
	for _, path := range documents {
		if !taken[filepath.Clean(path)] {
			if err := c.document(&target{path: path, folder: true}); err != nil {
				return err
			}
		}
	}
	return nil
}
