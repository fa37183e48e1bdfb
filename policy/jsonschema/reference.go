package jsonschema

import (
	"fmt"
	"net/url"
	"strings"
)

// resolve is a reference as it reads at a place of a URL.
func resolve(base, reference string) (address, fragment string, err error) {
	from, err := url.Parse(base)
	if err != nil {
		return "", "", err
	}
	to, err := from.Parse(reference)
	if err != nil {
		return "", "", err
	}
	fragment = to.Fragment
	to.Fragment, to.RawFragment = "", ""
	return to.String(), fragment, nil
}

// follow is where a reference from a schema of a resource leads.
func (c *compiler) follow(from *resource, reference string) (d *document, pointer string, err error) {
	address, fragment, err := resolve(from.url, reference)
	if err != nil {
		return nil, "", fmt.Errorf("%q is no reference", reference)
	}
	to := c.resources[address]
	if to == nil {
		if to, err = c.load(address); err != nil {
			return nil, "", err
		}
	}
	pointer = to.pointer
	switch {
	case strings.HasPrefix(fragment, "/"):
		pointer += fragment
	case fragment != "":
		var there bool
		if pointer, there = to.anchors[fragment]; !there {
			return nil, "", fmt.Errorf("nothing is at %q", reference)
		}
	}
	if _, there := Lookup(to.in.root, pointer); !there {
		return nil, "", fmt.Errorf("nothing is at %q", reference)
	}
	return to.in, pointer, nil
}

// load fetches another document.
func (c *compiler) load(address string) (*resource, error) {
	if c.Load == nil {
		return nil, fmt.Errorf("a reference to another document is not followed: %s", address)
	}
	root, err := c.Load(address)
	if err != nil {
		return nil, err
	}
	d, err := c.add(address, root)
	if err != nil {
		return nil, err
	}
	return d.resources[""], nil
}
