package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Seconds is a time to wait as Retry-After has it: whole seconds, rounded up.
func Seconds(wait time.Duration) int64 { return int64((wait + time.Second - 1) / time.Second) }

// MessageTryAgain is what a client is told beside message: when a rate allows its next
// call (observed.md 3.1 and 3.3).
func MessageTryAgain(message string, wait time.Duration) string {
	return strings.TrimSuffix(message, ".") + ". Try again in " + strconv.FormatInt(Seconds(wait), 10) + " seconds."
}

// MessageTryAgainWords is MessageTryAgain with the time in words, the two largest units
// (observed.md 3.5).
func MessageTryAgainWords(message string, wait time.Duration) string {
	s := Seconds(wait)
	var words []string
	for _, unit := range []struct {
		name    string
		seconds int64
	}{{"day", 24 * 60 * 60}, {"hour", 60 * 60}, {"minute", 60}, {"second", 1}} {
		n := s / unit.seconds
		s %= unit.seconds
		if n == 0 || len(words) == 2 {
			continue
		}
		word := strconv.FormatInt(n, 10) + " " + unit.name
		if n > 1 {
			word += "s"
		}
		words = append(words, word)
	}
	return strings.TrimSuffix(message, ".") + ". Try again in " + strings.Join(words, " and ") + "."
}

// MessageOutOfQuota is the text of a quota that is used up; what is "call volume" or
// "bandwidth". A wait of 0 says that it is never replenished, of which no source has the
// text. From a day on the time is as .NET writes it, 2.03:04:05, since the page has
// xx:xx:xx and nothing newer is recorded (observed.md 3.12).
func MessageOutOfQuota(what string, wait time.Duration) string {
	message := "Out of " + what + " quota."
	if wait <= 0 {
		return message
	}
	s := Seconds(wait)
	days := ""
	if d := s / (24 * 60 * 60); d > 0 {
		days = strconv.FormatInt(d, 10) + "."
	}
	return fmt.Sprintf("%s Quota will be replenished in %s%02d:%02d:%02d.", message, days, s/3600%24, s/60%60, s%60)
}
