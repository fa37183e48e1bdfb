package liquid

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Replace, ReplaceFirst and RemoveFirst take a regular expression, as in version
// 2.0: the templates that API Management generates rely on it, Replace: '\r',
// '\r' and Replace: '([^\\](\\\\)*)"', '$1\"'.

// regexTimeout ends a search that runs away. DotLiquid's is 10 seconds.
const regexTimeout = dotnet.TimeSpan(1 * dotnet.TicksPerSecond)

// checkPattern compiles a pattern that is a constant.
func checkPattern(c *filterCall) error {
	pattern, ok := c.constantText(0)
	if !ok || pattern == "" {
		return nil
	}
	regex, err := dotnet.NewRegex(pattern, 0, regexTimeout)
	if err != nil {
		return &Error{c.place.at, "Filter '" + c.name + "': " + err.Error()}
	}
	c.regex = regex
	if with, ok := c.constantText(1); ok && c.name == "Replace" {
		if c.replacement, err = regex.NewReplacement(with); err != nil {
			return &Error{c.place.at, "Filter '" + c.name + "': " + err.Error()}
		}
	}
	return nil
}

// replacing is what Replace and its like have in common: a text without anything
// in it stays, and so does one where the pattern is empty.
func replacing(r *run, a []any) (regex *dotnet.Regex, in *dotnet.RegexInput, err error) {
	s, _ := a[0].(string)
	if s == "" {
		return nil, nil, nil
	}
	regex, ok := a[1].(*dotnet.Regex)
	if !ok {
		pattern := textOf(a[1])
		if pattern == "" {
			return nil, nil, nil
		}
		if err := r.m.Spend(50); err != nil {
			return nil, nil, err
		}
		if regex, err = dotnet.NewRegex(pattern, 0, regexTimeout); err != nil {
			return nil, nil, err
		}
	}
	return regex, dotnet.NewRegexInput(s), r.m.Allocate(4 * len(s))
}

func replace(r *run, a []any) (any, error) {
	regex, in, err := replacing(r, a)
	if err != nil || regex == nil {
		return a[0], err
	}
	replacement, ok := a[2].(*dotnet.RegexReplacement)
	if !ok {
		with, ok := a[2].(string)
		if !ok {
			return nil, dotnet.ArgumentNull("replacement")
		}
		if replacement, err = regex.NewReplacement(with); err != nil {
			return nil, err
		}
	}
	return r.searched(regex.Replace(in, -1, regex.Start(in.Len()), func(m *dotnet.RegexMatch) (string, error) {
		s := replacement.Of(m)
		if err := r.m.Spend(1); err != nil {
			return "", err
		}
		return s, r.m.Allocate(len(s))
	}))
}

// searched is made for a text that a search made. One that ran out of time counts
// as much as many steps, so that a loop can't go on with it for long.
func (r *run) searched(s string, err error) (any, error) {
	if e, ok := err.(*dotnet.Exception); ok && strings.HasSuffix(e.Type, "RegexMatchTimeoutException") {
		if err := r.m.Spend(expr.MaxSteps / 4); err != nil {
			return nil, err
		}
	}
	return r.made(s, err)
}

// replaceFirst takes the replacement as it is, without substitutions.
func replaceFirst(r *run, a []any) (any, error) {
	regex, in, err := replacing(r, a)
	if err != nil || regex == nil {
		return a[0], err
	}
	return r.searched(regex.Replace(in, 1, regex.Start(in.Len()), func(*dotnet.RegexMatch) (string, error) {
		return textOf(a[2]), nil
	}))
}

func removeFirst(r *run, a []any) (any, error) {
	if isBlank(a[0]) {
		return a[0], nil
	}
	return replaceFirst(r, []any{a[0], a[1], ""})
}
