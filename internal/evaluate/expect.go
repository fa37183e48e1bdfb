package evaluate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Expect is an outcome that was recorded of a real C# compiler and runtime: a
// value, an exception, or that the expression does not compile.
type Expect struct {
	Type         string          `json:"type"`
	String       *string         `json:"string"`
	JSON         json.RawMessage `json:"json"`
	Exception    string          `json:"exception"`
	CompileError string          `json:"compileError"`
	// Message is the exception's; nil where it does not count.
	Message *string `json:"message"`
}

// Differs tells how an answer differs from what was recorded, "" if it does not.
// What was not recorded does not count, nor does why an expression does not compile.
func (e *Expect) Differs(a *Answer) string {
	switch {
	case a.Error != "":
		return a.Error
	case a.CompileError != "" && e.CompileError == "":
		return "does not compile: " + a.Diagnostics[0].String()
	case a.CompileError != "":
		return ""
	case e.CompileError != "":
		return "compiles, but should be " + e.CompileError
	case a.Exception != e.Exception && a.Exception != "":
		return fmt.Sprintf("throws %s: %s\nwant %s", a.Exception, a.Message, e.outcome())
	case a.Exception != e.Exception:
		return fmt.Sprintf("is a %s\nwant %s", a.Type, e.outcome())
	case a.Exception != "":
		if e.Message != nil && a.Message != *e.Message {
			return fmt.Sprintf("throws %s: %s\nwant %s", a.Exception, a.Message, *e.Message)
		}
		return ""
	case a.Type != e.Type:
		return fmt.Sprintf("is a %s\nwant %s", a.Type, e.Type)
	case e.String != nil && a.String == nil:
		return fmt.Sprintf("has no text\nwant %q", *e.String)
	case e.String != nil && *a.String != *e.String:
		return fmt.Sprintf("is %q\nwant %q", *a.String, *e.String)
	case e.JSON != nil && !sameJSON(a.JSON, e.JSON):
		return fmt.Sprintf("is the JSON %s\nwant %s", a.JSON, e.JSON)
	}
	return ""
}

func (e *Expect) outcome() string {
	if e.Exception != "" {
		return e.Exception
	}
	return "a " + e.Type
}

// sameJSON compares two pieces of JSON: names in their order, numbers by their
// digits.
func sameJSON(a, b []byte) bool {
	read := func(data []byte) (tokens []json.Token) {
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		for {
			t, err := d.Token()
			if err != nil {
				return tokens
			}
			tokens = append(tokens, t)
		}
	}
	return slices.Equal(read(a), read(b))
}
