package exchange

import "strconv"

// LastError is context.LastError: where and why the request left its normal
// way (errors.yaml, last_error).
type LastError struct {
	Source   string // element name, or a built-in step such as "authorization"
	Reason   string // machine-friendly code, one of reasons.go or jwtvalidate's
	Message  string
	Scope    string // global, product, api, operation
	Section  string // inbound, backend, outbound, on-error
	Path     string // nested place, levels parted by one backslash
	PolicyID string // the statement's id attribute
	// HTTPErrorCode is the status of the error's response.
	HTTPErrorCode int
}

// Failure is the error by which a statement or the gateway refuses a request.
// It carries what the client is told beside what LastError says, because APIM
// keeps the two apart: a client learns less.
type Failure struct {
	LastError
	// Status of the response.
	Status int
	// ClientMessage is the text of the response's body; "" means Message, or,
	// for a 500, the general body with the request's id, which tells nothing.
	ClientMessage string
	// Answer is the response that the client gets as it is; nil: one is made of the rest.
	Answer *Response
	// Header lines to add to the response.
	Header []Field
	// Detail tells a developer more than LastError may: it goes to traces only.
	Detail string
	// Err is the cause, for logs; it never reaches the client.
	Err error
}

func (f *Failure) Error() string {
	if f.Detail != "" {
		return f.Reason + ": " + f.Message + " (" + f.Detail + ")"
	}
	return f.Reason + ": " + f.Message
}

func (f *Failure) Unwrap() error { return f.Err }

// Response is what the client gets for f: APIM's JSON body in its exact spacing
// (runtime.md, Response bodies). activityID is the request's id.
func (f *Failure) Response(activityID string) *Response {
	if f.Answer != nil {
		return f.Answer
	}
	r := &Response{Status: f.Status, Reason: StatusText(f.Status)}
	r.Header = NewHeader(append([]Field{{"Content-Type", "application/json"}}, f.Header...)...)
	message := f.ClientMessage
	if message == "" {
		message = f.Message
	}
	if f.Status == 500 && f.ClientMessage == "" {
		r.Body = BytesBody([]byte(`{ "statusCode": 500, "message": "` + MessageInternal + `", "activityId": "` + activityID + `" }`))
		return r
	}
	// The message goes in as it is: a policy's author escapes what JSON wants
	// escaped (validate-jwt, failed-validation-error-message).
	body := make([]byte, 0, len(`{ "statusCode": 401, "message": "" }`)+len(message))
	body = append(body, `{ "statusCode": `...)
	body = strconv.AppendInt(body, int64(f.Status), 10)
	body = append(body, `, "message": "`...)
	body = append(body, message...)
	r.Body = BytesBody(append(body, `" }`...))
	return r
}
