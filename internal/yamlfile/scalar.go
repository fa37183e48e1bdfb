package yamlfile

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/apimulator/apimulator/internal/pattern"
)

// plain is what stands in YAML without quotes and is a text.
var plain = pattern.Lazy(`^[A-Za-z/][A-Za-z0-9/._?=&-]*( [A-Za-z0-9/._?=&-]+)*$`)

// reserved are words that YAML takes for something else.
var reserved = pattern.Lazy(`(?i)^(true|false|null|yes|no|on|off|y|n)$`)

// printable is what stands in single quotes as it is.
var printable = pattern.Lazy(`^[ -~]+$`)

// Scalar is a text as it stands in YAML: in quotes where it needs them.
func Scalar(s string) string {
	if plain().MatchString(s) && !reserved().MatchString(s) {
		return s
	}
	if strings.ContainsAny(s, `"\`) && printable().MatchString(s) {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'" // which reads better
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is not read by a browser
	if err := e.Encode(s); err != nil {
		panic(err) // a string has its JSON
	}
	return strings.TrimSuffix(b.String(), "\n")
}
