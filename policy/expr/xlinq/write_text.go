package xlinq

// text writes character data. A line break of whatever kind becomes \n.
func (w *writer) text(s string) error {
	return w.escaped(s, func(c byte, next byte) string {
		switch c {
		case '<':
			return "&lt;"
		case '>':
			return "&gt;"
		case '&':
			return "&amp;"
		}
		return lineBreak(c, next)
	})
}

// attributeText writes an attribute's value.
func (w *writer) attributeText(s string) error {
	return w.escaped(s, func(c, _ byte) string {
		switch c {
		case '<':
			return "&lt;"
		case '>':
			return "&gt;"
		case '&':
			return "&amp;"
		case '"':
			return "&quot;"
		case '\t':
			return "&#x9;"
		case '\n':
			return "&#xA;"
		case '\r':
			return "&#xD;"
		}
		return keep
	})
}

// between writes s as it is, apart from its line breaks, between two marks.
func (w *writer) between(open, s, end string) error {
	w.out.WriteString(open)
	err := w.escaped(s, lineBreak)
	w.out.WriteString(end)
	return err
}

// What an escape gives for a character that stays, and for one that goes.
const (
	keep = ""
	drop = "\x00"
)

func lineBreak(c, next byte) string {
	switch {
	case c == '\r' && next == '\n':
		return drop
	case c == '\r':
		return "\n"
	}
	return keep
}

// escaped writes s; escape tells what stands for an ASCII character, given the
// byte after it.
func (w *writer) escaped(s string, escape func(c, next byte) string) error {
	if err := w.allocate(len(s)); err != nil {
		return err
	}
	done := 0
	for i := 0; i < len(s); {
		r, size := decode(s[i:])
		if !isChar(r) {
			return unwritable(s[i:])
		}
		if size == 1 {
			next := byte(0)
			if i+1 < len(s) {
				next = s[i+1]
			}
			if with := escape(s[i], next); with != keep {
				w.out.WriteString(s[done:i])
				if with != drop {
					w.out.WriteString(with)
				}
				done = i + 1
			}
		}
		i += size
	}
	w.out.WriteString(s[done:])
	return nil
}
