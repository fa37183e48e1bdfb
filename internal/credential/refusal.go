package credential

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// maxDescription bounds what an error repeats of an endpoint's words, in runes.
const maxDescription = 1000

// A refusal is an endpoint's answer that grants no token.
type refusal struct {
	host              string
	status            int
	code, description string // as the endpoint put them; either may be ""
}

func (r *refusal) Error() string {
	text := fmt.Sprintf("%s answered %d", r.host, r.status)
	if r.code != "" {
		text += " " + r.code
	}
	if r.description != "" {
		text += ": " + r.description
	}
	return text
}

// refusal reads what the endpoint refused with. Of the body only the members are
// used that are known to hold no secret.
func (a *answer) refusal() *refusal {
	r := &refusal{host: a.host, status: a.status}
	r.code, r.description = reasons(a.body)
	return r
}

// hiddenRefusal is the error in an answer that grants a token by its status, which
// managed identity clients overlook (identity.md 8.18).
func (a *answer) hiddenRefusal() (*refusal, bool) {
	var body struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(a.body, &body) != nil {
		return nil, false
	}
	switch string(body.Error) {
	case "", "null", `""`:
		return nil, false
	}
	return a.refusal(), true
}

// reasons reads the shapes of error that the endpoints have (identity.md 2.3):
//
//	metadata service  {"error": "invalid_request", "error_description": "..."}
//	App Service       {"statusCode": 400, "message": "..."}
//	Cloud Shell       {"error": {"code": "...", "message": "..."}}
func reasons(body []byte) (code, description string) {
	var flat struct {
		Error       json.RawMessage `json:"error"`
		Description json.RawMessage `json:"error_description"`
		Message     json.RawMessage `json:"message"`
	}
	if json.Unmarshal(body, &flat) != nil {
		return "", ""
	}
	code, description = text(flat.Error), text(flat.Description)
	var nested struct {
		Code    json.RawMessage `json:"code"`
		Message json.RawMessage `json:"message"`
	}
	if json.Unmarshal(flat.Error, &nested) == nil {
		code, description = text(nested.Code), text(nested.Message)
	}
	if description == "" {
		description = text(flat.Message)
	}
	return code, description
}

// text is a JSON string on one line, "" for all else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return oneLine(s)
}

// oneLine makes a text that came from elsewhere fit to stand in an error: on one
// line, without control characters, and not too long.
func oneLine(s string) string {
	printable := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	line := strings.Join(strings.Fields(printable), " ")
	if runes := []rune(line); len(runes) > maxDescription {
		return string(runes[:maxDescription]) + "..."
	}
	return line
}
