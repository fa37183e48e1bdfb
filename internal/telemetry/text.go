package telemetry

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Handler serves the metrics in Prometheus' text format, version 0.0.4.
func (m *Metrics) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var text []byte
		for _, r := range m.read() {
			text = r.appendText(text)
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.Write(text) // who has gone needs none
	})
}

var (
	escapeHelp  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	escapeLabel = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

// appendText writes a family: nothing if it has no series.
func (r *reading) appendText(text []byte) []byte {
	if len(r.points) == 0 {
		return text
	}
	text = append(text, "# HELP "+r.Name+" "+escapeHelp.Replace(r.Help)+"\n# TYPE "+r.Name+" "+r.Type+"\n"...)
	for _, p := range r.points {
		labels := r.labelsText(p.labels)
		line := func(suffix, more string, value []byte) {
			text = append(append(text, r.Name...), suffix...)
			if all := strings.TrimPrefix(labels+more, ","); all != "" {
				text = append(append(append(text, '{'), all...), '}')
			}
			text = append(append(append(text, ' '), value...), '\n')
		}
		if r.Type == counter || r.Type == gauge {
			line("", "", appendValue(p.value))
			continue
		}
		if r.Type == histogram {
			below := uint64(0)
			for i, n := range p.buckets {
				bound := []byte("+Inf")
				if i < len(durations) {
					bound = appendValue(durations[i])
				}
				below += n
				line("_bucket", `,le="`+string(bound)+`"`, appendValue(float64(below)))
			}
		}
		line("_sum", "", appendValue(p.sum))
		line("_count", "", strconv.AppendUint(nil, p.count, 10))
	}
	return text
}

// labelsText are name="value" of all labels, in the order of their names.
func (r *reading) labelsText(values []string) string {
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = r.Labels[i] + `="` + escapeLabel.Replace(value) + `"`
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}

func appendValue(value float64) []byte { return strconv.AppendFloat(nil, value, 'g', -1, 64) }
