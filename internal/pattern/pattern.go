// Package pattern has regular expressions that are compiled when they are first used. Those
// of a package that a start doesn't use would take it time else: together they are a
// millisecond.
package pattern

import (
	"regexp"
	"sync"
)

// Lazy is a regular expression in a package's variable:
//
//	var digits = pattern.Lazy(`^[0-9]+$`)
//
//	if digits().MatchString(s) {
//
// One that can't be compiled panics when it is first used, as regexp.MustCompile does.
//
//go:noinline
func Lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
