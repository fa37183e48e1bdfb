package dotnet

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/dlclark/regexp2"
)

// How long the search for one match may take. .NET has no limit unless one is
// given, and an expression could then run for years (^(a+)+$), so that none
// counts as DefaultRegexTime. A limit that is given counts up to MaxRegexTime.
const (
	DefaultRegexTime = time.Second
	MaxRegexTime     = 10 * time.Second
)

// MaxRegexPattern is how many bytes a pattern may have: compiling takes time that
// grows with it.
const MaxRegexPattern = 32 << 10

// InfiniteMatchTimeout is Regex.InfiniteMatchTimeout.
const InfiniteMatchTimeout TimeSpan = -TicksPerMillisecond

// Regex is a Regex: a compiled pattern. It is safe for use by several goroutines.
type Regex struct {
	pattern string
	options RegexOptions
	timeout TimeSpan
	program *regexProgram
}

// regexProgram is what a pattern compiles to. Its engines keep the texts of their
// last runs, so that it has one that is never run, and long texts and unusual
// limits are given a copy.
type regexProgram struct {
	pristine, usual *regexp2.Regexp
	// later is for the search after an empty match, where \G cannot match; nil if
	// the pattern has none.
	later   *regexp2.Regexp
	folds   bool     // the input has dottedI for U+0130
	numbers []int    // of the groups, in order
	names   []string // of the groups
}

// NewRegex is new Regex(pattern, options, matchTimeout).
func NewRegex(pattern string, options RegexOptions, timeout TimeSpan) (*Regex, error) {
	if err := options.check(); err != nil {
		return nil, err
	}
	const longest = 2147483646 * TicksPerMillisecond
	if timeout != InfiniteMatchTimeout && (timeout <= 0 || timeout > longest) {
		return nil, ArgumentOutOfRange("matchTimeout", outOfRange)
	}
	program, err := programs.get(pattern, options&regexInner)
	if err != nil {
		return nil, err
	}
	return &Regex{pattern, options, timeout, program}, nil
}

// Pattern is the pattern as it was given.
func (r *Regex) Pattern() string { return r.pattern }

// Options are the options as they were given.
func (r *Regex) Options() RegexOptions { return r.options }

// MatchTimeout is the limit as it was given.
func (r *Regex) MatchTimeout() TimeSpan { return r.timeout }

// RightToLeft tells that the search goes from the end to the start.
func (r *Regex) RightToLeft() bool { return r.options&RegexRightToLeft != 0 }

// GroupNames are the groups' names, in the order of their numbers.
func (r *Regex) GroupNames() []string { return r.program.names }

// GroupNumbers are the groups' numbers, in order.
func (r *Regex) GroupNumbers() []int { return r.program.numbers }

// GroupName is the name of a group's number; "" if there is none.
func (r *Regex) GroupName(number int) string {
	if i := r.program.slot(number); i >= 0 {
		return r.program.names[i]
	}
	return ""
}

// GroupNumber is the number of a group's name; -1 if there is none.
func (r *Regex) GroupNumber(name string) int {
	if i := slices.Index(r.program.names, name); i >= 0 {
		return r.program.numbers[i]
	}
	return -1
}

// GroupIndex is where the group of a number stands in a match's Groups; -1 if
// there is none.
func (r *Regex) GroupIndex(number int) int { return r.program.slot(number) }

func (p *regexProgram) slot(number int) int {
	i, found := slices.BinarySearch(p.numbers, number)
	if !found {
		return -1
	}
	return i
}

// limit is how long a search may take.
func (r *Regex) limit() time.Duration {
	if r.timeout == InfiniteMatchTimeout {
		return DefaultRegexTime
	}
	return min(time.Duration(min(r.timeout, TicksPerDay))*100, MaxRegexTime)
}

// engine is what searches an input of some length: after an empty match, if later.
func (r *Regex) engine(length int, later bool) *regexp2.Regexp {
	const short = 4096
	p, limit := r.program, r.limit()
	if later && p.later != nil {
		e := *p.later
		e.MatchTimeout = limit
		return &e
	}
	if length <= short && limit == DefaultRegexTime {
		return p.usual
	}
	e := *p.pristine
	e.MatchTimeout = limit
	return &e
}

// programs are the patterns that were compiled last.
var programs regexCache

// regexCache keeps what was used lately. It has two generations: when the young
// one is full it becomes the old one, and what is used of that comes back.
type regexCache struct {
	mu         sync.Mutex
	young, old map[regexKey]*regexProgram
}

type regexKey struct {
	pattern string
	options RegexOptions
}

// cachedRegexes is how many patterns a generation has.
const cachedRegexes = 200

func (c *regexCache) get(pattern string, options RegexOptions) (*regexProgram, error) {
	key := regexKey{pattern, options}
	if p := c.find(key); p != nil {
		return p, nil
	}
	p, err := compileRegex(pattern, options)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(key, p)
	return p, nil
}

func (c *regexCache) find(key regexKey) *regexProgram {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.young[key]; p != nil {
		return p
	}
	p := c.old[key]
	if p != nil {
		c.keep(key, p)
	}
	return p
}

func (c *regexCache) keep(key regexKey, p *regexProgram) {
	if c.young == nil || len(c.young) >= cachedRegexes {
		c.old, c.young = c.young, make(map[regexKey]*regexProgram)
	}
	c.young[key] = p
}

// compileRegex translates and compiles a pattern.
func compileRegex(pattern string, options RegexOptions) (p *regexProgram, err error) {
	if len(pattern) > MaxRegexPattern {
		return nil, Argument("The pattern has more than "+strconv.Itoa(MaxRegexPattern)+" bytes, which the emulator does not compile.", "pattern")
	}
	translated, err := readRegex(pattern, options)
	if err != nil {
		return nil, err
	}
	p = &regexProgram{folds: translated.folds}
	if p.pristine, err = compileEngine(pattern, translated.text, options); err != nil {
		return nil, err
	}
	usual := *p.pristine
	usual.MatchTimeout = DefaultRegexTime
	p.usual = &usual
	if translated.later != "" {
		if p.later, err = compileEngine(pattern, translated.later, options); err != nil {
			return nil, err
		}
	}
	p.numbers, p.names = p.pristine.GetGroupNumbers(), p.pristine.GetGroupNames()
	return p, nil
}

// compileEngine compiles what a pattern was translated to. It cannot fail unless
// the engine reads it in yet another way.
func compileEngine(pattern, translated string, options RegexOptions) (engine *regexp2.Regexp, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = regexError(pattern, 0, fmt.Sprint(p))
		}
	}()
	engine, err = regexp2.Compile(translated, regexp2.RegexOptions(options))
	if err != nil {
		return nil, regexError(pattern, 0, err.Error())
	}
	return engine, nil
}
