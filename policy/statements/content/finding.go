package content

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/statements/part"
)

const validateContentName = "validate-content"

// apiSchema is the type of a finding that is about the API's schema.
const apiSchema = "ApiSchema"

// finding is one thing that is wrong (errors.yaml, content_validation).
type finding struct {
	name, kind, rule, action string
	// details is for the variable and the trace, public for the client; why is more for the
	// trace.
	details, public, why string
	// internal says that the client learns nothing: the fault is not in its message.
	internal bool
}

// check is one run of the statement.
type check struct {
	run         *policy.Run
	step        *validateContent
	message     part.Message
	contentType string
	found       []finding
}

// add notes a finding, unless it is to be ignored.
func (c *check) add(f finding) {
	if f.action == ignore {
		return
	}
	if f.kind == "" {
		f.kind = c.Message() + "Body"
	}
	c.found = append(c.found, f)
}

func (c *check) ofRequest() bool { return c.step.section == exchange.Inbound }

// Message is Request or Response.
func (c *check) Message() string {
	if c.ofRequest() {
		return "Request"
	}
	return "Response"
}

// result puts the findings where they belong, and is the failure if one is to be
// prevented.
func (c *check) result() error {
	if len(c.found) == 0 {
		c.run.Note(validateContentName, "The body was validated.")
		return nil
	}
	c.remember()
	for _, f := range c.found {
		c.run.Note(validateContentName, f.action+": "+f.details+f.why)
	}
	for _, f := range c.found {
		if f.action == prevent {
			return c.failure(f)
		}
	}
	return nil
}

// remember adds the findings to the variable. Chosen: it is a JArray, whose objects have
// the members that the page names; it is set once something is found.
func (c *check) remember() {
	if c.step.variable == "" {
		return
	}
	before, _ := c.run.Variables.Get(c.step.variable)
	list, ok := before.(*newtonsoft.Array)
	if !ok {
		list = newtonsoft.NewArray()
	}
	for _, f := range c.found {
		o := newtonsoft.NewObject()
		for _, member := range [][2]string{{"Name", f.name}, {"Type", f.kind}, {"ValidationRule", f.rule}, {"Details", f.details}, {"Action", f.action}} {
			o.Set(member[0], newtonsoft.NewValue(member[1]))
		}
		_ = list.Add(o) // a list takes any value
	}
	c.run.Variables.Set(c.step.variable, list)
}

// failure refuses the message: 400 for a request, 502 for a response. Of the latter the
// client learns nothing.
func (c *check) failure(f finding) error {
	failure := &exchange.Failure{Status: 502, Detail: f.details}
	failure.Reason, failure.Message = exchange.ReasonResponseNotAllowed, exchange.MessageValidationInternal
	if c.ofRequest() {
		failure.Status, failure.Reason = 400, exchange.ReasonBadRequest
		if !f.internal {
			failure.Message = f.public
		}
	}
	failure.ClientMessage = escaped(failure.Message)
	return failure
}

// escaped is a text as it stands between the quotes of JSON.
func escaped(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\"\n")[1:]
}

// representation is what the API's definition says of messages of the content type, nil if
// it says no more than that there are some; defined reports whether it lists the type.
func (c *check) representation() (r *exchange.Representation, defined bool) {
	if c.run.Operation == nil || c.run.Operation.Definition == nil {
		return nil, false
	}
	d := c.run.Operation.Definition
	all := d.Request
	if !c.ofRequest() {
		all = nil
		if response := d.Response(c.run.Response.Status); response != nil {
			all = response.Representations
		}
	}
	for i := range all {
		if mediaType(all[i].ContentType) == c.contentType {
			return &all[i], true
		}
	}
	return nil, false
}
