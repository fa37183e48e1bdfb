package content

import (
	"errors"
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/jsonschema"
)

// separator stands before what a validator says. The page's table has two line breaks
// there; a record of the service's answer has a blank (see fidelity.md).
const separator = " "

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
		c.add(rule.unusable(c, action, err))
		return nil
	}
	found, err := mismatches(schema, data)
	if err != nil {
		c.add(rule.unusable(c, action, err))
		return nil
	}
	for _, e := range found {
		text := fmt.Sprintf("Body of the %s does not conform to the definition %s, which is associated with the content type %s.%s%s Line: %d, Position: %d",
			strings.ToLower(c.Message()), name, c.contentType, separator, oneLine(e.Message), e.Line, e.Position)
		c.add(finding{name: c.contentType, rule: "IncorrectMessage", action: action, details: text, public: text, why: causesOf(e)})
	}
	return nil
}

// unusable is what is found if the schema can't be used.
func (rule *contentRule) unusable(c *check, action string, err error) finding {
	return finding{rule: "ValidationException", action: action, internal: true,
		details: "Body of the " + strings.ToLower(c.Message()) + " cannot be validated for the content type " + c.contentType + "." + separator + oneLine(err.Error())}
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
		key.additional = jsonschema.AdditionalRefused
		if allowed {
			key.additional = jsonschema.AdditionalAllowed
		}
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
	if _, there := jsonschema.Lookup(key.document.Root, key.pointer); !there {
		return name, key, &finding{name: c.contentType, rule: "MissingDefinition", internal: true,
			details: "API's schema does not contain definition " + name + ", which is associated with the content type " + c.contentType + "."}, nil
	}
	return name, key, nil, nil
}

// mismatches is all in a body that does not fit its schema. Chosen: what is no JSON does
// not conform either.
func mismatches(schema *jsonschema.Schema, data []byte) ([]jsonschema.Error, error) {
	found, err := schema.Validate(strings.TrimPrefix(string(data), "\uFEFF"))
	var syntax *jsonschema.SyntaxError
	if errors.As(err, &syntax) {
		return []jsonschema.Error{{Message: syntax.Message, Line: syntax.Line, Position: syntax.Position}}, nil
	}
	return found, err
}

// causesOf says what a trace tells beyond a finding: where it is, and why no schema of
// several fits, each reason once.
func causesOf(e jsonschema.Error) string {
	var b strings.Builder
	if e.Path != "" {
		fmt.Fprintf(&b, " Path '%s'.", e.Path)
	}
	told := make(map[string]bool)
	for _, cause := range jsonschema.Leaves(e.Causes) {
		text := fmt.Sprintf(" Since at '%s': %s", cause.Path, cause.Message)
		if told[text] {
			continue
		}
		if len(told) == maxCauses {
			b.WriteString(" And so on.")
			break
		}
		told[text] = true
		b.WriteString(text)
	}
	return b.String()
}

// maxCauses is the most causes of a finding that a trace tells.
const maxCauses = 10

// oneLine is a text without line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
