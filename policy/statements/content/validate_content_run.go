package content

import (
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

type validateContent struct {
	section     exchange.Section
	unspecified policy.Operand[string]
	maxSize     policy.Operand[int]
	exceeded    policy.Operand[string]
	variable    string
	types       *typeMap // nil: there is none
	contents    []contentRule
}

// contentRule is a <content>.
type contentRule struct {
	contentType, as     policy.Operand[string]
	schemaID, schemaRef policy.Operand[string]
	action              policy.Operand[string]
	additional          policy.Operand[bool]
	decidesAdditional   bool
	ignoreCase          policy.Operand[bool]
	schemas             *schemaCache
}

const (
	ignore  = "ignore"
	prevent = "prevent"
)

func compileValidateContent(n *policy.Node) (policy.Step, error) {
	s := &validateContent{
		section: n.Site().Section, unspecified: n.String("unspecified-content-type-action"), maxSize: n.Int("max-size"), exceeded: n.String("size-exceeded-action"),
	}
	s.variable, _ = n.String("errors-variable-name").Constant()
	if m := n.Child("content-type-map"); m != nil {
		s.types = compileTypeMap(m)
	}
	for _, c := range n.ChildrenNamed("content") {
		if as, known := c.String("validate-as").Constant(); known && as != "json" {
			return nil, c.Fault(policy.Unsupported, c.Attr("validate-as"), "validate-as=%q needs an engine of XML Schema, which this emulator does not have; JSON is validated", as)
		}
		if id, known := c.String("schema-id").Constant(); known && id != "" {
			if schema, all := c.Schema(id); all && schema == nil {
				return nil, c.Fault(policy.Error, c.Attr("schema-id"), "the service has no schema %q: list it under schemas: in apim.yaml", id)
			}
		}
		s.contents = append(s.contents, contentRule{
			contentType: c.String("type"), as: c.String("validate-as"), schemaID: c.String("schema-id"), schemaRef: c.String("schema-ref"), action: c.String("action"),
			additional: c.Bool("allow-additional-properties"), decidesAdditional: c.Has("allow-additional-properties"), ignoreCase: c.Bool("case-insensitive-property-names"),
			schemas: newSchemaCache(),
		})
	}
	return s, nil
}

// Run validates the body of the section's message. Chosen: what has no body is not
// validated, and neither is a body that is too large for it.
func (s *validateContent) Run(r *policy.Run) error {
	m := part.MessageOf(r, s.section)
	if !m.Body.Exists() || m.Body.Length() == 0 {
		r.Note(validateContentName, "There is no body to validate.")
		return nil
	}
	c := &check{run: r, step: s, message: m}
	data, err := s.body(c)
	if err == nil && data != nil {
		err = s.content(c, data)
	}
	if err != nil {
		return err
	}
	return c.result()
}

// body is what is validated; nil if it is larger than what is.
func (s *validateContent) body(c *check) ([]byte, error) {
	most, err := s.maxSize.Get(c.run)
	if err != nil {
		return nil, err
	}
	size := c.message.Body.Length()
	coding, _ := c.message.Header.Get("Content-Encoding")
	var data []byte
	if size <= int64(most) {
		// A length that nobody told, or of compressed bytes, is known once they are read.
		if data, err = c.message.Body.Buffer(c.run.Env.BodyLimit); err != nil {
			return nil, err
		}
		if coding != "" {
			if data, err = exchange.Decode(coding, data, c.run.Env.BodyLimit); err != nil {
				return nil, err
			}
		}
		size = int64(len(data))
	}
	if size <= int64(most) {
		return data, nil
	}
	action, err := s.exceeded.Get(c.run)
	if err != nil {
		return nil, err
	}
	c.add(finding{rule: "SizeLimit", action: action,
		details: fmt.Sprintf("%s's body is %d bytes long and it exceeds the configured limit of %d bytes.", c.Message(), size, most),
		public:  fmt.Sprintf("%s's body is %d bytes long and it exceeds the limit of %d bytes.", c.Message(), size, most)})
	return nil, nil
}

// content holds a body against the schema of its content type.
func (s *validateContent) content(c *check, data []byte) error {
	header, _ := c.message.Header.Get("Content-Type")
	contentType, err := s.types.of(c.run, mediaType(header))
	if err != nil {
		return err
	}
	c.contentType = contentType
	rule, err := s.rule(c.run, contentType)
	if err != nil {
		return err
	}
	represented, defined := c.representation()
	if rule == nil || !defined {
		named := rule != nil && rule.namesSchema()
		if !defined && !named {
			return s.unspecifiedType(c, rule)
		}
		if rule == nil {
			c.run.Note(validateContentName, "No <content> is for "+contentType+": it was not validated.")
			return nil
		}
	}
	return rule.validate(c, represented, data)
}

// rule is the <content> for a content type: one that names it, or its format, or else one
// without a type. Nil if there is none.
func (s *validateContent) rule(r *policy.Run, contentType string) (*contentRule, error) {
	var format, any *contentRule
	for i := range s.contents {
		rule := &s.contents[i]
		name, err := rule.contentType.Get(r)
		if err != nil {
			return nil, err
		}
		switch name = mediaType(name); {
		case name == "" && any == nil:
			any = rule
		case name == contentType:
			return rule, nil
		case isJSON(name) && isJSON(contentType) && format == nil:
			format = rule
		}
	}
	if format != nil {
		return format, nil
	}
	return any, nil
}

// unspecifiedType is what comes of a content type that nobody describes. An API without a
// definition describes none.
func (s *validateContent) unspecifiedType(c *check, rule *contentRule) error {
	if rule != nil && (c.run.API == nil || c.run.API.Schemas == nil) {
		action, err := rule.actionOf(c.run)
		c.add(finding{kind: apiSchema, action: action, details: "API's schema does not exist or it could not be resolved.", internal: true})
		return err
	}
	action, err := s.unspecified.Get(c.run)
	text := "Unspecified content type " + c.contentType + " is not allowed."
	c.add(finding{name: c.contentType, rule: "Unspecified", action: action, details: text, public: text})
	return err
}

// mediaType is a content type without parameters, in lower case.
func mediaType(contentType string) string {
	name, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// isJSON tells application/json and its like, application/hal+json.
func isJSON(mediaType string) bool {
	return mediaType == "application/json" || mediaType == "text/json" || strings.HasSuffix(mediaType, "+json")
}
