package dotnet

import (
	"errors"
	"testing"
)

// TestCompositeFormatAsksForTexts: the caller's function gets each argument with
// its format, and its error ends the formatting.
func TestCompositeFormatAsksForTexts(t *testing.T) {
	var asked []string
	text, err := CompositeFormat("{1:x}{0}", []any{"a", "b"}, func(arg any, format string) (string, error) {
		asked = append(asked, arg.(string)+"/"+format)
		return "<" + arg.(string) + ">", nil
	})
	if err != nil || text != "<b><a>" || len(asked) != 2 || asked[0] != "b/x" || asked[1] != "a/" {
		t.Errorf("got %q, %v, asked %q", text, err, asked)
	}
	broken := errors.New("no text")
	_, err = CompositeFormat("{0}", []any{1}, func(any, string) (string, error) { return "", broken })
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}
