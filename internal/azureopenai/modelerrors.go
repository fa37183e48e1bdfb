package azureopenai

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// modelError is an error in the model's dialect. Unlike a gateway's error it has
// all four keys, null where there is nothing to say.
type modelError struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
}

func (e modelError) refusal(status int) *refusal {
	body := encode(struct {
		Error modelError `json:"error"`
	}{e})
	return &refusal{status: status, body: string(body), regional: true, fromModel: true}
}

// invalidRequest is the model's 400. param and code are null where empty.
//
// Of the texts below, those of unrecognizedArguments, unknownParameter, tooManyTokens,
// tooLong and streamOptionsAlone are recorded ones of Azure (azure-openai.md
// 1.3, 2.1); the others are OpenAI's, whose validation it is.
func invalidRequest(param, code, format string, args ...any) *refusal {
	e := modelError{Message: fmt.Sprintf(format, args...), Type: "invalid_request_error"}
	if param != "" {
		e.Param = &param
	}
	if code != "" {
		e.Code = &code
	}
	return e.refusal(http.StatusBadRequest)
}

func unparseableBody() *refusal {
	return invalidRequest("", "", "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your "+
		"HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble "+
		"figuring out how to fix this, please contact us through our help center at help.openai.com.)")
}

func unsupportedContentType(contentType string) *refusal {
	r := invalidRequest("", "unsupported_content_type", "Unsupported content type: '%s'. This API method only accepts 'application/json' requests, "+
		"but you specified the header 'Content-Type: %[1]s'. Please try again with a supported content type.", clip(contentType))
	r.status = http.StatusUnsupportedMediaType
	return r
}

func bodyTooLarge(read int64) *refusal {
	return modelError{
		Message: fmt.Sprintf("Maximum content size limit (%d) exceeded (%d bytes read)", maxBody, read),
		Type:    "server_error",
	}.refusal(http.StatusRequestEntityTooLarge)
}

func unrecognizedArguments(names []string) *refusal {
	arguments := "argument"
	if len(names) > 1 {
		arguments = "arguments"
	}
	return invalidRequest("", "", "Unrecognized request %s supplied: %s", arguments, clip(strings.Join(names, ", ")))
}

func unknownParameter(param string) *refusal {
	param = clip(param)
	return invalidRequest(param, "unknown_parameter", "Unknown parameter: '%s'.", param)
}

func missingParameter(param string) *refusal {
	return invalidRequest(param, "missing_required_parameter", "Missing required parameter: '%s'.", param)
}

func wrongType(param, expected, got string) *refusal {
	return invalidRequest(param, "invalid_type", "Invalid type for '%s': expected %s, but got %s instead.", param, expected, got)
}

// wrongValue names the values that are supported.
func wrongValue(param, got string, supported ...string) *refusal {
	last := len(supported) - 1
	if last == 0 {
		return invalidRequest(param, "invalid_value", "Invalid value: '%s'. Value must be '%s'.", clip(got), supported[0])
	}
	return invalidRequest(param, "invalid_value", "Invalid value: '%s'. Supported values are: '%s', and '%s'.",
		clip(got), strings.Join(supported[:last], "', '"), supported[last])
}

// belowMinimum is for a number; kind is "integer" or "decimal".
func belowMinimum(param, kind, minimum, got string) *refusal {
	return invalidRequest(param, kind+"_below_min_value",
		"Invalid '%s': %s below minimum value. Expected a value >= %s, but got %s instead.", param, kind, minimum, clip(got))
}

// aboveMaximum is for a number; kind is "integer" or "decimal".
func aboveMaximum(param, kind, maximum, got string) *refusal {
	return invalidRequest(param, kind+"_above_max_value",
		"Invalid '%s': %s above maximum value. Expected a value <= %s, but got %s instead.", param, kind, maximum, clip(got))
}

func emptyArray(param string) *refusal {
	return invalidRequest(param, "empty_array",
		"Invalid '%s': empty array. Expected an array with minimum length 1, but got an empty array instead.", param)
}

func arrayTooLong(param string, limit, got int) *refusal {
	return invalidRequest(param, "array_above_max_length",
		"Invalid '%s': array too long. Expected an array with maximum length %d, but got an array with length %d instead.", param, limit, got)
}

func streamOptionsAlone() *refusal {
	return invalidRequest("stream_options", "", "The 'stream_options' parameter is only allowed when 'stream' is enabled.")
}

func tooManyTokens(param string, limit, got int) *refusal {
	return invalidRequest(param, "invalid_value",
		"%s is too large: %d. This model supports at most %d completion tokens, whereas you provided %[2]d.", param, got, limit)
}

// tooLong is for a conversation that the model's context does not hold with its
// answer; without a limit on the answer, completion is 0.
func tooLong(context, prompt, completion int) *refusal {
	const param, code = "messages", "context_length_exceeded"
	if completion == 0 {
		return invalidRequest(param, code, "This model's maximum context length is %d tokens. However, your messages resulted in %d tokens. "+
			"Please reduce the length of the messages.", context, prompt)
	}
	return invalidRequest(param, code, "This model's maximum context length is %d tokens. However, you requested %d tokens "+
		"(%d in the messages, %d in the completion). Please reduce the length of the messages or completion.",
		context, prompt+completion, prompt, completion)
}

// formatTooNew is a gateway's error, recorded in issues of Azure's samples.
func formatTooNew() *refusal {
	r := gatewayError(http.StatusBadRequest, "BadRequest", "response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later")
	r.regional = true
	return r
}

func formatNotOfModel() *refusal {
	return invalidRequest("", "", "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model. "+
		"Learn more about supported models at the Structured Outputs guide: https://platform.openai.com/docs/guides/structured-outputs")
}

// notEmulatedHere refuses what the service can do and this emulation cannot.
func notEmulatedHere(param, what string) *refusal {
	return invalidRequest(param, "not_emulated", "apimulator does not emulate %s yet. Leave it out, or ask a real resource.", what)
}

// clip bounds what of a request goes into a message.
func clip(s string) string {
	const most = 400
	if len(s) <= most {
		return s
	}
	for s = s[:most]; !utf8.ValidString(s); {
		s = s[:len(s)-1]
	}
	return s + "…"
}
