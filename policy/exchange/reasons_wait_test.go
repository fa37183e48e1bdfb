package exchange

import (
	"testing"
	"time"
)

func TestMessagesOfWaiting(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct{ got, want string }{
		{MessageTryAgain(MessageRateLimitExceeded, 56*time.Second+1), "Rate limit is exceeded. Try again in 57 seconds."},
		{MessageTryAgain(MessageTokenLimitExceeded, 41*time.Second), "Token limit is exceeded. Try again in 41 seconds."},
		{MessageTryAgainWords(MessageTokenQuotaExceeded, 21*time.Minute+33*time.Second), "Token quota is exceeded. Try again in 21 minutes and 33 seconds."},
		{MessageTryAgainWords(MessageTokenQuotaExceeded, 23*time.Hour), "Token quota is exceeded. Try again in 23 hours."},
		{MessageTryAgainWords(MessageTokenQuotaExceeded, 2*day+time.Hour+3*time.Minute), "Token quota is exceeded. Try again in 2 days and 1 hour."},
		{MessageTryAgainWords(MessageTokenQuotaExceeded, time.Second), "Token quota is exceeded. Try again in 1 second."},
		{MessageOutOfQuota("call volume", 30*time.Minute+2*time.Second), "Out of call volume quota. Quota will be replenished in 00:30:02."},
		{MessageOutOfQuota("bandwidth", 2*day+3*time.Hour+4*time.Minute+5*time.Second), "Out of bandwidth quota. Quota will be replenished in 2.03:04:05."},
		{MessageOutOfQuota("bandwidth", 0), "Out of bandwidth quota."},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
