package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Cultures. Expressions run in the invariant one; besides it there is en-US.
// Another is refused by name where it is made, since what is formatted by it
// would be silently wrong.

const cultureType = "System.Globalization.CultureInfo"

// cultureObject is a CultureInfo. The two names of a culture are those that it
// goes by in code and in English.
type cultureObject struct {
	name, english string
	numbers       *numberFormat
	dates         *dateFormat
	readOnly      bool
}

var (
	invariantCulture = &cultureObject{name: "", english: "Invariant Language (Invariant Country)", numbers: invariantNumbers, dates: invariantDates, readOnly: true}
	// namelessCulture is found by the name "", and is another object, as in .NET.
	namelessCulture = &cultureObject{name: "", english: invariantCulture.english, numbers: invariantNumbers, dates: invariantDates, readOnly: true}
	americanCulture = &cultureObject{name: "en-US", english: "English (United States)", numbers: americanNumbers, dates: americanDates, readOnly: true}
	englishCulture  = &cultureObject{name: "en", english: "English", numbers: americanNumbers, dates: americanDates, readOnly: true}
)

// DotnetType is part of Object.
func (c *cultureObject) DotnetType() *Type { return typeOf(cultureType) }

// ToString is part of Texter.
func (c *cultureObject) ToString(*Machine) (string, error) { return c.name, nil }

// EqualTo is part of Equaler.
func (c *cultureObject) EqualTo(_ *Machine, other any) (bool, error) {
	o, ok := other.(*cultureObject)
	return ok && o.name == c.name, nil
}

func cultureOf(v any) *cultureObject { return v.(*cultureObject) }

// findCulture is a culture by its name.
func findCulture(v any) (*cultureObject, error) {
	name, err := textArg(v, "name")
	if err != nil {
		return nil, err
	}
	for _, c := range []*cultureObject{invariantCulture, americanCulture, englishCulture} {
		if strings.EqualFold(c.name, name) {
			return c, nil
		}
	}
	e := dotnet.Argument("Culture '"+name+"' is not available: expressions can use the invariant culture and en-US.", "name")
	e.Type = "System.Globalization.CultureNotFoundException"
	return nil, e
}

// newCulture is a culture whose formats can be changed.
func newCulture(_ *Machine, a []any) (any, error) {
	c, err := findCulture(a[0])
	if err != nil {
		return nil, err
	}
	return c.writable(), nil
}

func (c *cultureObject) writable() *cultureObject {
	clone := *c
	clone.numbers, clone.dates, clone.readOnly = c.numbers.writable(), c.dates.writable(), false
	return &clone
}

func getCulture(_ *Machine, a []any) (any, error) {
	c, err := findCulture(a[0])
	if c == invariantCulture {
		c = namelessCulture
	}
	return c, err
}

// letterCodes are what a culture's language is called for short.
func letterCodes(c *cultureObject, invariant, english string) string {
	if c.name == "" {
		return invariant
	}
	return english
}

var _ = declare("class "+cultureType+" : System.IFormatProvider, System.ICloneable", func() []memberDecl {
	return []memberDecl{
		member("new(string name)", newCulture),
		member("new(string name, bool useUserOverride)", newCulture),
		member("static System.Globalization.CultureInfo InvariantCulture { get; }", always(invariantCulture)),
		member("static System.Globalization.CultureInfo CurrentCulture { get; }", always(invariantCulture)),
		member("static System.Globalization.CultureInfo CurrentUICulture { get; }", always(invariantCulture)),
		member("static System.Globalization.CultureInfo InstalledUICulture { get; }", always(invariantCulture)),
		member("static System.Globalization.CultureInfo GetCultureInfo(string name)", getCulture),
		member("static System.Globalization.CultureInfo CreateSpecificCulture(string name)", getCulture),
		member("static System.Globalization.CultureInfo ReadOnly(System.Globalization.CultureInfo ci)", func(_ *Machine, a []any) (any, error) { return a[0], nil }),
		member("string Name { get; }", pure1(func(c *cultureObject) string { return c.name })),
		member("string EnglishName { get; }", pure1(func(c *cultureObject) string { return c.english })),
		member("string DisplayName { get; }", pure1(func(c *cultureObject) string { return c.english })),
		member("string NativeName { get; }", pure1(func(c *cultureObject) string { return c.english })),
		member("string TwoLetterISOLanguageName { get; }", pure1(func(c *cultureObject) string { return letterCodes(c, "iv", "en") })),
		member("string ThreeLetterISOLanguageName { get; }", pure1(func(c *cultureObject) string { return letterCodes(c, "ivl", "eng") })),
		member("int LCID { get; }", pure1(func(c *cultureObject) int32 { return map[string]int32{"": 127, "en": 9, "en-US": 1033}[c.name] })),
		member("bool IsNeutralCulture { get; }", pure1(func(c *cultureObject) bool { return c.name == "en" })),
		member("bool IsReadOnly { get; }", pure1(func(c *cultureObject) bool { return c.readOnly })),
		member("System.Globalization.CultureInfo Parent { get; }", pure1(func(c *cultureObject) *cultureObject {
			if c.name == "en-US" {
				return englishCulture
			}
			return invariantCulture
		})),
		member("System.Globalization.NumberFormatInfo NumberFormat { get; set; }", pure1(func(c *cultureObject) *numberFormat { return c.numbers }), func(_ *Machine, a []any) (any, error) {
			f, ok := a[1].(*numberFormat)
			if !ok {
				return nil, dotnet.ArgumentNull("value")
			}
			if cultureOf(a[0]).readOnly {
				return nil, readOnlyInstance()
			}
			cultureOf(a[0]).numbers = f
			return nil, nil
		}),
		member("System.Globalization.DateTimeFormatInfo DateTimeFormat { get; set; }", pure1(func(c *cultureObject) *dateFormat { return c.dates }), func(_ *Machine, a []any) (any, error) {
			f, ok := a[1].(*dateFormat)
			if !ok {
				return nil, dotnet.ArgumentNull("value")
			}
			if cultureOf(a[0]).readOnly {
				return nil, readOnlyInstance()
			}
			cultureOf(a[0]).dates = f
			return nil, nil
		}),
		member("System.Globalization.Calendar Calendar { get; }", always(gregorian)),
		member("System.Globalization.TextInfo TextInfo { get; }", pure1(func(c *cultureObject) *textInfo { return &textInfo{c} })),
		member("object Clone()", pure1((*cultureObject).writable)),
		member("string ToString()", toText),
	}
})

func readOnlyInstance() error { return dotnet.InvalidOperation("Instance is read-only.") }

var _ = exception("System.Globalization.CultureNotFoundException", "System.ArgumentException", "Culture is not supported.")

// textInfo is a TextInfo.
type textInfo struct{ culture *cultureObject }

// DotnetType is part of Object.
func (*textInfo) DotnetType() *Type { return typeOf("System.Globalization.TextInfo") }

// ToString is part of Texter.
func (t *textInfo) ToString(*Machine) (string, error) { return "TextInfo - " + t.culture.name, nil }

var _ = declare("class System.Globalization.TextInfo", func() []memberDecl {
	return []memberDecl{
		member("string CultureName { get; }", pure1(func(t *textInfo) string { return t.culture.name })),
		member("string ListSeparator { get; }", always(",")),
		member("bool IsReadOnly { get; }", always(true)),
		member("string ToUpper(string str)", inTextInfo(dotnet.ToUpper)),
		member("string ToLower(string str)", inTextInfo(dotnet.ToLower)),
		member("string ToTitleCase(string str)", inTextInfo(dotnet.ToTitleCase)),
		member("string ToString()", toText),
	}
})

func inTextInfo(f func(string) string) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		s, err := textArg(a[1], "str")
		if err != nil {
			return nil, err
		}
		return f(s), m.Allocate(len(s))
	}
}
