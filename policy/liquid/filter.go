package liquid

import (
	"fmt"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// filter is a filter: what it takes and what it does. Arguments, the input first,
// are converted as .NET's reflection and DotLiquid do it together.
type filter struct {
	name string
	// takes are the kinds of the input and of the arguments.
	takes []kind
	// defaults are the values of the last arguments where they are not given.
	defaults []any
	call     func(r *run, a []any) (any, error)
	// check looks at arguments that are constant when the template is parsed; nil:
	// there is nothing to look at.
	check func(c *filterCall) error
}

// kind is the type of a filter's parameter.
type kind uint8

const (
	anyKind  kind = iota
	textKind      // string
	intKind       // int
	longKind      // long
	listKind      // IEnumerable
)

// filterTable are the filters that the documentation of set-body lists.
func filterTable(name string) *filter {
	for i := range filters {
		if filters[i].name == name {
			return &filters[i]
		}
	}
	return nil
}

var filters = []filter{
	{name: "Abs", takes: []kind{anyKind}, call: abs},
	{name: "Append", takes: []kind{textKind, textKind}, call: appended},
	{name: "AtLeast", takes: []kind{anyKind, anyKind}, call: atLeast},
	{name: "AtMost", takes: []kind{anyKind, anyKind}, call: atMost},
	{name: "Capitalize", takes: []kind{textKind}, call: onText(dotnet.ToTitleCase)},
	{name: "Compact", takes: []kind{anyKind}, call: compact},
	{name: "Currency", takes: []kind{anyKind, textKind}, defaults: []any{nil}, call: currency, check: checkCulture},
	{name: "Date", takes: []kind{anyKind, textKind}, call: date},
	{name: "Default", takes: []kind{textKind, textKind}, call: defaultTo},
	{name: "DividedBy", takes: []kind{anyKind, anyKind}, call: arithmetic(divide)},
	{name: "Downcase", takes: []kind{textKind}, call: onText(dotnet.ToLower)},
	{name: "Escape", takes: []kind{textKind}, call: onText(dotnet.HTMLEncode)},
	{name: "First", takes: []kind{listKind}, call: first},
	{name: "H", takes: []kind{textKind}, call: onText(dotnet.HTMLEncode)},
	{name: "Join", takes: []kind{listKind, textKind}, defaults: []any{" "}, call: join},
	{name: "Last", takes: []kind{listKind}, call: last},
	{name: "Lstrip", takes: []kind{textKind}, call: onText(func(s string) string { return dotnet.Trim(s, nil, true, false) })},
	{name: "Map", takes: []kind{listKind, textKind}, call: mapped},
	{name: "Minus", takes: []kind{anyKind, anyKind}, call: arithmetic(subtract)},
	{name: "Modulo", takes: []kind{anyKind, anyKind}, call: arithmetic(remainder)},
	{name: "NewlineToBr", takes: []kind{textKind}, call: onText(newlineToBr)},
	{name: "Plus", takes: []kind{anyKind, anyKind}, call: plus},
	{name: "Prepend", takes: []kind{textKind, textKind}, call: prepended},
	{name: "Remove", takes: []kind{textKind, textKind}, call: remove},
	{name: "RemoveFirst", takes: []kind{textKind, textKind}, call: removeFirst, check: checkPattern},
	{name: "Replace", takes: []kind{textKind, textKind, textKind}, defaults: []any{""}, call: replace, check: checkPattern},
	{name: "ReplaceFirst", takes: []kind{textKind, textKind, textKind}, defaults: []any{""}, call: replaceFirst, check: checkPattern},
	{name: "Round", takes: []kind{anyKind, anyKind}, defaults: []any{nil}, call: round},
	{name: "Rstrip", takes: []kind{textKind}, call: onText(func(s string) string { return dotnet.Trim(s, nil, false, true) })},
	{name: "Size", takes: []kind{anyKind}, call: size},
	{name: "Slice", takes: []kind{textKind, longKind, longKind}, defaults: []any{int64(1)}, call: slice},
	{name: "Sort", takes: []kind{anyKind, textKind}, defaults: []any{nil}, call: sorted},
	{name: "Split", takes: []kind{textKind, textKind}, call: split},
	{name: "Strip", takes: []kind{textKind}, call: onText(func(s string) string { return dotnet.Trim(s, nil, true, true) })},
	{name: "StripHtml", takes: []kind{textKind}, call: onText(stripHTML)},
	{name: "StripNewlines", takes: []kind{textKind}, call: onText(stripNewlines)},
	{name: "Times", takes: []kind{anyKind, anyKind}, call: times},
	{name: "Truncate", takes: []kind{textKind, intKind, textKind}, defaults: []any{int32(50), "..."}, call: truncate},
	{name: "TruncateWords", takes: []kind{textKind, intKind, textKind}, defaults: []any{int32(15), "..."}, call: truncateWords},
	{name: "Uniq", takes: []kind{anyKind}, call: uniq},
	{name: "Upcase", takes: []kind{textKind}, call: onText(dotnet.ToUpper)},
	{name: "UrlDecode", takes: []kind{textKind}, call: onText(dotnet.URLDecode)},
	{name: "UrlEncode", takes: []kind{textKind}, call: onText(dotnet.URLEncode)},
}

func filterNames() []string {
	names := make([]string, len(filters))
	for i := range filters {
		names[i] = filters[i].name
	}
	return names
}

// filterCall is a filter with its arguments.
type filterCall struct {
	*filter
	place markup
	args  []expression
	// regex is the pattern of Replace and its like where it is a constant, and
	// replacement what Replace puts in its place where that is one, too.
	regex       *dotnet.Regex
	replacement *dotnet.RegexReplacement
}

// parseFilter reads Name: argument, argument; found is false of a piece that does
// not begin with a name, which is passed over as in DotLiquid.
func parseFilter(k markup) (call filterCall, found bool, err error) {
	at := namePattern().FindStringIndex(k.text)
	if at == nil || !onlySpace(k.text[:at[0]]) {
		return filterCall{}, false, nil
	}
	c := filterCall{place: markup{k.text[at[0]:at[1]], k.at + at[0]}}
	name := c.place.text
	if c.filter = filterTable(name); c.filter == nil {
		hint := didYouMean(name, filterNames())
		if hint == "" {
			hint = ": API Management lists none of this name (set-body, supported Liquid filters)"
		}
		return c, false, &Error{c.place.at, fmt.Sprintf("Unknown filter '%s'%s", shortened(name), hint)}
	}
	for _, m := range argumentPattern().FindAllStringSubmatch(k.text[at[1]:], -1) {
		c.args = append(c.args, parseExpression(m[1]))
	}
	most := len(c.takes) - 1
	least := most - len(c.defaults)
	if n := len(c.args); n < least || n > most {
		return c, false, &Error{c.place.at, fmt.Sprintf("Filter '%s' takes %s, not %d", name, arguments(least, most), n)}
	}
	if c.check != nil {
		err = c.check(&c)
	}
	return c, err == nil, err
}

func onlySpace(s string) bool {
	for _, c := range s {
		if c != ' ' && (c < '\t' || c > '\r') {
			return false
		}
	}
	return true
}

// arguments is "1 argument", "1 to 2 arguments".
func arguments(least, most int) string {
	switch {
	case most == 0:
		return "no argument"
	case least == most && most == 1:
		return "1 argument"
	case least == most:
		return fmt.Sprintf("%d arguments", most)
	}
	return fmt.Sprintf("%d to %d arguments", least, most)
}

// constantText is argument n if it is a text in the template.
func (c *filterCall) constantText(n int) (string, bool) {
	if n >= len(c.args) {
		return "", false
	}
	k, ok := c.args[n].(constant)
	if !ok {
		return "", false
	}
	s, ok := k.value.(string)
	return s, ok
}

// apply runs the filter on a value.
func (c *filterCall) apply(r *run, input any) (any, error) {
	if err := r.m.Spend(1); err != nil {
		return nil, err
	}
	var room [4]any
	a := append(room[:0], input)
	for _, e := range c.args {
		v, err := e.eval(r)
		if err != nil {
			return nil, err
		}
		a = append(a, v)
	}
	if missing := len(c.takes) - len(a); missing > 0 {
		a = append(a, c.defaults[len(c.defaults)-missing:]...)
	}
	for i, k := range c.takes {
		v, err := r.convert(a[i], k)
		if err != nil {
			return nil, err
		}
		a[i] = v
	}
	if c.regex != nil {
		a[1] = c.regex
	}
	if c.replacement != nil {
		a[2] = c.replacement
	}
	return c.call(r, a)
}

// convert makes a value one of a kind. Nil stays nil, but is 0 of a number.
func (r *run) convert(v any, to kind) (any, error) {
	if to == listKind {
		if v == nil || isEnumerable(v) {
			return v, nil
		}
		return nil, dotnet.InvalidCast("Invalid cast from '" + r.typeName(v) + "' to 'System.Collections.IEnumerable'.")
	}
	v = plain(v)
	switch to {
	case textKind:
		switch v.(type) {
		case nil, string:
			return v, nil
		}
		if !isConvertible(v) {
			return nil, dotnet.Argument("Object of type '"+r.typeName(v)+"' cannot be converted to type 'System.String'.", "")
		}
		return r.text(v)
	case intKind:
		return toInteger(v)
	case longKind:
		if v == nil {
			return int64(0), nil
		}
		if !isConvertible(v) {
			return nil, dotnet.Argument("Object of type '"+r.typeName(v)+"' cannot be converted to type 'System.Int64'.", "")
		}
		return dotnet.ConvertToInteger[int64](v)
	}
	return v, nil
}

// onText is a filter of a text only; nil stays nil.
func onText(f func(string) string) func(*run, []any) (any, error) {
	return func(r *run, a []any) (any, error) {
		s, ok := a[0].(string)
		if !ok {
			return nil, nil
		}
		if err := r.m.Spend(len(s) / 64); err != nil {
			return nil, err
		}
		s = f(s)
		return s, r.m.Allocate(len(s))
	}
}
