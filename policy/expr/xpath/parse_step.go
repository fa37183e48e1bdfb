package xpath

func needResolver() error {
	return exception("Namespace Manager or XsltContext needed. This query has a prefix, variable, or user-defined function.")
}

// step reads one step of a path that begins at from.
func (p *parser) step(from expr) (expr, error) {
	s := &step{from: from, axis: "child"}
	switch {
	case p.is("."):
		s.axis, s.test = "self", test{kind: anyNode}
		return s, p.next()
	case p.is(".."):
		s.axis, s.test = "parent", test{kind: anyNode}
		return s, p.next()
	case p.is("@"):
		s.axis = "attribute"
		if err := p.next(); err != nil {
			return nil, err
		}
	case p.token.axis:
		s.axis = p.token.text
		if axes[s.axis] == nil || p.token.prefix != "" {
			return nil, p.invalid()
		}
		if err := p.next(); err != nil {
			return nil, err
		}
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	if err := p.nodeTest(s); err != nil {
		return nil, err
	}
	for p.is("[") {
		condition, err := p.predicate()
		if err != nil {
			return nil, err
		}
		s.predicates = append(s.predicates, condition)
	}
	return s, nil
}

// nodeTest reads a name, * or node().
func (p *parser) nodeTest(s *step) error {
	t := p.token
	s.test.principal = Element
	switch s.axis {
	case "attribute":
		s.test.principal = Attribute
	case "namespace":
		s.test.principal = Namespace
	}
	switch {
	case p.is("*"):
		s.test.kind = anyName
		return p.next()
	case t.kind != name:
		return exception("Expression must evaluate to a node-set.")
	case t.call && isNodeTest(t):
		return p.typeTest(s)
	case t.call:
		return p.invalid()
	}
	s.test.kind, s.test.local = oneName, t.text
	if t.text == "*" {
		s.test.kind = anyLocal
	}
	if t.prefix != "" {
		space, known := "", false
		if p.resolve == nil {
			return needResolver()
		}
		if space, known = p.resolve(t.prefix); !known {
			return exception("Namespace prefix '" + t.prefix + "' is not defined.")
		}
		s.test.space = space
	}
	return p.next()
}

// typeTest reads node(), text(), comment() or processing-instruction('target').
func (p *parser) typeTest(s *step) error {
	kinds := map[string]testKind{"node": anyNode, "text": textNode, "comment": commentNode, "processing-instruction": instructionNode}
	s.test.kind = kinds[p.token.text]
	if err := p.next(); err != nil {
		return err
	}
	if err := p.expect("("); err != nil {
		return err
	}
	if s.test.kind == instructionNode && p.token.kind == literal {
		s.test.local, s.test.named = p.token.text, true
		if err := p.next(); err != nil {
			return err
		}
	}
	return p.expect(")")
}
