package azureopenai

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// A reader takes one parameter of a request, whose value is valid JSON and not
// null, into q, or says what is wrong with it.
type reader func(q *chatRequest, param string, value json.RawMessage) *refusal

// unread is for a parameter that the service does not look at either.
func unread(*chatRequest, string, json.RawMessage) *refusal { return nil }

// notEmulatedValue refuses a parameter unless its value asks for nothing.
func notEmulatedValue(neutral ...string) reader {
	return func(_ *chatRequest, param string, value json.RawMessage) *refusal {
		for _, n := range neutral {
			if string(value) == n {
				return nil
			}
		}
		return notEmulatedHere(param, param)
	}
}

// decimal checks a number that steers sampling, and so nothing here.
func decimal(low, high float64) reader {
	return func(_ *chatRequest, param string, value json.RawMessage) *refusal {
		return checkDecimal(param, value, low, high)
	}
}

func checkDecimal(param string, value json.RawMessage, low, high float64) *refusal {
	if kind := kindOf(value); kind != "an integer" && kind != "a decimal number" {
		return wrongType(param, "a decimal number", kind)
	}
	// A number beyond a float64 is read as an infinity, which is out of range.
	f, _ := strconv.ParseFloat(string(value), 64)
	switch {
	case f < low:
		return belowMinimum(param, "decimal", formatFloat(low), string(value))
	case f > high:
		return aboveMaximum(param, "decimal", formatFloat(high), string(value))
	}
	return nil
}

func formatFloat(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// integer hands a number between low and high to set.
func integer(low, high int64, set func(q *chatRequest, n int64)) reader {
	return func(q *chatRequest, param string, value json.RawMessage) *refusal {
		n, refused := integerValue(param, value, low, high)
		if refused == nil {
			set(q, n)
		}
		return refused
	}
}

func integerValue(param string, value json.RawMessage, low, high int64) (int64, *refusal) {
	if kind := kindOf(value); kind != "an integer" {
		return 0, wrongType(param, "an integer", kind)
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	below, above := n < low, n > high
	if err != nil { // beyond an int64: n is the nearest one
		below, above = n == math.MinInt64, n == math.MaxInt64
	}
	switch {
	case below:
		return 0, belowMinimum(param, "integer", strconv.FormatInt(low, 10), string(value))
	case above:
		return 0, aboveMaximum(param, "integer", strconv.FormatInt(high, 10), string(value))
	}
	return n, nil
}

// boolean hands true or false to set.
func boolean(set func(q *chatRequest, b bool)) reader {
	return func(q *chatRequest, param string, value json.RawMessage) *refusal {
		var b bool
		if json.Unmarshal(value, &b) != nil {
			return wrongType(param, "a boolean", kindOf(value))
		}
		set(q, b)
		return nil
	}
}

// readText checks a string that changes nothing in an answer.
func readText(_ *chatRequest, param string, value json.RawMessage) *refusal {
	_, refused := stringValue(param, value)
	return refused
}

// readLogitBias checks a map of token numbers to -100..100.
func readLogitBias(_ *chatRequest, param string, value json.RawMessage) *refusal {
	biases, refused := objectValue(param, value)
	if refused != nil {
		return refused
	}
	for _, token := range sortedKeys(biases) {
		if _, err := strconv.ParseUint(token, 10, 32); err != nil {
			return invalidRequest(param, "invalid_value", "Invalid key in 'logit_bias': %s. You should only be submitting non-negative integers.", clip(token))
		}
		if refused := checkDecimal(param+"."+token, biases[token], -100, 100); refused != nil {
			return refused
		}
	}
	return nil
}

// readStop takes one text or several, at which the answer ends.
func readStop(q *chatRequest, param string, value json.RawMessage) *refusal {
	var values []json.RawMessage
	switch kindOf(value) {
	case "a string":
		values = []json.RawMessage{value}
	case "an array":
		if json.Unmarshal(value, &values) != nil || len(values) == 0 {
			return emptyArray(param)
		}
	default:
		return wrongType(param, "a string or an array of strings", kindOf(value))
	}
	if len(values) > 4 {
		return arrayTooLong(param, 4, len(values))
	}
	for _, v := range values {
		s, refused := stringValue(param, v)
		if refused != nil {
			return refused
		}
		if s == "" {
			return invalidRequest(param, "empty_string",
				"Invalid '%s': empty string. Expected a string with minimum length 1, but got an empty string instead.", param)
		}
		q.stop = append(q.stop, s)
	}
	return nil
}

func readStreamOptions(q *chatRequest, param string, value json.RawMessage) *refusal {
	options, refused := objectValue(param, value)
	if refused != nil {
		return refused
	}
	q.streamOptions = true
	for _, name := range sortedKeys(options) {
		if name != "include_usage" {
			return unknownParameter(param + "." + name)
		}
		if isNull(options[name]) {
			continue
		}
		read := boolean(func(q *chatRequest, b bool) { q.includeUsage = b })
		if refused := read(q, param+"."+name, options[name]); refused != nil {
			return refused
		}
	}
	return nil
}

func stringValue(param string, value json.RawMessage) (string, *refusal) {
	var s *string
	if json.Unmarshal(value, &s) != nil || s == nil {
		return "", wrongType(param, "a string", kindOf(value))
	}
	return *s, nil
}

func requiredString(param string, value json.RawMessage) (string, *refusal) {
	if value == nil {
		return "", missingParameter(param)
	}
	return stringValue(param, value)
}

func objectValue(param string, value json.RawMessage) (map[string]json.RawMessage, *refusal) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(value, &fields) != nil || fields == nil {
		return nil, wrongType(param, "an object", kindOf(value))
	}
	return fields, nil
}

// isNull is for a value that is absent, too.
func isNull(value json.RawMessage) bool { return value == nil || string(value) == "null" }

// kindOf names the kind of a JSON value as the messages do.
func kindOf(value json.RawMessage) string {
	switch value[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	if strings.ContainsAny(string(value), ".eE") {
		return "a decimal number"
	}
	return "an integer"
}
