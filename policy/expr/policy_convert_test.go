package expr

import (
	"encoding/json"
	"strings"
	"testing"
)

// Whatever the text, converting ends with a text or an exception, and JSON without
// comments is JSON.
func FuzzXMLToJSON(f *testing.F) {
	for _, text := range []string{"<a/>", `<?xml version="1.0"?><!--c--><a b="1">x<c/>y<c>1</c></a>`, `<n:a xmlns:n="u"><![CDATA[x]]></n:a>`, "<!DOCTYPE a><a/>", "<a"} {
		f.Add(text, false, false)
		f.Add(text, true, true)
	}
	f.Fuzz(func(t *testing.T, text string, friendly, arrays bool) {
		got, err := (&XMLToJSON{Friendly: friendly, Arrays: arrays}).Convert(&Machine{}, text)
		if err == nil && !strings.Contains(text, "<!") && !json.Valid([]byte(got)) {
			t.Errorf("%q comes to %s", text, got)
		}
	})
}

func FuzzJSONToXML(f *testing.F) {
	for _, text := range []string{"{}", `{"a": [1, {"@b": 2}]}`, `[1, {"a": null}]`, `{"x_a": {"xmlns_x": "u", "attrs": {"b": 1}}}`, `{"": 1}`, `{"?xml": {"@version": "1.0"}, "a": 1}`, "{"} {
		f.Add(text, "_", "xmlns", "attrs")
	}
	f.Fuzz(func(_ *testing.T, text, separator, prefix, block string) {
		_, _ = (&JSONToXML{Separator: separator, NamespacePrefix: prefix, AttributeBlock: block}).Convert(&Machine{}, text)
	})
}
