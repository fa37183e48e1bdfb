package openapi

import (
	"net/url"
	"strconv"
	"strings"
)

// references finds what the references of a document lead to.
type references struct{ found map[string]*node } // by reference

// maxHops is how many references may lead from one to the next. What is longer leads to
// itself, or is no document that anybody wrote.
const maxHops = 64

// reference is the member of a mapping that makes it a reference; nil if there is none.
func (n *node) reference() *node { return n.get("$ref") }

// resolved is what a value refers to in the end, or the value itself.
func (d *document) resolved(n *node) (*node, error) {
	first := n
	for range maxHops {
		ref := n.reference()
		if ref == nil {
			return n, nil
		}
		var err error
		if n, err = d.follow(ref); err != nil {
			return nil, err
		}
	}
	return nil, faultAt(first.reference().at, "the reference %s leads to itself, or by way of more than %d others", first.reference().text, maxHops)
}

// follow is what a reference leads to.
func (d *document) follow(ref *node) (*node, error) {
	if ref.kind != text {
		return nil, faultAt(ref.at, "a reference is a text, not %s", ref.kind)
	}
	if n, ok := d.found[ref.text]; ok {
		return n, nil
	}
	if !strings.HasPrefix(ref.text, "#") {
		return nil, faultAt(ref.at, "a reference to another file is not followed, here and in Azure: %s", ref.text)
	}
	pointer, err := url.PathUnescape(ref.text[1:])
	if err != nil || !strings.HasPrefix(pointer, "/") {
		return nil, faultAt(ref.at, "a reference within the document is of the form #/components/schemas/NAME, not %s", ref.text)
	}
	n := d.root
	for name := range strings.SplitSeq(pointer[1:], "/") {
		if n = step(n, unescaped(name)); n == nil {
			return nil, faultAt(ref.at, "nothing stands at %s", ref.text)
		}
	}
	if d.found == nil {
		d.found = make(map[string]*node)
	}
	d.found[ref.text] = n
	return n, nil
}

// unescaped is a part of a pointer (RFC 6901).
func unescaped(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~1", "/"), "~0", "~")
}

// step is a member or an item; nil if there is none.
func step(n *node, name string) *node {
	if n.kind == list {
		i, err := strconv.ParseUint(name, 10, 31)
		if err != nil || int(i) >= len(n.members) {
			return nil
		}
		return n.members[i].value
	}
	if m := n.member(name); m != nil {
		return m.value
	}
	return nil
}
