package transform

import (
	"bytes"
	"errors"
	"strings"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// conversionSections are those of the statements that convert bodies.
var conversionSections = []exchange.Section{exchange.Inbound, exchange.Outbound, exchange.OnError}

const always = "always"

// conversionAttributes are those that say when a body is converted: to what the client
// accepts, from a content type.
func conversionAttributes(from, to string) []policy.Attribute {
	return []policy.Attribute{
		{Name: "apply", Doc: "Always, or if Content-Type says so.", Type: policy.Enum, Values: []string{always, from}, Required: true, Expression: true},
		{Name: "consider-accept-header", Doc: "Only for a request that accepts " + to + ".", Type: policy.Bool, Default: "true", Expression: true},
	}
}

// A format is what bodies are converted from or to.
type format struct{ name, suffix string }

var (
	jsonFormat = format{"json", "+json"}
	xmlFormat  = format{"xml", "+xml"}
)

// is reports whether a media type is of the format: application/json, text/json and what
// ends in +json.
func (f format) is(mediaType string) bool {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	return mediaType == "application/"+f.name || mediaType == "text/"+f.name || strings.HasSuffix(mediaType, f.suffix)
}

// accepted reports whether an Accept header asks for the format. Chosen: one that takes
// anything, or none, does not ask for it.
func (f format) accepted(h *exchange.Header) bool {
	accept, _ := h.Joined("Accept", ",")
	for item := range strings.SplitSeq(accept, ",") {
		if f.is(item) && !refusesQuality(item) {
			return true
		}
	}
	return false
}

// refusesQuality reports whether a range of Accept has q=0.
func refusesQuality(item string) bool {
	for parameter := range strings.SplitSeq(item, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			return strings.Trim(strings.TrimSpace(value), "0.") == ""
		}
	}
	return false
}

// conversion is a statement that converts the body of a section's message.
type conversion struct {
	apply    policy.Operand[string]
	consider policy.Operand[bool]
	from, to format
	// contentType is what the body is of then.
	contentType string
	section     exchange.Section
	statement   string
	// noted is what the trace says of it.
	noted   string
	convert func(r *policy.Run, m *expr.Machine, text string) (string, error)
}

func compileConversion(n *policy.Node, from, to format) conversion {
	return conversion{
		apply: n.String("apply"), consider: n.Bool("consider-accept-header"), from: from, to: to,
		contentType: "application/" + to.name, section: n.Site().Section, statement: n.Name,
	}
}

func (s *conversion) Run(r *policy.Run) error {
	m := part.MessageOf(r, s.section)
	why, err := s.applies(r, m)
	if err != nil {
		return err
	}
	if why != "" {
		r.Note(s.statement, "The body was not converted: "+why+".")
		return nil
	}
	data, err := m.Body.Buffer(r.Env.BodyLimit)
	if err != nil {
		return err
	}
	if coding, _ := m.Header.Get("Content-Encoding"); coding != "" {
		if data, err = exchange.Decode(coding, data, r.Env.BodyLimit); err != nil {
			return err
		}
	}
	text, err := s.convert(r, r.Machine(), string(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	if err != nil {
		return s.failure(err)
	}
	m.Header.Del("Content-Encoding")
	m.Header.Del("Content-Length")
	m.Header.Set("Content-Type", s.contentType)
	m.Body.Replace([]byte(text))
	r.Note(s.statement, s.noted)
	return nil
}

// applies reports why there is nothing to convert; "" if there is.
func (s *conversion) applies(r *policy.Run, m part.Message) (why string, err error) {
	apply, err := s.apply.Get(r)
	if err != nil {
		return "", err
	}
	consider, err := s.consider.Get(r)
	if err != nil {
		return "", err
	}
	contentType, _ := m.Header.Get("Content-Type")
	switch {
	case !m.Body.Exists() || m.Body.Length() == 0:
		return "there is none", nil
	case apply != always && !s.from.is(contentType):
		return "its Content-Type does not tell " + strings.ToUpper(s.from.name), nil
	case consider && !s.to.accepted(&r.Request.Header):
		return "the request does not accept " + strings.ToUpper(s.to.name), nil
	}
	return "", nil
}

// failure is what comes of a body that is malformed. Chosen: no source tells status and
// reason.
func (s *conversion) failure(err error) error {
	var f *exchange.Failure
	if errors.As(err, &f) {
		return err // of an expression
	}
	f = &exchange.Failure{Status: 500, Err: err}
	f.Reason, f.Message = exchange.ReasonConversion, exchange.MessageConversionFailed(strings.ToUpper(s.from.name), err.Error())
	return f
}
