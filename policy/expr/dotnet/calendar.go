package dotnet

// WeekOfYear is Calendar.GetWeekOfYear of the Gregorian calendar: rule 0 counts
// from the first day of the year, 1 from the first full week and 2 from the first
// week with four days; first is the day that weeks begin with.
func WeekOfYear(t DateTime, rule, first int64) (int32, error) {
	if first < 0 || first > 6 {
		return 0, ArgumentOutOfRange("firstDayOfWeek", "Valid values are between Sunday and Saturday, inclusive.")
	}
	switch rule {
	case 0:
		return weekFromFirstDay(t, first), nil
	case 1:
		return weekFromFull(t, first, 7), nil
	case 2:
		return weekFromFull(t, first, 4), nil
	}
	return 0, ArgumentOutOfRange("rule", "Valid values are between FirstDay and FirstFourDayWeek, inclusive.")
}

func weekFromFirstDay(t DateTime, first int64) int32 {
	day := int64(t.DayOfYear()) - 1
	newYear := int64(t.DayOfWeek()) - day%7 // the weekday of 1 January
	return int32((day+(newYear-first+14)%7)/7 + 1)
}

// weekFromFull counts from the first week that has at least so many days in the
// year; days before it belong to the last week of the year before.
func weekFromFull(t DateTime, first, atLeast int64) int32 {
	day := int64(t.DayOfYear()) - 1
	newYear := int64(t.DayOfWeek()) - day%7
	start := (first - newYear + 14) % 7 // the first day that a week begins with
	if start >= atLeast {
		start -= 7
	}
	if day >= start {
		return int32((day-start)/7 + 1)
	}
	lastYear, err := t.AddTicks(-(day + 1) * TicksPerDay)
	if err != nil {
		return weekBeforeAll(newYear, first, atLeast)
	}
	return weekFromFull(lastYear, first, atLeast)
}

// weekBeforeAll is for the first days of year 1, before which there is no other:
// .NET counts as if the year before had 365 days.
func weekBeforeAll(newYear, first, atLeast int64) int32 {
	const lastDay = 364
	start := (first - (newYear - 1 - lastDay%7) + 14) % 7
	day := lastDay - start
	if start >= atLeast {
		day += 7
	}
	return int32(day/7 + 1)
}
