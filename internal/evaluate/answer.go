package evaluate

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// Answer is what an expression gives. It is one of: a value (Type, String, JSON), an
// exception, that it does not compile, or, in Error, that there is neither since
// it was stopped. As JSON it is a line of what `gateway eval --vectors` writes.
type Answer struct {
	ID string `json:"id,omitempty"`
	// Type is the value's type: the full .NET name in C# notation; "null" of null.
	Type string `json:"type,omitempty"`
	// String is what a policy would put into text. A lazy sequence has none: .NET
	// gives the name of a private class.
	String *string `json:"string,omitempty"`
	// JSON is the value as Json.NET serializes it, digits as they are; nil of what
	// JSON can't hold, of XML and of what belongs to context.
	JSON json.RawMessage `json:"json,omitempty"`
	// Exception is the full name of the type of what it threw.
	Exception string `json:"exception,omitempty"`
	// CompileError is the code of the first of Diagnostics, or "refused" where C#
	// itself has nothing against the expression.
	CompileError string `json:"compileError,omitempty"`
	// Message is that of the exception or of the first diagnostic.
	Message string `json:"message,omitempty"`
	// Error is why there is no answer: a bound of the evaluation, an interrupt, or
	// a fault of this program.
	Error string `json:"error,omitempty"`

	// Diagnostics are all the mistakes in the expression.
	Diagnostics []expr.Diagnostic `json:"-"`
	// Thrown is the exception itself.
	Thrown *dotnet.Exception `json:"-"`
	// ThrownAt is the piece of the expression that threw; nil if it isn't known.
	ThrownAt *syntax.Span `json:"-"`
	// Fault tells that Error is a fault of this program.
	Fault bool `json:"-"`
}

// Line is the answer as a line of JSON, with its newline.
func (a *Answer) Line() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(a)
	return b.Bytes(), err
}

// refuse makes it the answer of an expression that does not compile.
func (a *Answer) refuse(diags []expr.Diagnostic) {
	a.Diagnostics = diags
	a.CompileError, a.Message = diags[0].Code, dotnet.Valid(diags[0].Message)
	if a.CompileError == "" {
		a.CompileError = "refused"
	}
}

// fail makes it the answer of an evaluation that gave err.
func (a *Answer) fail(err error) {
	*a = Answer{ID: a.ID}
	thrown, ok := expr.Thrown(err)
	if !ok {
		a.Error = err.Error()
		return
	}
	a.Thrown, a.Exception, a.Message = thrown, thrown.Type, dotnet.Valid(thrown.Message)
}

// describe makes it the answer of an evaluation that gave v.
func (a *Answer) describe(m *expr.Machine, v any) error {
	if v == nil {
		a.Type, a.String, a.JSON = "null", new(string), json.RawMessage("null")
		return nil
	}
	t := expr.DynamicType(v)
	a.Type = t.String()
	if t.Kind() != expr.Interface || !isSequence(v) {
		s, err := m.Text(v)
		if err != nil {
			return err
		}
		s = dotnet.Valid(s)
		a.String = &s
	}
	if !hasJSON(v, t) {
		return nil
	}
	s, err := m.JSON(v)
	var bound *expr.BoundError
	switch e, thrown := expr.Thrown(err); {
	case errors.As(err, &bound):
		return err
	case err != nil && !thrown: // the evaluation was ended
		return err
	case thrown && !strings.HasPrefix(e.Type, "Newtonsoft.Json."):
		return err // of a lazy sequence, which runs only now
	case err != nil:
		return nil
	}
	if text := []byte(dotnet.Valid(s)); json.Valid(text) {
		a.JSON = text
	}
	return nil
}

func isSequence(v any) bool {
	_, ok := v.(expr.Enumerable)
	return ok
}

// hasJSON reports whether the value of that type is one that the vectors give JSON
// of (their README.md, json).
func hasJSON(v any, t *expr.Type) bool {
	switch v := v.(type) {
	case float64:
		return v-v == 0 // neither NaN nor infinite
	case float32:
		return v-v == 0
	}
	name := t.String()
	switch t.Kind() {
	case expr.Delegate:
		return false
	case expr.Class, expr.Interface, expr.Struct:
		// The types of context stand in no namespace.
		return strings.Contains(name, ".") && !xmlNodes[name]
	}
	return true
}

// xmlNodes are the types whose values are an XObject.
var xmlNodes = map[string]bool{
	"System.Xml.Linq.XElement": true, "System.Xml.Linq.XDocument": true, "System.Xml.Linq.XAttribute": true,
	"System.Xml.Linq.XText": true, "System.Xml.Linq.XCData": true, "System.Xml.Linq.XComment": true,
	"System.Xml.Linq.XProcessingInstruction": true, "System.Xml.Linq.XDocumentType": true,
}
