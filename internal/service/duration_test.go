package service_test

import (
	"testing"
	"time"

	"github.com/apimulator/apimulator/internal/service"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"PT1M": time.Minute, "P1D": 24 * time.Hour, "PT1H30M": 90 * time.Minute, "P1W": 7 * 24 * time.Hour, "P2DT3H4M5S": 51*time.Hour + 4*time.Minute + 5*time.Second,
		"PT0.5S": time.Second / 2, "PT0S": 0,
	} {
		if got, err := service.ParseDuration(text); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "P", "PT", "P1DT", "1m", "PT1", "P1M", "P1Y", "PT1M1H", "PT1.5H", "PT-1S", "PT..S", "pt1m", "P99999999999D", "PT1S ", "PTS"} {
		if got, err := service.ParseDuration(text); err == nil {
			t.Errorf("%q is read as %s", text, got)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{"PT1M", "P1DT1H", "PT0.5S", "P1W", "P", "PT", "P1M"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := service.ParseDuration(text); err == nil && d < 0 {
			t.Errorf("%q is %s", text, d)
		}
	})
}
