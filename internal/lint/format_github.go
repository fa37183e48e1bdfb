package lint

import (
	"fmt"
	"io"
	"strings"
)

// WriteGitHub writes findings as commands of a GitHub Actions log, which become
// annotations of the changed lines.
func (r *Report) WriteGitHub(w io.Writer) error {
	var b strings.Builder
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	for _, f := range r.Findings {
		command := f.Severity.String()
		if f.Severity == Note {
			command = "notice"
		}
		fmt.Fprintf(&b, "::%s file=%s,line=%d,col=%d,endLine=%d,endColumn=%d,title=%s::%s\n", command, property.Replace(slashed(f.Path)), f.Line, f.Column, f.EndLine, f.EndColumn,
			property.Replace(f.Rule), data.Replace(f.Message))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func slashed(path string) string { return strings.ReplaceAll(path, `\`, "/") }
