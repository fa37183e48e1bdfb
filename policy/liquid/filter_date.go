package liquid

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// date writes a date, or a text that .NET reads as one, in a .NET format. "now"
// and "today" are the present time. What is no date stays.
func date(r *run, a []any) (any, error) {
	if a[0] == nil {
		return nil, nil
	}
	d, isDate := a[0].(dotnet.DateTime)
	if !isDate {
		s, err := r.text(a[0])
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(s, "now") || strings.EqualFold(s, "today") {
			d, isDate = dotnet.Now(r.now()), true
		} else {
			d, err = dotnet.ParseDateTime(s, dotnet.DateTimeStylesNone, r.now())
			if ok, failure := dotnet.Tried(err); failure != nil {
				return nil, failure
			} else if !ok || isBlank(a[1]) {
				return s, nil
			}
		}
	}
	if isBlank(a[1]) {
		return r.made(dotnet.ToString(d), nil)
	}
	return r.made(r.m.Format(d, a[1].(string)))
}

// currency writes a number as an amount of money, by the invariant culture, whose
// sign is ¤, or by the one that is named. There are no others than en-US.
func currency(r *run, a []any) (any, error) {
	if a[0] == nil {
		return nil, dotnet.NullReference()
	}
	s, err := r.text(a[0])
	if err != nil {
		return nil, err
	}
	d, err := dotnet.ParseDecimal(s, dotnet.NumberStylesNumber)
	if ok, failure := dotnet.Tried(err); failure != nil {
		return nil, failure
	} else if !ok {
		return s, nil
	}
	culture := textOf(a[1])
	if !isCulture(culture) {
		return nil, &problem{message: unknownCulture(culture)}
	}
	amount, err := d.ToString("C")
	if err == nil && dotnet.Trim(culture, nil, true, true) != "" {
		amount = american(amount)
	}
	return r.made(amount, err)
}

// american is an amount as en-US writes it: -$1.00, not (¤1.00).
func american(amount string) string {
	amount = strings.Replace(amount, "¤", "$", 1)
	if inside, negative := strings.CutPrefix(amount, "("); negative {
		return "-" + strings.TrimSuffix(inside, ")")
	}
	return amount
}

func isCulture(name string) bool {
	name = dotnet.Trim(name, nil, true, true)
	return name == "" || strings.EqualFold(name, "en-US")
}

func unknownCulture(name string) string {
	return "Culture '" + name + "' is not emulated; the invariant one and en-US are."
}

// checkCulture refuses a culture that is not there.
func checkCulture(c *filterCall) error {
	if name, ok := c.constantText(0); ok && !isCulture(name) {
		return &Error{c.place.at, "Filter 'Currency': " + unknownCulture(name)}
	}
	return nil
}
