package azureopenai

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/internal/tokencount"
)

// maxTools is how many tools a request may have (azure-openai.md 2.1).
const maxTools = 128

var functionPattern = pattern.Lazy(`^[A-Za-z0-9_-]{1,64}$`)

// tool is a function that an answer may call.
type tool struct {
	name, description string
	parameters        json.RawMessage // a schema; nil is none
}

// counted is what of the tool the model reads.
func (t tool) counted() tokencount.Function {
	return tokencount.Function{Name: t.name, Description: t.description, Parameters: t.parameters}
}

// sample is arguments that fit the parameters.
func (t tool) sample() (string, *refusal) {
	if t.parameters == nil {
		return "{}", nil
	}
	value, err := sampleOf(t.parameters)
	if err != nil {
		return "", notEmulatedHere("tools", fmt.Sprintf("calls of function %s, for whose parameters it finds no arguments (%v); give them under azureOpenAI.answers, or leave tool_choice out,", t.name, err))
	}
	return string(encode(value)), nil
}

// toolChoice is tool_choice: which tools an answer may, or has to, call. The zero value is
// "auto".
type toolChoice struct {
	none, required bool
	function       string // the one that it has to
}

// mayCall reports whether an answer may call all of these.
func (q *chatRequest) mayCall(calls []ToolCall) bool {
	if q.choice.none {
		return false
	}
	return !slices.ContainsFunc(calls, func(c ToolCall) bool {
		return !q.offers(c.Name) || q.choice.function != "" && q.choice.function != c.Name
	})
}

func (q *chatRequest) offers(name string) bool {
	return slices.ContainsFunc(q.tools, func(t tool) bool { return t.name == name })
}

// forcedTool is the tool that an answer has to call where no rule says which; "" if none.
func (q *chatRequest) forcedTool() string {
	switch {
	case q.choice.function != "":
		return q.choice.function
	case q.choice.required:
		return q.tools[0].name
	}
	return ""
}

func readTools(q *chatRequest, param string, value json.RawMessage) *refusal {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil {
		return wrongType(param, "an array of objects", kindOf(value))
	}
	switch {
	case len(list) == 0:
		return emptyArray(param)
	case len(list) > maxTools:
		return arrayTooLong(param, maxTools, len(list))
	}
	for i, value := range list {
		t, refused := readTool(fmt.Sprintf("%s[%d]", param, i), value)
		if refused != nil {
			return refused
		}
		q.tools = append(q.tools, t)
	}
	return nil
}

func readTool(param string, value json.RawMessage) (t tool, refused *refusal) {
	function, refused := readFunction(param, value)
	if refused != nil {
		return t, refused
	}
	param += ".function"
	for _, name := range sortedKeys(function) {
		if !slices.Contains([]string{"name", "description", "parameters", "strict"}, name) {
			return t, unknownParameter(param + "." + name)
		}
	}
	if t.name, refused = requiredString(param+".name", function["name"]); refused != nil {
		return t, refused
	}
	if !functionPattern().MatchString(t.name) {
		return t, invalidRequest(param+".name", "invalid_value",
			"Invalid '%s.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$', at most 64 long.", param)
	}
	if !isNull(function["description"]) {
		if t.description, refused = stringValue(param+".description", function["description"]); refused != nil {
			return t, refused
		}
	}
	strict, refused := optionalBool(param+".strict", function["strict"])
	if refused != nil || isNull(function["parameters"]) {
		return t, refused
	}
	t.parameters = function["parameters"]
	place := schemaPlace{param: param + ".parameters", of: "function '" + t.name + "'", code: "invalid_function_parameters"}
	return t, place.check(t.parameters, strict)
}

// readFunction takes {"type": "function", "function": {...}} apart, which tools, choices
// and calls are.
func readFunction(param string, value json.RawMessage) (function map[string]json.RawMessage, refused *refusal) {
	fields, refused := objectValue(param, value)
	if refused != nil {
		return nil, refused
	}
	kind, refused := requiredString(param+".type", fields["type"])
	switch {
	case refused != nil:
		return nil, refused
	case kind != "function":
		return nil, wrongValue(param+".type", kind, "function")
	case fields["function"] == nil:
		return nil, missingParameter(param + ".function")
	}
	return objectValue(param+".function", fields["function"])
}

func optionalBool(param string, value json.RawMessage) (b bool, refused *refusal) {
	if isNull(value) {
		return false, nil
	}
	if json.Unmarshal(value, &b) != nil {
		return false, wrongType(param, "a boolean", kindOf(value))
	}
	return b, nil
}

// withTools refuses a parameter that says something of tools where there are none.
func withTools(q *chatRequest, param string) *refusal {
	if q.tools == nil {
		return invalidRequest(param, "", "Invalid value for '%s': '%[1]s' is only allowed when 'tools' are specified.", param)
	}
	return nil
}

func readToolChoice(q *chatRequest, param string, value json.RawMessage) *refusal {
	if kindOf(value) != "an object" {
		choice, refused := stringValue(param, value)
		if refused != nil {
			return wrongType(param, "one of 'none', 'auto', 'required' or an object", kindOf(value))
		}
		switch choice {
		case "auto":
		case "none":
			q.choice.none = true
			return nil // it may stand without tools
		case "required":
			q.choice.required = true
		default:
			return wrongValue(param, choice, "none", "auto", "required")
		}
		return withTools(q, param)
	}
	function, refused := readFunction(param, value)
	if refused != nil {
		return refused
	}
	if q.choice.function, refused = requiredString(param+".function.name", function["name"]); refused != nil {
		return refused
	}
	if refused := withTools(q, param); refused != nil {
		return refused
	}
	if !q.offers(q.choice.function) {
		return invalidRequest(param, "", "Tool choice '%s' not found in 'tools' parameter.", clip(q.choice.function))
	}
	return nil
}

func readParallelToolCalls(q *chatRequest, param string, value json.RawMessage) (refused *refusal) {
	if q.parallelCalls, refused = optionalBool(param, value); refused != nil {
		return refused
	}
	return withTools(q, param)
}

// calledTool is a call that the conversation tells of.
type calledTool struct{ id, name, arguments string }

func readCalledTools(param string, value json.RawMessage) ([]calledTool, *refusal) {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil {
		return nil, wrongType(param, "an array of objects", kindOf(value))
	}
	switch {
	case len(list) == 0:
		return nil, emptyArray(param)
	case len(list) > maxTools:
		return nil, arrayTooLong(param, maxTools, len(list))
	}
	calls := make([]calledTool, len(list))
	for i, value := range list {
		var refused *refusal
		if calls[i], refused = readCalledTool(fmt.Sprintf("%s[%d]", param, i), value); refused != nil {
			return nil, refused
		}
	}
	return calls, nil
}

func readCalledTool(param string, value json.RawMessage) (c calledTool, refused *refusal) {
	function, refused := readFunction(param, value)
	if refused != nil {
		return c, refused
	}
	fields, _ := objectValue(param, value) // readFunction has taken it apart
	if c.id, refused = requiredString(param+".id", fields["id"]); refused != nil {
		return c, refused
	}
	if c.name, refused = requiredString(param+".function.name", function["name"]); refused != nil {
		return c, refused
	}
	c.arguments, refused = requiredString(param+".function.arguments", function["arguments"])
	return c, refused
}

// openCalls are the calls of the last assistant message that have no result yet. The
// texts are OpenAI's.
type openCalls struct {
	ids   []string
	place string // of the message after the calls
	calls bool   // the message before has calls, or is a result of some
}

// follow takes the next message of a conversation.
func (o *openCalls) follow(place string, m chatMessage) *refusal {
	if m.Role == "tool" {
		i := slices.Index(o.ids, m.callID)
		switch {
		case !o.calls:
			return invalidRequest(place+".role", "", "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.")
		case i < 0:
			return invalidRequest(place+".tool_call_id", "", "Invalid parameter: 'tool_call_id' of '%s' not found in 'tool_calls' of previous message.", clip(m.callID))
		}
		o.ids = slices.Delete(o.ids, i, i+1)
		return nil
	}
	if len(o.ids) > 0 {
		o.place = place
		return o.end()
	}
	o.calls = len(m.calls) > 0
	o.place = place
	for _, c := range m.calls {
		o.ids = append(o.ids, c.id)
	}
	return nil
}

// end refuses calls without results.
func (o *openCalls) end() *refusal {
	if len(o.ids) == 0 {
		return nil
	}
	return invalidRequest(o.place+".role", "", "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "+
		"The following tool_call_ids did not have response messages: %s", clip(strings.Join(o.ids, ", ")))
}
