package ai

import "time"

// quotaPeriod is the period of a token quota that is at a time: it begins where UTC is cut
// down to its unit. Chosen: a week begins on Monday, as ISO 8601 has it.
func quotaPeriod(unit string, now time.Time) (start, end time.Time) {
	now = now.UTC()
	year, month, day := now.Date()
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	switch unit {
	case "Hourly":
		start = now.Truncate(time.Hour)
		return start, start.Add(time.Hour)
	case "Daily":
		return midnight, midnight.AddDate(0, 0, 1)
	case "Weekly":
		start = midnight.AddDate(0, 0, -(int(now.Weekday())+6)%7)
		return start, start.AddDate(0, 0, 7)
	case "Monthly":
		start = time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		return start, start.AddDate(0, 1, 0)
	}
	start = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	return start, start.AddDate(1, 0, 0)
}
