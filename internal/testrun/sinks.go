package testrun

import (
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/internal/store"
	"github.com/apimulator/apimulator/internal/yamlfile"
)

// sinksExpect is what policies have to emit and log in a step: all of it, in order. A
// list that is left out is not looked at.
type sinksExpect struct {
	yamlfile.Place
	Metrics *[]metricExpect `yaml:"metrics"`
	Events  *[]eventExpect  `yaml:"events"`
}

// metricExpect is one measurement.
type metricExpect struct {
	yamlfile.Place
	Name       textExpect       `yaml:"name"`
	Namespace  textExpect       `yaml:"namespace"`
	Value      *placed[float64] `yaml:"value"`
	Dimensions linesExpect      `yaml:"dimensions"`
}

// eventExpect is one message for an event hub.
type eventExpect struct {
	yamlfile.Place
	Logger       textExpect    `yaml:"logger"`
	PartitionID  textExpect    `yaml:"partitionId"`
	PartitionKey textExpect    `yaml:"partitionKey"`
	Body         textExpect    `yaml:"body"`
	JSON         membersExpect `yaml:"json"`
}

// sinks holds what was emitted and logged in a step against expectations.
func (j *judge) sinks(e *sinksExpect, o *outcome) {
	if e == nil {
		return
	}
	if e.Metrics != nil {
		j.metrics(e, o.metrics)
	}
	if e.Events != nil {
		j.loggedEvents(e, o.events)
	}
}

func (j *judge) metrics(e *sinksExpect, got []store.EmittedMetric) {
	want := *e.Metrics
	if len(want) != len(got) {
		var list []string
		for _, m := range got {
			list = append(list, "+ "+metricLine(m))
		}
		j.fail(e.Place, fmt.Sprintf("metrics: expected %d, got %d", len(want), len(got)), list...)
	}
	for i := range min(len(want), len(got)) {
		w, m, what := &want[i], got[i], fmt.Sprintf("metric %d: ", i+1)
		j.text(what+"name", &w.Name, m.Name, true)
		j.text(what+"namespace", &w.Namespace, m.Namespace, m.Namespace != "")
		if w.Value != nil && w.Value.value != m.Value {
			j.failf(w.Value.Place, "%svalue: expected %g, got %g", what, w.Value.value, m.Value)
		}
		j.lines(what+"dimension", w.Dimensions, func(name string) []string {
			var values []string
			for _, d := range m.Dimensions {
				if d.Name == name {
					values = append(values, d.Value)
				}
			}
			return values
		})
	}
}

// metricLine is a measurement on one line.
func metricLine(m store.EmittedMetric) string {
	line := fmt.Sprintf("%s (%s) = %g", m.Name, m.Namespace, m.Value)
	for _, d := range m.Dimensions {
		line += fmt.Sprintf(" %s=%q", d.Name, d.Value)
	}
	return line
}

func (j *judge) loggedEvents(e *sinksExpect, got []store.LoggedEvent) {
	want := *e.Events
	if len(want) != len(got) {
		var list []string
		for _, l := range got {
			list = append(list, fmt.Sprintf("+ %s: %s", l.Logger, strings.ReplaceAll(string(l.Body), "\n", " ")))
		}
		j.fail(e.Place, fmt.Sprintf("events: expected %d, got %d", len(want), len(got)), list...)
	}
	for i := range min(len(want), len(got)) {
		w, l, what := &want[i], got[i], fmt.Sprintf("event %d: ", i+1)
		j.text(what+"logger", &w.Logger, l.Logger, true)
		j.text(what+"partitionId", &w.PartitionID, l.PartitionID, l.PartitionID != "")
		j.text(what+"partitionKey", &w.PartitionKey, l.PartitionKey, l.PartitionKey != "")
		j.text(what+"body", &w.Body, string(l.Body), len(l.Body) > 0)
		j.json(what+"body", w.JSON, l.Body)
	}
}
