package openapi

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

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
	// Line and Col are where its method stands in the document.
	Line, Col int
	Messages  *exchange.OperationDefinition
}

// Error is what is wrong with a document.
type Error struct {
	Line, Col int // from 1; 1:1 for the document as a whole
	Message   string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Message) }

// start is where faults of a document as a whole stand.
var start = place{1, 1}

// faultAt is a mistake at a place. What the document holds does not break its line.
func faultAt(at place, format string, args ...any) *Error {
	message := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	return &Error{int(at.line), int(at.col), message}
}

// Read reads a document. Its errors are of the type [*Error].
func Read(data []byte) (*Definition, error) {
	if len(data) > MaxSize {
		return nil, faultAt(start, "the document has more than %d bytes, the most that Azure imports", MaxSize)
	}
	root, err := parse(bytes.TrimPrefix(data, []byte("\uFEFF")))
	if err != nil {
		return nil, err
	}
	d := &document{root: root}
	if d.version, err = versionOf(root); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	return define(d)
}

func parse(data []byte) (*node, error) {
	if !utf8.Valid(data) {
		return nil, faultAt(placeAt(data, firstInvalid(data)), "this character is not text in UTF-8")
	}
	if isJSON(data) {
		return readJSON(data)
	}
	root, err := readYAML(data)
	if err != nil {
		return nil, err
	}
	if m := root.member("swagger"); m != nil {
		return nil, faultAt(m.at, "Azure imports OpenAPI 2.0 as JSON only")
	}
	return root, nil
}

// firstInvalid is where what is no UTF-8 begins.
func firstInvalid(data []byte) int {
	offset := 0
	for offset < len(data) {
		r, size := utf8.DecodeRune(data[offset:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		offset += size
	}
	return offset
}

// document is a document and its version.
type document struct {
	root    *node
	version version
	references
}

// version is that of OpenAPI, as far as it matters.
type version uint8

const (
	version2 version = iota
	version30
	version31 // whose schemas are JSON Schema
)

func versionOf(root *node) (version, error) {
	if root.get("paths") == nil {
		return 0, faultAt(start, "this is no OpenAPI document: it has no paths")
	}
	if root.get("swagger") != nil {
		return version2, nil
	}
	major, rest, _ := strings.Cut(root.textOf("openapi"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	if x, err := strconv.Atoi(major); err == nil {
		if y, err := strconv.Atoi(minor); err == nil && (x > 3 || x == 3 && y >= 1) {
			return version31, nil
		}
	}
	return version30, nil
}
