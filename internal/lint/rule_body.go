package lint

// readBodies judges the bodies that an expression reads, and notes who takes one.
func (f *flow) readBodies(e expression, s *state) {
	mine := make(map[string]bool)
	for _, b := range e.uses.Bodies {
		by, gone := s.consumed[b.Of]
		if gone && !mine[b.Of] {
			line, _ := by.value.Position(by.start)
			f.o.inside(Warning, ruleBodyConsumed, e.value, b.Span.Start, b.Span.End, "%s has been read by line %d without preserveContent, so it is gone here", bodyName(b.Of), line)
		}
		mine[b.Of] = true // branches of one expression exclude each other, often
	}
	consume(e, s)
}

// consume notes in s the bodies that the expression takes.
func consume(e expression, s *state) {
	for _, b := range e.uses.Bodies {
		if !b.Preserve {
			s.consumed[b.Of] = consumer{e, b.Span.Start, b.Span.End}
		}
	}
}

// bodyLost tells of a body that was taken and never put back.
func (f *flow) bodyLost(s *state, of string) {
	by, gone := s.consumed[of]
	if !gone || by.node.Name == "set-body" {
		return
	}
	delete(s.consumed, of)
	who := "the backend"
	if of == "response" {
		who = "the caller"
	}
	f.o.inside(Warning, ruleBodyConsumed, by.value, by.start, by.end, "%s is read without preserveContent, and nothing puts one back: %s gets none", bodyName(of), who)
}

func bodyName(of string) string {
	switch of {
	case "request":
		return "the request's body"
	case "response":
		return "the response's body"
	}
	return "the body of the response in '" + of[1:] + "'"
}
