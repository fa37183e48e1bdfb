package entra

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// states are the published keys by state, as ids.
func (l *lab) states() map[string][]string {
	states := map[string][]string{}
	for _, k := range l.srv.Keys() {
		states[k.State] = append(states[k.State], k.ID)
	}
	return states
}

func (l *lab) roll(how Roll) {
	l.t.Helper()
	if err := l.srv.RollKeys(how); err != nil {
		l.t.Fatal(err)
	}
}

// signedWith is the id of the key that a new token is signed with.
func (l *lab) signedWith() string {
	l.t.Helper()
	header, _ := l.mustVerify(l.token(tokenV2, clientCredentials())["access_token"])
	return header["kid"].(string)
}

func (l *lab) wantStates(what string, want map[string][]string) {
	l.t.Helper()
	got := l.states()
	for _, state := range []string{"current", "next", "scheduled", "retired"} {
		g, w := slices.Sorted(slices.Values(got[state])), slices.Sorted(slices.Values(want[state]))
		if !slices.Equal(g, w) {
			l.t.Errorf("%s: %s keys %v, want %v", what, state, g, w)
		}
	}
	if signer := l.signedWith(); signer != want["current"][0] {
		l.t.Errorf("%s: tokens are signed with %s, want %s", what, signer, want["current"][0])
	}
}

func TestRollPublish(t *testing.T) {
	l := newLab(t)
	before := l.states()
	first, reserve := before["current"][0], before["next"][0]
	old := l.token(tokenV2, clientCredentials())["access_token"]

	l.roll(Roll{Mode: RollPublish})
	scheduled := l.states()["scheduled"]
	if len(scheduled) != 1 {
		t.Fatalf("states %v, want a scheduled key", l.states())
	}
	l.clock.Advance(5*time.Minute - time.Second)
	l.wantStates("before 5 minutes", map[string][]string{"current": {first}, "next": {reserve}, "scheduled": scheduled})
	l.clock.Advance(time.Second)
	l.wantStates("after 5 minutes", map[string][]string{"current": scheduled, "next": {reserve}, "retired": {first}})
	l.mustVerify(old) // its key is still published

	l.clock.Advance(24*time.Hour - time.Second)
	l.wantStates("before 24 hours", map[string][]string{"current": scheduled, "next": {reserve}, "retired": {first}})
	l.clock.Advance(time.Second)
	l.wantStates("after 24 hours", map[string][]string{"current": scheduled, "next": {reserve}})
}

func TestRollUse(t *testing.T) {
	l := newLab(t)
	before := l.states()
	l.roll(Roll{Mode: RollUse})
	next := l.states()["next"]
	l.wantStates("use", map[string][]string{"current": before["next"], "next": next, "retired": before["current"]})
	if next[0] == before["next"][0] {
		t.Error("the next key is the current one")
	}

	// A scheduled key comes before the one in reserve.
	l.roll(Roll{Mode: RollPublish})
	scheduled := l.states()["scheduled"]
	l.roll(Roll{Mode: RollUse})
	l.wantStates("use what is scheduled", map[string][]string{
		"current": scheduled, "next": next, "retired": append(before["current"], before["next"]...),
	})
}

func TestRollImmediate(t *testing.T) {
	l := newLab(t)
	before := l.states()
	old := l.token(tokenV2, clientCredentials())["access_token"].(string)
	l.roll(Roll{Mode: RollImmediate})
	now := l.states()["current"]
	if now[0] == before["current"][0] || now[0] == before["next"][0] {
		t.Errorf("current key %v was published before", now)
	}
	l.wantStates("immediate", map[string][]string{"current": now, "next": before["next"], "retired": before["current"]})
	l.mustVerify(old)

	l.roll(Roll{Mode: RollImmediate, RemoveOld: true})
	l.wantStates("removed", map[string][]string{"current": l.states()["current"], "next": before["next"]})
	if _, _, err := l.verify(old); err == nil {
		t.Error("a token of a removed key still verifies")
	}
}

func TestRollErrors(t *testing.T) {
	l := newLab(t)
	before := l.srv.Keys()
	if err := l.srv.RollKeys(Roll{Mode: "spin"}); err == nil || !strings.Contains(err.Error(), `unknown way "spin"`) {
		t.Errorf("unknown mode: %v", err)
	}
	if !slices.Equal(before, l.srv.Keys()) {
		t.Errorf("a failed roll changed the keys: %v, before %v", l.srv.Keys(), before)
	}
	var err error
	rolls := 0
	for ; err == nil && rolls <= maxKeys; rolls++ {
		err = l.srv.RollKeys(Roll{Mode: RollImmediate})
	}
	if err == nil || !strings.Contains(err.Error(), "removeOld") || len(l.srv.Keys()) != maxKeys {
		t.Errorf("after %d rolls: %v with %d keys; want to be told of removeOld at %d", rolls, err, len(l.srv.Keys()), maxKeys)
	}
	l.roll(Roll{Mode: RollImmediate, RemoveOld: true})
	if n := len(l.srv.Keys()); n != 2 {
		t.Errorf("after removing the old: %d keys, want 2", n)
	}
}

func TestStateSurvivesRestart(t *testing.T) {
	dir := filepath.Join(stateDir(t), "made", "by", "New")
	l := newLab(t, func(_ *Config, o *Options) { o.StateDir = dir })
	l.roll(Roll{Mode: RollUse})
	token := l.token(tokenV2, clientCredentials())["access_token"]
	secret, err := l.srv.Secret("daemon")
	if err != nil || !strings.HasPrefix(string(secret), "emulated-") || len(secret) < 40 {
		t.Errorf("generated secret of %d characters, %v", len(secret), err)
	}
	again := newLab(t, func(_ *Config, o *Options) { o.StateDir = dir })
	again.mustVerify(token)
	if got := again.states(); got["current"][0] != l.states()["current"][0] || len(got["retired"]) != 1 {
		t.Errorf("after a restart: keys %v, before %v", got, l.states())
	}
	if got, err := again.srv.Secret(daemonID); err != nil || got != secret {
		t.Errorf("after a restart the generated secret is another (%v)", err)
	}
	other := newLab(t)
	if got, err := other.srv.Secret(daemonID); err != nil || got == secret {
		t.Errorf("another state folder has the same secret (%v)", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 || strings.HasSuffix(e.Name(), ".tmp") {
			t.Errorf("state folder has %s with mode %v, want 0600", e.Name(), info.Mode().Perm())
		}
	}
}

// TestClockWentBack: keys that were taken into use in what is now the future serve.
func TestClockWentBack(t *testing.T) {
	dir := stateDir(t)
	l := newLab(t, func(_ *Config, o *Options) { o.StateDir = dir })
	l.clock.Advance(48 * time.Hour)
	l.roll(Roll{Mode: RollImmediate, RemoveOld: true})
	current := l.states()["current"]
	again := newLab(t, func(_ *Config, o *Options) { o.StateDir = dir })
	if got := again.signedWith(); got != current[0] {
		t.Errorf("signed with %s, want %v", got, current)
	}
	again.roll(Roll{Mode: RollImmediate})
	if got := again.signedWith(); got == current[0] {
		t.Errorf("after a roll still signed with %s", got)
	}
}

func TestUnusableState(t *testing.T) {
	for name, content := range map[string]string{
		"no JSON":       "{",
		"other members": `[{"key":""}]`,
		"no key":        `[{"privateKey":"AAAA","certificate":"AAAA","published":"2026-01-01T00:00:00Z"}]`,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, keysFile), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := New(DefaultConfig(), Options{Clock: exchange.NewVirtualClock(start), StateDir: dir})
		if err == nil || !strings.Contains(err.Error(), keysFile) || !strings.Contains(err.Error(), "delete it") {
			t.Errorf("%s: %v; want an error that names the file and says to delete it", name, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(DefaultConfig(), Options{StateDir: file}); err == nil {
		t.Error("a state folder that is a file is taken")
	}
}

func TestSecretErrors(t *testing.T) {
	l := newLab(t)
	for name, want := range map[string]string{"web": "isn't generated", "nobody": `no app "nobody"`} {
		if _, err := l.srv.Secret(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Secret(%q): %v, want %q", name, err, want)
		}
	}
}
