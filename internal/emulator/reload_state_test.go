package emulator

import (
	"net/http"
	"testing"
)

// limited is a policy that takes three calls and answers them with a text.
func limited(text string) string {
	return document(`<rate-limit-by-key calls="3" renewal-period="300" counter-key="all" />
<return-response><set-body>` + text + `</set-body></return-response>`)
}

// TestLimitAcrossReloads: what a limit has counted is not forgotten with its policy.
func TestLimitAcrossReloads(t *testing.T) {
	l := newLab(t, files{"apim.yaml": sayingService, "policy.xml": limited("one")}, withWatch)
	l.checkSays("one")
	l.checkSays("one")
	l.replace("policy.xml", limited("two"))
	l.log.await(t, reloaded)
	l.checkSays("two")
	if got := l.get("/"); got.status != http.StatusTooManyRequests {
		t.Errorf("the fourth call: %d %q, want 429", got.status, got.body)
	}
}
