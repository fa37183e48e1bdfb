package testrun

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// json holds what JSON paths find in a text against values.
func (j *judge) json(what string, want membersExpect, text []byte) {
	if want == nil {
		return
	}
	root, err := newtonsoft.Parse(string(text), newtonsoft.ParseOptions{KeepDates: true})
	for _, e := range want {
		at := yamlfile.PlaceOf(e.value)
		if err != nil {
			j.fail(at, what+" is not JSON", shown("+ ", string(text))...)
			return
		}
		tokens, err := newtonsoft.SelectTokens(root, e.name, false)
		name := what + " at " + e.name
		switch {
		case err != nil:
			j.failf(at, "%s: %s", name, oneLine(err.Error()))
		case len(tokens) == 0:
			j.fail(at, name+": there is nothing", shown("+ ", newtonsoft.Write(root, newtonsoft.Indented))...)
		case e.text.wants():
			j.text(name, &e.text, newtonsoft.Text(tokens[0]), true)
		default:
			got := newtonsoft.Write(tokens[0], newtonsoft.Compact)
			if len(tokens) > 1 {
				got = "["
				for i, t := range tokens {
					if i > 0 {
						got += ","
					}
					got += newtonsoft.Write(t, newtonsoft.Compact)
				}
				got += "]"
			}
			j.value(name, e.value, got)
		}
	}
}

// value holds JSON against a value as it is written.
func (j *judge) value(what string, want ast.Node, got string) {
	if sameJSON(want, got) {
		return
	}
	expected, err := jsonOf(want)
	if err != nil {
		j.failf(yamlfile.PlaceOf(want), "%s: %s", what, err)
		return
	}
	if isScalar(want) && len(expected)+len(got) < 100 {
		j.failf(yamlfile.PlaceOf(want), "%s: expected %s, got %s", what, expected, got)
		return
	}
	j.fail(yamlfile.PlaceOf(want), what+" is different (- expected, + got)", Diff(indented(expected), indented([]byte(got)))...)
}

func indented(data []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, data, "", "  ") != nil {
		return string(data)
	}
	return b.String()
}

// sameJSON reports whether a text in JSON is a value; members may stand in any order,
// and numbers be written in any way.
func sameJSON(want ast.Node, got string) bool {
	expected, err := jsonOf(want)
	if err != nil {
		return false
	}
	var a, b any
	if json.Unmarshal(expected, &a) != nil || json.Unmarshal([]byte(got), &b) != nil {
		return false
	}
	return reflect.DeepEqual(a, b)
}

// values holds variables, or what is in a cache, against values; null: it is not set, or
// null.
func (j *judge) values(kind string, want membersExpect, get func(name string) (any, bool)) {
	for _, e := range want {
		at, what := yamlfile.PlaceOf(e.value), kind+" "+e.name
		value, set := get(e.name)
		isNull := e.value.Type() == ast.NullType
		switch {
		case isNull && set && value != nil:
			j.failf(at, "%s: expected none, got %q", what, valueText(value))
		case isNull:
		case !set:
			j.failf(at, "%s is not set", what)
		case e.text.wants():
			j.text(what, &e.text, valueText(value), true)
		case !isScalar(e.value):
			j.value(what, e.value, valueText(value))
		default:
			if got := valueText(value); got != yamlfile.ScalarText(e.value) {
				j.differs(at, what, yamlfile.ScalarText(e.value), got)
			}
		}
	}
}

// valueText is a value as a test writes it: what ToString gives, but true
// and false as in YAML, and JSON on one line.
func valueText(value any) string {
	switch v := value.(type) {
	case bool:
		return fmt.Sprint(v)
	case *newtonsoft.Value:
	case newtonsoft.Token:
		return newtonsoft.Write(v, newtonsoft.Compact)
	}
	m := &expr.Machine{Context: context.Background(), Clock: exchange.System}
	text, err := m.Text(value)
	if err != nil {
		return fmt.Sprintf("(a %T that has no text)", value)
	}
	return text
}
