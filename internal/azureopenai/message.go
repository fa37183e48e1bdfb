package azureopenai

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/internal/tokencount"
)

const maxMessages = 2048

// developerSince is the version that brought the role developer.
const developerSince = "2024-12-01"

var authorPattern = pattern.Lazy(`^[^\s<|\\/>]{1,64}$`)

// readMessages takes the conversation: what the model reads, for counting, and the
// last user message, which rules look at and an echo repeats.
func readMessages(q *chatRequest, param string, value json.RawMessage) *refusal {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil {
		return wrongType(param, "an array of objects", kindOf(value))
	}
	switch {
	case len(list) == 0:
		return emptyArray(param)
	case len(list) > maxMessages:
		return arrayTooLong(param, maxMessages, len(list))
	}
	var open openCalls
	for i, value := range list {
		place := fmt.Sprintf("messages.[%d]", i)
		m, refused := readMessage(place, value, q.version)
		if refused != nil {
			return refused
		}
		if refused := open.follow(place, m); refused != nil {
			return refused
		}
		q.add(m)
	}
	return open.end()
}

// add takes a message that has been read.
func (q *chatRequest) add(m chatMessage) {
	q.messages = append(q.messages, m.counted())
	switch m.Role {
	case "user":
		q.lastUser, q.toolResults = strings.Join(m.Content, "\n"), nil
	case "tool":
		q.toolResults = append(q.toolResults, strings.Join(m.Content, "\n"))
	default:
		q.toolResults = nil
	}
}

// chatMessage is a message, read.
type chatMessage struct {
	tokencount.Message
	calls  []calledTool
	callID string // that a message of role tool answers
}

// counted is what of the message the model reads. What calls count is not published;
// here it is their names and arguments, as in the answer that they were in (chosen).
func (m chatMessage) counted() tokencount.Message {
	for _, c := range m.calls {
		m.Content = append(m.Content, c.name, c.arguments)
	}
	return m.Message
}

// readMessage reads one message; param is its place.
func readMessage(param string, value json.RawMessage, v version) (m chatMessage, refused *refusal) {
	fields, refused := objectValue(param, value)
	if refused != nil {
		return m, refused
	}
	if m.Role, refused = readRole(param+".role", fields["role"], v); refused != nil {
		return m, refused
	}
	if refused := checkMessageFields(param, fields, m.Role); refused != nil {
		return m, refused
	}
	if !isNull(fields["tool_calls"]) {
		if m.calls, refused = readCalledTools(param+".tool_calls", fields["tool_calls"]); refused != nil {
			return m, refused
		}
	}
	if m.Role == "tool" {
		if m.callID, refused = requiredString(param+".tool_call_id", fields["tool_call_id"]); refused != nil {
			return m, refused
		}
	}
	if len(m.calls) == 0 || !isNull(fields["content"]) {
		if m.Content, refused = readContent(param+".content", fields["content"]); refused != nil {
			return m, refused
		}
	}
	if isNull(fields["name"]) {
		return m, nil
	}
	if m.Name, refused = stringValue(param+".name", fields["name"]); refused != nil {
		return m, refused
	}
	if !authorPattern().MatchString(m.Name) {
		return m, invalidRequest(param+".name", "invalid_value",
			`Invalid '%s.name': string does not match pattern. Expected a string that matches the pattern '^[^\s<|\\/>]+$', at most 64 long.`, param)
	}
	return m, nil
}

// checkMessageFields refuses fields that a message of the role does not have, or that are
// not emulated.
func checkMessageFields(param string, fields map[string]json.RawMessage, role string) *refusal {
	for _, name := range sortedKeys(fields) {
		switch name {
		case "role", "content", "name":
			continue
		case "tool_calls", "tool_call_id":
			if isNull(fields[name]) || name == "tool_calls" && role == "assistant" || name == "tool_call_id" && role == "tool" {
				continue
			}
		case "function_call", "refusal", "audio", "annotations":
			if isNull(fields[name]) || string(fields[name]) == "[]" { // what an answer had is sent back
				continue
			}
			return notEmulatedHere(param+"."+name, name+" in a message")
		}
		return unknownParameter(param + "." + name)
	}
	return nil
}

func readRole(param string, value json.RawMessage, v version) (string, *refusal) {
	role, refused := requiredString(param, value)
	if refused != nil {
		return "", refused
	}
	supported := []string{"system", "assistant", "user", "function", "tool"}
	if v.has(developerSince) {
		supported = append(supported, "developer")
	}
	for _, s := range supported {
		switch {
		case s != role:
		case role == "function":
			return "", notEmulatedHere(param, "messages of role "+role)
		default:
			return role, nil
		}
	}
	return "", wrongValue(param, role, supported...)
}

// readContent reads a message's text: a string, or parts of which each is one.
func readContent(param string, value json.RawMessage) ([]string, *refusal) {
	if value == nil {
		return nil, missingParameter(param)
	}
	switch kindOf(value) {
	case "a string":
		s, refused := stringValue(param, value)
		return []string{s}, refused
	case "null": // only a message with tool calls may do without
		return nil, invalidRequest(param, "", "Invalid value for 'content': expected a string, got null.")
	}
	var parts []json.RawMessage
	if json.Unmarshal(value, &parts) != nil {
		return nil, wrongType(param, "a string or an array of objects", kindOf(value))
	}
	if len(parts) == 0 {
		return nil, emptyArray(param)
	}
	texts := make([]string, len(parts))
	for i, part := range parts {
		var refused *refusal
		if texts[i], refused = readPart(fmt.Sprintf("%s.[%d]", param, i), part); refused != nil {
			return nil, refused
		}
	}
	return texts, nil
}

func readPart(param string, value json.RawMessage) (string, *refusal) {
	part, refused := objectValue(param, value)
	if refused != nil {
		return "", refused
	}
	kind, refused := requiredString(param+".type", part["type"])
	if refused != nil {
		return "", refused
	}
	switch kind {
	case "text":
	case "image_url", "input_audio", "file", "refusal":
		return "", notEmulatedHere(param+".type", "content of type "+kind)
	default:
		return "", wrongValue(param+".type", kind, "text", "image_url", "input_audio", "refusal", "file")
	}
	for _, name := range sortedKeys(part) {
		if name != "type" && name != "text" {
			return "", unknownParameter(param + "." + name)
		}
	}
	return requiredString(param+".text", part["text"])
}
