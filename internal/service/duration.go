package service

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads a duration of ISO 8601 as Azure's resources have them: P1D, PT1H,
// PT10M, PT0.5S. Years and months are refused, because they have no fixed length.
func ParseDuration(s string) (time.Duration, error) {
	bad := fmt.Errorf("%q is no duration of ISO 8601, such as PT1M or P1D", s)
	rest, ok := strings.CutPrefix(s, "P")
	if !ok {
		return 0, bad
	}
	days, clock, timed := strings.Cut(rest, "T")
	total, left, err := units(days, []durationUnit{{'W', 7 * 24 * time.Hour}, {'D', 24 * time.Hour}})
	if err != nil || left != "" || timed == (clock == "") || s == "P" {
		return 0, bad
	}
	more, left, err := units(clock, []durationUnit{{'H', time.Hour}, {'M', time.Minute}, {'S', time.Second}})
	if err != nil || left != "" || total > math.MaxInt64-more {
		return 0, bad
	}
	return total + more, nil
}

type durationUnit struct {
	letter byte
	length time.Duration
}

// units reads numbers, each with one of the letters, in their order. Only seconds may
// have a fraction.
func units(s string, known []durationUnit) (total time.Duration, left string, err error) {
	for _, u := range known {
		number, rest, found := strings.Cut(s, string(u.letter))
		if !found {
			continue
		}
		if strings.Trim(number, "0123456789.") != "" || u.length > time.Second && strings.Contains(number, ".") {
			return 0, s, strconv.ErrSyntax
		}
		value, err := strconv.ParseFloat(number, 64)
		length := value * float64(u.length)
		if err != nil || length > math.MaxInt64/4 {
			return 0, s, strconv.ErrRange
		}
		total, s = total+time.Duration(length), rest
	}
	return total, s, nil
}
