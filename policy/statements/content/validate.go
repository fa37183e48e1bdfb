package content

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// separator stands for the two line breaks of the page's table; how they are sent is
// chosen.
const separator = "\n\n"

func (rule *contentRule) namesSchema() bool {
	id, known := rule.schemaID.Constant()
	return !known || id != ""
}

// actionOf is what to do about a body that does not fit. Without an action it is refused:
// chosen, since the page's table leaves the attribute out.
func (rule *contentRule) actionOf(r *policy.Run) (string, error) {
	action, err := rule.action.Get(r)
	if action == "" {
		action = prevent
	}
	return action, err
}

// validate holds the body against the schema that the <content> names, or the definition's.
func (rule *contentRule) validate(c *check, represented *exchange.Representation, data []byte) error {
	action, err := rule.actionOf(c.run)
	if err != nil || action == ignore {
		return err
	}
	as, err := rule.as.Get(c.run)
	if err != nil {
		return err
	}
	if as != "json" {
		return &exchange.Failure{Status: 500, LastError: exchange.LastError{Reason: exchange.ReasonNotRunnable, Message: "validate-as=\"" + as + "\" is not emulated"}}
	}
	name, key, fault, err := rule.find(c, represented)
	if err != nil {
		return err
	}
	if fault != nil {
		fault.action = action
		c.add(*fault)
		return nil
	}
	if key.document == nil {
		c.run.Note(validateContentName, "The API's definition has no schema for "+c.contentType+": any body fits.")
		return nil
	}
	schema, err := rule.schemas.get(key)
	if err != nil {
		c.add(finding{rule: "ValidationException", action: action, internal: true,
			details: "Body of the " + strings.ToLower(c.Message()) + " cannot be validated for the content type " + c.contentType + "." + separator + oneLine(err.Error())})
		return nil
	}
	for _, m := range mismatches(schema, data, key.ignoreCase) {
		text := fmt.Sprintf("Body of the %s does not conform to the definition %s, which is associated with the content type %s.%s%s Line: %d, Position: %d",
			strings.ToLower(c.Message()), name, c.contentType, separator, m.message, m.line, m.column)
		c.add(finding{name: c.contentType, rule: "IncorrectMessage", action: action, details: text, public: text})
	}
	return nil
}

// find is the schema to use and its name; a key without a document says that there is
// none, and that any body fits.
func (rule *contentRule) find(c *check, represented *exchange.Representation) (name string, key schemaKey, fault *finding, err error) {
	id, err := rule.schemaID.Get(c.run)
	if err != nil {
		return "", key, nil, err
	}
	ref, err := rule.schemaRef.Get(c.run)
	if err != nil {
		return "", key, nil, err
	}
	if key.ignoreCase, err = rule.ignoreCase.Get(c.run); err != nil {
		return "", key, nil, err
	}
	if rule.decidesAdditional {
		allowed, err := rule.additional.Get(c.run)
		if err != nil {
			return "", key, nil, err
		}
		key.additional = map[bool]additional{true: additionalAllowed, false: additionalRefused}[allowed]
	}
	name = id
	switch {
	case id != "":
		key.document = c.run.Deployment.Schemas[id]
	case ref != "" && c.run.API != nil:
		key.document = c.run.API.Schemas
	case represented != nil && represented.Schema != nil:
		name, key.document, key.pointer = represented.Schema.Name, represented.Schema.Document, represented.Schema.Pointer
	default:
		return "", key, nil, nil
	}
	if ref != "" {
		key.pointer = strings.TrimPrefix(ref, "#")
		name = ref[strings.LastIndexByte(ref, '/')+1:]
	}
	if key.document == nil {
		return name, key, &finding{kind: apiSchema, details: "API's schema does not exist or it could not be resolved.", internal: true}, nil
	}
	if !exists(key.document.Root, key.pointer) {
		return name, key, &finding{name: c.contentType, rule: "MissingDefinition", internal: true,
			details: "API's schema does not contain definition " + name + ", which is associated with the content type " + c.contentType + "."}, nil
	}
	return name, key, nil, nil
}

// mismatch is one thing in a body that does not fit.
type mismatch struct {
	message      string
	line, column int
}

// maxMismatches is the most that are told of one body.
const maxMismatches = 100

// mismatches is all in a body that does not fit its schema. Chosen: what is no JSON does
// not conform either.
func mismatches(schema *jsonschema.Schema, data []byte, ignoreCase bool) []mismatch {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		line, column := lineOf(data, syntaxOffset(data, err))
		return []mismatch{{oneLine(err.Error()) + ".", line, column}}
	}
	if ignoreCase {
		value = lowered(value)
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(value); !errors.As(err, &invalid) {
		return nil
	}
	return appendLeaves(nil, data, invalid)
}

var english = message.NewPrinter(language.English)

func appendLeaves(all []mismatch, data []byte, e *jsonschema.ValidationError) []mismatch {
	if len(e.Causes) == 0 && len(all) < maxMismatches {
		line, column := lineOf(data, locate(data, e.InstanceLocation))
		text := oneLine(e.ErrorKind.LocalizedString(english))
		path := strings.Join(e.InstanceLocation, ".")
		return append(all, mismatch{text + ". Path '" + path + "'.", line, column})
	}
	for _, cause := range e.Causes {
		all = appendLeaves(all, data, cause)
	}
	return all
}

func syntaxOffset(data []byte, err error) int {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return int(min(max(syntax.Offset-1, 0), int64(len(data))))
	}
	return len(data)
}

// lineOf is the line and the column of a byte, from 1.
func lineOf(data []byte, offset int) (line, column int) {
	before := data[:min(offset, len(data))]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// locate is where a value begins in a JSON text; 0 if it is not found.
func locate(data []byte, path []string) int {
	d := json.NewDecoder(bytes.NewReader(data))
	for _, name := range path {
		if !step(d, name) {
			return 0
		}
	}
	offset := int(d.InputOffset())
	for offset < len(data) && strings.IndexByte(" \t\r\n:,", data[offset]) >= 0 {
		offset++
	}
	return offset
}

// step leads a decoder before the member or item of that name of the value that comes.
func step(d *json.Decoder, name string) bool {
	open, err := d.Token()
	if err != nil {
		return false
	}
	for i := 0; d.More(); i++ {
		at := fmt.Sprint(i)
		if open == json.Delim('{') {
			key, err := d.Token()
			if err != nil {
				return false
			}
			at, _ = key.(string)
		}
		if strings.EqualFold(at, name) {
			return true
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return false
		}
	}
	return false
}

// oneLine is a text without line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
