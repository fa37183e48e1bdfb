package expr

import (
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

const regexNamespace = "System.Text.RegularExpressions."

var _ = declareEnum("flags enum "+regexNamespace+"RegexOptions", EnumValue{"None", 0}, EnumValue{"IgnoreCase", 1}, EnumValue{"Multiline", 2},
	EnumValue{"ExplicitCapture", 4}, EnumValue{"Compiled", 8}, EnumValue{"Singleline", 16}, EnumValue{"IgnorePatternWhitespace", 32},
	EnumValue{"RightToLeft", 64}, EnumValue{"ECMAScript", 256}, EnumValue{"CultureInvariant", 512})

var _ = delegate(regexNamespace+"MatchEvaluator", "string Invoke(Match match)")

// What a pattern with a mistake gives. It is not public in .NET.
var _ = declare("class " + regexNamespace + "RegexParseException : System.ArgumentException")

var _ = declare("class "+regexNamespace+"Regex", func() []memberDecl {
	return []memberDecl{
		member("new(string pattern)", newRegex),
		member("new(string pattern, RegexOptions options)", newRegex),
		member("new(string pattern, RegexOptions options, TimeSpan matchTimeout)", newRegex),
		member("RegexOptions Options { get; }", func(_ *Machine, a []any) (any, error) {
			return EnumObject{typeOf(regexNamespace + "RegexOptions"), int64(regexArg(a).Options())}, nil
		}),
		member("bool RightToLeft { get; }", func(_ *Machine, a []any) (any, error) { return regexArg(a).RightToLeft(), nil }),
		member("TimeSpan MatchTimeout { get; }", func(_ *Machine, a []any) (any, error) { return regexArg(a).MatchTimeout(), nil }),
		member("static TimeSpan InfiniteMatchTimeout { get; }", always(dotnet.InfiniteMatchTimeout)),
		member("static int CacheSize { get; set; }", always(int32(15)), always(nil)),
		member("string[] GetGroupNames()", func(_ *Machine, a []any) (any, error) { return texts(regexArg(a).GroupNames()), nil }),
		member("int[] GetGroupNumbers()", func(_ *Machine, a []any) (any, error) {
			var numbers []any
			for _, n := range regexArg(a).GroupNumbers() {
				numbers = append(numbers, int32(n))
			}
			return NewArray(basic.int, numbers), nil
		}),
		member("string GroupNameFromNumber(int i)", func(_ *Machine, a []any) (any, error) { return regexArg(a).GroupName(intArg(a[1])), nil }),
		member("int GroupNumberFromName(string name)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a[1:], "name"); err != nil {
				return nil, err
			}
			return int32(regexArg(a).GroupNumber(a[1].(string))), nil
		}),
		member("static string Escape(string str)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a, "str"); err != nil {
				return nil, err
			}
			return dotnet.EscapeRegex(a[0].(string)), m.Allocate(2 * len(a[0].(string)))
		}),
		member("static string Unescape(string str)", func(m *Machine, a []any) (any, error) {
			if err := notNull(a, "str"); err != nil {
				return nil, err
			}
			if err := m.Allocate(len(a[0].(string))); err != nil {
				return nil, err
			}
			return dotnet.UnescapeRegex(a[0].(string))
		}),

		member("bool IsMatch(string input)", ofRegex(regexIsMatch)),
		member("bool IsMatch(string input, int startat)", ofRegex(regexIsMatch)),
		member("static bool IsMatch(string input, string pattern)", withPattern(2, regexIsMatch)),
		member("static bool IsMatch(string input, string pattern, RegexOptions options)", withPattern(2, regexIsMatch)),
		member("static bool IsMatch(string input, string pattern, RegexOptions options, TimeSpan matchTimeout)", withPattern(2, regexIsMatch)),
		member("Match Match(string input)", ofRegex(regexMatch)),
		member("Match Match(string input, int startat)", ofRegex(regexMatch)),
		member("Match Match(string input, int beginning, int length)", ofRegex(regexMatch)),
		member("static Match Match(string input, string pattern)", withPattern(2, regexMatch)),
		member("static Match Match(string input, string pattern, RegexOptions options)", withPattern(2, regexMatch)),
		member("static Match Match(string input, string pattern, RegexOptions options, TimeSpan matchTimeout)", withPattern(2, regexMatch)),
		member("MatchCollection Matches(string input)", ofRegex(regexMatches)),
		member("MatchCollection Matches(string input, int startat)", ofRegex(regexMatches)),
		member("static MatchCollection Matches(string input, string pattern)", withPattern(2, regexMatches)),
		member("static MatchCollection Matches(string input, string pattern, RegexOptions options)", withPattern(2, regexMatches)),
		member("static MatchCollection Matches(string input, string pattern, RegexOptions options, TimeSpan matchTimeout)", withPattern(2, regexMatches)),

		member("string Replace(string input, string replacement)", ofRegex(regexReplace)),
		member("string Replace(string input, string replacement, int count)", ofRegex(regexReplace)),
		member("string Replace(string input, string replacement, int count, int startat)", ofRegex(regexReplace)),
		member("string Replace(string input, MatchEvaluator evaluator)", ofRegex(regexEvaluate)),
		member("string Replace(string input, MatchEvaluator evaluator, int count)", ofRegex(regexEvaluate)),
		member("string Replace(string input, MatchEvaluator evaluator, int count, int startat)", ofRegex(regexEvaluate)),
		member("static string Replace(string input, string pattern, string replacement)", withPattern(3, regexReplace)),
		member("static string Replace(string input, string pattern, string replacement, RegexOptions options)", withPattern(3, regexReplace)),
		member("static string Replace(string input, string pattern, string replacement, RegexOptions options, TimeSpan matchTimeout)", withPattern(3, regexReplace)),
		member("static string Replace(string input, string pattern, MatchEvaluator evaluator)", withPattern(3, regexEvaluate)),
		member("static string Replace(string input, string pattern, MatchEvaluator evaluator, RegexOptions options)", withPattern(3, regexEvaluate)),
		member("static string Replace(string input, string pattern, MatchEvaluator evaluator, RegexOptions options, TimeSpan matchTimeout)", withPattern(3, regexEvaluate)),
		member("string[] Split(string input)", ofRegex(regexSplit)),
		member("string[] Split(string input, int count)", ofRegex(regexSplit)),
		member("string[] Split(string input, int count, int startat)", ofRegex(regexSplit)),
		member("static string[] Split(string input, string pattern)", withPattern(2, regexSplit)),
		member("static string[] Split(string input, string pattern, RegexOptions options)", withPattern(2, regexSplit)),
		member("static string[] Split(string input, string pattern, RegexOptions options, TimeSpan matchTimeout)", withPattern(2, regexSplit)),
	}
})

// regexObject is a Regex.
type regexObject struct{ *dotnet.Regex }

// DotnetType is part of Object.
func (*regexObject) DotnetType() *Type { return typeOf(regexNamespace + "Regex") }

// ToString is part of Texter.
func (r *regexObject) ToString(*Machine) (string, error) { return r.Pattern(), nil }

func regexArg(a []any) *dotnet.Regex { return a[0].(*regexObject).Regex }

func newRegex(m *Machine, a []any) (any, error) {
	r, err := makeRegex(m, a[0], a[1:])
	if err != nil {
		return nil, err
	}
	return &regexObject{r}, nil
}

// makeRegex compiles a pattern, or finds it compiled; how are options and time
// limit, as far as they are given.
func makeRegex(m *Machine, pattern any, how []any) (*dotnet.Regex, error) {
	if pattern == nil {
		return nil, dotnet.ArgumentNull("pattern")
	}
	options, timeout := dotnet.RegexOptions(0), dotnet.InfiniteMatchTimeout
	if len(how) > 0 {
		options = dotnet.RegexOptions(how[0].(EnumObject).Value)
	}
	if len(how) > 1 {
		timeout = how[1].(dotnet.TimeSpan)
	}
	var r *dotnet.Regex
	err := m.timed(func() (err error) {
		r, err = dotnet.NewRegex(pattern.(string), options, timeout)
		return err
	})
	return r, err
}

// timed counts a step for each microsecond that work takes, so that no number of
// slow searches goes on for long.
func (m *Machine) timed(work func() error) error {
	begin := exchange.System.Now()
	if err := work(); err != nil {
		return err
	}
	return m.Spend(1 + int(exchange.System.Now().Sub(begin)/time.Microsecond))
}

// regexFunc is a method of Regex: a are its arguments, the input first.
type regexFunc func(m *Machine, r *dotnet.Regex, a []any) (any, error)

// ofRegex is an instance method.
func ofRegex(f regexFunc) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) { return f(m, regexArg(a), a[1:]) }
}

// withPattern is a static method, whose second argument is the pattern and whose
// arguments from the n-th on say how it is meant.
func withPattern(n int, f regexFunc) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		r, err := makeRegex(m, a[1], a[n:])
		if err != nil {
			return nil, err
		}
		if n == 2 {
			return f(m, r, a[:1])
		}
		return f(m, r, []any{a[0], a[2]})
	}
}

// inputArg is an input prepared for searching.
func inputArg(m *Machine, v any) (*dotnet.RegexInput, error) {
	if v == nil {
		return nil, dotnet.ArgumentNull("input")
	}
	if err := m.Allocate(4 * len(v.(string))); err != nil {
		return nil, err
	}
	return dotnet.NewRegexInput(v.(string)), nil
}

// startArg is argument i if it is given, else where a search starts.
func startArg(r *dotnet.Regex, in *dotnet.RegexInput, a []any, i int) int {
	if len(a) > i {
		return intArg(a[i])
	}
	return r.Start(in.Len())
}

// countArg is argument i if it is given.
func countArg(a []any, i, otherwise int) int {
	if len(a) > i {
		return intArg(a[i])
	}
	return otherwise
}

func regexIsMatch(m *Machine, r *dotnet.Regex, a []any) (any, error) {
	in, err := inputArg(m, a[0])
	if err != nil {
		return nil, err
	}
	found, start := false, startArg(r, in, a, 1)
	err = m.timed(func() (err error) {
		found, err = r.IsMatch(in, start)
		return err
	})
	return found, err
}

func regexReplace(m *Machine, r *dotnet.Regex, a []any) (any, error) {
	if err := notNull(a, "input", "replacement"); err != nil {
		return nil, err
	}
	in, err := inputArg(m, a[0])
	if err != nil {
		return nil, err
	}
	replacement, err := r.NewReplacement(a[1].(string))
	if err != nil {
		return nil, err
	}
	begin := exchange.System.Now()
	return r.Replace(in, countArg(a, 2, -1), startArg(r, in, a, 3), func(found *dotnet.RegexMatch) (string, error) {
		s := replacement.Of(found)
		return s, m.searched(&begin, len(s)+32)
	})
}

// searched counts the time since begin, which it sets to now, and what was made.
func (m *Machine) searched(begin *time.Time, made int) error {
	now := exchange.System.Now()
	spent := now.Sub(*begin)
	*begin = now
	if err := m.Spend(1 + int(spent/time.Microsecond)); err != nil {
		return err
	}
	return m.Allocate(made)
}

func regexEvaluate(m *Machine, r *dotnet.Regex, a []any) (any, error) {
	if err := notNull(a, "input", "evaluator"); err != nil {
		return nil, err
	}
	in, err := inputArg(m, a[0])
	if err != nil {
		return nil, err
	}
	begin, evaluator := exchange.System.Now(), a[1]
	return r.Replace(in, countArg(a, 2, -1), startArg(r, in, a, 3), func(found *dotnet.RegexMatch) (string, error) {
		if err := m.searched(&begin, matchSize); err != nil {
			return "", err
		}
		s, err := m.Invoke(evaluator, newMatch(found))
		begin = exchange.System.Now()
		return text(s), err
	})
}

func regexSplit(m *Machine, r *dotnet.Regex, a []any) (any, error) {
	in, err := inputArg(m, a[0])
	if err != nil {
		return nil, err
	}
	begin := exchange.System.Now()
	parts, err := r.Split(in, countArg(a, 1, 0), startArg(r, in, a, 2), func(found *dotnet.RegexMatch) error {
		return m.searched(&begin, 64*len(found.Groups))
	})
	if err != nil {
		return nil, err
	}
	return texts(parts), m.Allocate(16 * len(parts))
}
