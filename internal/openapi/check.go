package openapi

// check holds a document against its shape and follows every reference in it, so that what
// reads it later need not look for mistakes.
func (d *document) check() error {
	all := allShapes()
	c := &checker{document: d, waiting: []target{{d.root, [...]*shape{version2: all.version2, version30: all.version30, version31: all.version31}[d.version]}}}
	for len(c.waiting) > 0 {
		t := c.waiting[len(c.waiting)-1]
		c.waiting = c.waiting[:len(c.waiting)-1]
		if err := c.value(t.node, t.shape); err != nil {
			return err
		}
	}
	return nil
}

type checker struct {
	*document
	// waiting is what is referred to, and was not checked yet. References may lead on for
	// longer than a stack is deep.
	waiting []target
}

type target struct {
	node  *node
	shape *shape
}

// value checks a value once per shape. Nothing may stand anywhere: it counts as left out.
func (c *checker) value(n *node, s *shape) error {
	if n.kind == null || s.bit != 0 && n.held&s.bit != 0 {
		return nil
	}
	n.held |= s.bit
	if !s.takes(n.kind) {
		return faultAt(n.at, "%s is wanted here, not %s", s.what, n.kind)
	}
	if s.bit != 0 && n.reference() != nil {
		if err := c.reference(n, s); err != nil || !s.beside {
			return err
		}
	}
	return c.members(n, s)
}

func (c *checker) members(n *node, s *shape) error {
	if s.members == nil && s.each == nil {
		return nil
	}
	for i := range n.members {
		m := &n.members[i]
		shape := s.each
		if n.kind == mapping && s.members != nil {
			shape = s.members[m.name]
		}
		if shape == nil || s.extensible && isExtension(m.name) || s.bit != 0 && m.name == "$ref" {
			continue
		}
		if err := c.value(m.value, shape); err != nil {
			return err
		}
	}
	return nil
}

// reference checks a reference. A schema may hold itself; what else leads to itself stands
// for nothing.
func (c *checker) reference(n *node, s *shape) error {
	to, err := c.follow(n.reference())
	if err != nil {
		return err
	}
	if s.what != aSchema {
		if _, err := c.resolved(n); err != nil {
			return err
		}
	}
	if to.kind != null && !s.takes(to.kind) {
		return faultAt(n.reference().at, "%s is wanted here, and %s is %s", s.what, n.reference().text, to.kind)
	}
	c.waiting = append(c.waiting, target{to, s})
	return nil
}
