package syntax

// Unfinished reports whether a text ends inside brackets, a verbatim string or a
// comment, so that more of it may still come: what a person types line by line.
func Unfinished(source string) bool {
	var errs errorList
	l := lexer{src: source, errs: &errs}
	l.run()
	if l.broken != nil {
		return l.broken.Code == "CS1039" // other strings end on their line
	}
	for _, e := range errs.list {
		if e.Code == "CS1035" {
			return true
		}
	}
	return len(l.open) > 0
}
