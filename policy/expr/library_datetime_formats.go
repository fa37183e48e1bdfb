package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// allPatterns are what DateTime.GetDateTimeFormats writes for a standard format: a
// culture has several patterns for most. The invariant culture's are asked of
// .NET Core 3.1.
func allPatterns(format string) []string {
	times := []string{"HH:mm", "hh:mm tt", "HH:mm", "h:mm tt"}
	after := func(dates ...string) []string {
		var all []string
		for _, d := range dates {
			for _, t := range times {
				all = append(all, d+" "+t)
			}
		}
		return all
	}
	const short, iso, long = "MM/dd/yyyy", "yyyy-MM-dd", "dddd, dd MMMM yyyy"
	switch format {
	case "d":
		return []string{short, iso}
	case "f":
		return after(long)
	case "g":
		return after(short, iso)
	case "G":
		return []string{short + " HH:mm:ss", iso + " HH:mm:ss"}
	case "t":
		return times
	}
	return []string{format}
}

func dateTimeFormats(m *Machine, a []any) (any, error) {
	var texts []any
	for _, format := range "dDfFgGmMoOrRstTuUyY" {
		all, err := formatAll(a[0], string(format))
		if err != nil {
			return nil, err
		}
		texts = append(texts, all...)
	}
	return NewArray(basic.string, texts), m.Allocate(1000)
}

// dateTimeFormatsOf is GetDateTimeFormats of one format.
func dateTimeFormatsOf(m *Machine, a []any) (any, error) {
	texts, err := formatAll(a[0], a[1].(dotnet.Char).String())
	if err != nil {
		return nil, err
	}
	return NewArray(basic.string, texts), m.Allocate(500)
}

func formatAll(date any, format string) ([]any, error) {
	var texts []any
	for _, pattern := range allPatterns(format) {
		s, err := timeOf(date).ToString(pattern)
		if err != nil {
			return nil, err
		}
		texts = append(texts, s)
	}
	return texts, nil
}
