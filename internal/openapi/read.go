package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/apimulator/apimulator/internal/pattern"
	"github.com/apimulator/apimulator/policy/exchange"
)

// MaxSize is the most bytes of a definition.
const MaxSize = 4 << 20

// Definition is what a document says.
type Definition struct {
	Operations []Operation
	// Schemas holds all schemas of the document.
	Schemas *exchange.SchemaDocument
}

// Operation is one operation of the API.
type Operation struct {
	// ID is as Azure makes it of operationId, or of method and path.
	ID string
	// Name is the summary, or else the operationId.
	Name string
	// Method is in capitals.
	Method string
	// URLTemplate has the required query parameters in it.
	URLTemplate string
	// Line and Col are where it stands in the document, 0 if that is not known.
	Line, Col int
	Messages  *exchange.OperationDefinition
}

// Error is what is wrong with a document.
type Error struct {
	Line, Col int // 1 if that is not known
	Message   string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Message) }

// Read reads a document. Its errors are of the type [*Error].
func Read(data []byte) (*Definition, error) {
	if len(data) > MaxSize {
		return nil, fault("the document has more than %d bytes, the most that Azure imports", MaxSize)
	}
	document, err := parse(data)
	if err != nil {
		return nil, err
	}
	if document.Paths == nil {
		return nil, fault("this is no OpenAPI document: it has no paths")
	}
	return define(document)
}

func parse(data []byte) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	var version struct {
		Swagger string `json:"swagger"`
	}
	if isJSON(data) {
		if err := json.Unmarshal(data, &version); err != nil {
			return nil, jsonFault(data, err)
		}
	} else if version2().Match(data) {
		return nil, fault("Azure imports OpenAPI 2.0 as JSON only")
	}
	if version.Swagger != "" {
		return parseVersion2(data, loader)
	}
	document, err := loader.LoadFromData(data)
	if err != nil {
		return nil, located(err)
	}
	return document, nil
}

// version2 is how a document of version 2.0 in YAML tells.
var version2 = pattern.Lazy(`(?m)^["']?swagger["']?\s*:`)

func parseVersion2(data []byte, loader *openapi3.Loader) (*openapi3.T, error) {
	var document openapi2.T
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, jsonFault(data, err)
	}
	converted, err := openapi2conv.ToV3WithLoader(&document, loader, nil)
	if err != nil {
		return nil, located(err)
	}
	return converted, nil
}

func isJSON(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && data[0] == '{'
}

func fault(format string, args ...any) *Error {
	return &Error{1, 1, fmt.Sprintf(format, args...)}
}

// jsonFault is an error of encoding/json at its place.
func jsonFault(data []byte, err error) *Error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	offset := int64(0)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	before := data[:min(max(offset-1, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n"))
	return &Error{line + 1, len(before) - bytes.LastIndexByte(before, '\n'), err.Error()}
}

// lineOf finds the line that an error of the YAML reader names.
var lineOf = pattern.Lazy(`\bline (\d+)(?:, column (\d+))?`)

// located is an error of the library at the place that it names, if it does.
func located(err error) *Error {
	e := fault("%s", oneLine(err.Error()))
	if found := lineOf().FindStringSubmatch(e.Message); found != nil {
		if n, err := strconv.Atoi(found[1]); err == nil && n > 0 {
			e.Line = n
		}
		if n, err := strconv.Atoi(found[2]); err == nil && n > 0 {
			e.Col = n
		}
	}
	var remote *openapi3.DisallowedExternalRefError
	if errors.As(err, &remote) {
		e.Message = "a reference to another file is not followed, here and in Azure: " + remote.Ref
	}
	return e
}

// oneLine is an error's text without the line breaks that libraries put into it.
func oneLine(text string) string {
	return string(bytes.Join(bytes.Fields([]byte(text)), []byte(" ")))
}
