package azureopenai

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/apimulator/apimulator/internal/tokencount"
)

const maxMessages = 2048

// developerSince is the version that brought the role developer.
const developerSince = "2024-12-01"

var authorPattern = regexp.MustCompile(`^[^\s<|\\/>]{1,64}$`)

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
	for i, value := range list {
		m, refused := readMessage(fmt.Sprintf("messages.[%d]", i), value, q.version)
		if refused != nil {
			return refused
		}
		q.messages = append(q.messages, m)
		if m.Role == "user" {
			q.lastUser = strings.Join(m.Content, "\n")
		}
	}
	return nil
}

// readMessage reads one message; param is its place.
func readMessage(param string, value json.RawMessage, v version) (m tokencount.Message, refused *refusal) {
	fields, refused := objectValue(param, value)
	if refused != nil {
		return m, refused
	}
	for _, name := range sortedKeys(fields) {
		switch name {
		case "role", "content", "name":
		case "tool_calls", "tool_call_id", "function_call", "refusal", "audio":
			if !isNull(fields[name]) {
				return m, notEmulatedHere(param+"."+name, name+" in a message")
			}
		default:
			return m, unknownParameter(param + "." + name)
		}
	}
	if m.Role, refused = readRole(param+".role", fields["role"], v); refused != nil {
		return m, refused
	}
	if m.Content, refused = readContent(param+".content", fields["content"]); refused != nil {
		return m, refused
	}
	if isNull(fields["name"]) {
		return m, nil
	}
	if m.Name, refused = stringValue(param+".name", fields["name"]); refused != nil {
		return m, refused
	}
	if !authorPattern.MatchString(m.Name) {
		return m, invalidRequest(param+".name", "invalid_value",
			`Invalid '%s.name': string does not match pattern. Expected a string that matches the pattern '^[^\s<|\\/>]+$', at most 64 long.`, param)
	}
	return m, nil
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
		case role == "tool" || role == "function":
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
