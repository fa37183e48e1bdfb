package newtonsoft

import (
	"slices"
	"strconv"
	"strings"
)

// Path is JToken.Path: where t stands below its root.
func Path(t Token) string {
	var above []Token
	for ; t.Parent() != nil; t = t.Parent() {
		above = append(above, t)
	}
	if _, ok := t.(*Property); ok {
		above = append(above, t)
	}
	var w pathWriter
	for _, t := range slices.Backward(above) {
		p, named := t.(*Property)
		switch {
		case named:
			w.name(p.name)
		case t.Parent().Type() != PropertyType:
			w.index(Index(t))
		}
	}
	return w.String()
}

// pathWriter writes a path piece by piece.
type pathWriter struct{ strings.Builder }

func (w *pathWriter) index(i int) {
	w.WriteByte('[')
	w.WriteString(strconv.Itoa(i))
	w.WriteByte(']')
}

// name writes a property's name: plain, or in brackets and quotes if it holds a
// character that means something in a path.
func (w *pathWriter) name(name string) {
	switch {
	case strings.ContainsAny(name, ".' \"/[]()\t\n\r\f\b\\\u0085\u2028\u2029"):
		w.WriteString("['" + escape(name, '\'') + "']")
	case w.Len() > 0:
		w.WriteString("." + name)
	default:
		w.WriteString(name)
	}
}
