package liquid

import (
	"math"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Filters of texts. Lengths count UTF-16 units.

// made counts the bytes of a text that a filter made.
func (r *run) made(s string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return s, r.m.Allocate(len(s))
}

// textOf is an argument that is a text or nil, nil as "".
func textOf(v any) string {
	s, _ := v.(string)
	return s
}

func isBlank(v any) bool {
	s, ok := v.(string)
	return !ok || dotnet.Trim(s, nil, true, true) == ""
}

// joined is two texts in one, whose size is counted first.
func (r *run) joined(s, t string) (any, error) {
	if err := r.m.Allocate(len(s) + len(t)); err != nil {
		return nil, err
	}
	return dotnet.Concat(s, t), nil
}

func appended(r *run, a []any) (any, error) {
	if a[0] == nil {
		return nil, nil
	}
	return r.joined(a[0].(string), textOf(a[1]))
}

func prepended(r *run, a []any) (any, error) {
	if a[0] == nil {
		return nil, nil
	}
	return r.joined(textOf(a[1]), a[0].(string))
}

// defaultTo gives the default for a text of white space only, too.
func defaultTo(_ *run, a []any) (any, error) {
	if isBlank(a[0]) {
		return a[1], nil
	}
	return a[0], nil
}

func remove(r *run, a []any) (any, error) {
	if isBlank(a[0]) {
		return a[0], nil
	}
	part, ok := a[1].(string)
	if !ok {
		return nil, dotnet.ArgumentNull("oldValue")
	}
	return r.made(dotnet.Replace(a[0].(string), part, ""))
}

// slice is a part of a text: from a start, counted from the end if it is
// negative.
func slice(r *run, a []any) (any, error) {
	s, ok := a[0].(string)
	start, length := a[1].(int64), a[2].(int64)
	n := int64(dotnet.Length(s))
	if !ok || start > n {
		return nil, nil
	}
	if start < 0 {
		if start += n; start < 0 {
			length, start = max(0, length+start), 0
		}
	}
	if length > n-start {
		length = n - start
	}
	if length < math.MinInt32 {
		return nil, dotnet.Overflow("Value was either too large or too small for an Int32.")
	}
	return r.made(dotnet.Substring(s, int(start), int(length)))
}

// truncate cuts a text to a length, its end included.
func truncate(r *run, a []any) (any, error) {
	s, ok := a[0].(string)
	if !ok || s == "" {
		return a[0], nil
	}
	length, end := int(a[1].(int32)), a[2]
	if length < 0 {
		return end, nil
	}
	if end == nil {
		return nil, dotnet.NullReference()
	}
	if dotnet.Length(s) <= length {
		return s, nil
	}
	s, err := dotnet.Substring(s, 0, max(0, length-dotnet.Length(end.(string))))
	return r.made(dotnet.Concat(s, end.(string)), err)
}

// truncateWords cuts a text, whose words are parted by single blanks.
func truncateWords(r *run, a []any) (any, error) {
	s, ok := a[0].(string)
	if !ok || s == "" {
		return a[0], nil
	}
	words := int(a[1].(int32))
	if words <= 0 {
		return a[2], nil
	}
	at := 0
	for n := 0; ; n++ {
		next := strings.IndexByte(s[at:], ' ')
		if next < 0 {
			return s, nil
		}
		if n == words-1 {
			return r.made(s[:at+next]+textOf(a[2]), nil)
		}
		at += next + 1
	}
}

// split leaves out parts without text. A separator without text parts nothing.
func split(r *run, a []any) (any, error) {
	if isBlank(a[0]) {
		return list{a[0]}, nil
	}
	parts, err := dotnet.SplitTexts(a[0].(string), []string{textOf(a[1])}, dotnet.SplitAll, dotnet.RemoveEmptyEntries)
	if err != nil {
		return nil, err
	}
	return texts(parts), r.m.Allocate(16*len(parts) + len(a[0].(string)))
}

// lineBreak is \r?\n at the start of s, as a length in bytes.
func lineBreak(s string) int {
	switch {
	case strings.HasPrefix(s, "\n"):
		return 1
	case strings.HasPrefix(s, "\r\n"):
		return 2
	}
	return 0
}

// withLineBreaks is s with something in place of its line breaks.
func withLineBreaks(s string, with func(lineBreak string) string) string {
	if isBlank(s) || !strings.Contains(s, "\n") {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		if n := lineBreak(s[i:]); n > 0 {
			out.WriteString(with(s[i : i+n]))
			i += n
			continue
		}
		out.WriteByte(s[i])
		i++
	}
	return out.String()
}

func stripNewlines(s string) string {
	return withLineBreaks(s, func(string) string { return "" })
}

func newlineToBr(s string) string {
	return withLineBreaks(s, func(lineBreak string) string { return "<br />" + lineBreak })
}

// stripHTML takes out what stands between < and the next > of the same line.
func stripHTML(s string) string {
	if isBlank(s) {
		return s
	}
	var out strings.Builder
	for line := range strings.Lines(s) {
		for {
			open := strings.IndexByte(line, '<')
			if open < 0 {
				break
			}
			end := strings.IndexByte(line[open:], '>')
			if end < 0 {
				break
			}
			out.WriteString(line[:open])
			line = line[open+end+1:]
		}
		out.WriteString(line)
	}
	return out.String()
}
