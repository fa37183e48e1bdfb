package exchange

// The types here are what the definition of an API, an OpenAPI document, says of the
// messages of its operations. They are shared and must not be changed.

// OperationDefinition is what an operation's messages look like.
type OperationDefinition struct {
	Request   []Representation
	Responses []ResponseDefinition
}

// ResponseDefinition is one of an operation's responses.
type ResponseDefinition struct {
	// Status is a code, a class such as "4XX", or "default".
	Status          string
	Representations []Representation
}

// Representation is a message in one content type, in the order of the document.
type Representation struct {
	ContentType string
	// Examples are whole bodies.
	Examples [][]byte
	// Sample is a body made of the schema; nil if there is none.
	Sample []byte
	Schema *Schema // nil: none
}

// Schema is a JSON schema: a place in a document.
type Schema struct {
	// Name is that of the definition.
	Name     string
	Document *SchemaDocument
	// Pointer is an RFC 6901 pointer into the document; "" means all of it.
	Pointer string
}

// SchemaDocument is JSON with schemas in it, of the draft of JSON Schema that it names.
type SchemaDocument struct {
	// ID is how the service calls it; "" for an API's definition.
	ID string
	// Root is as encoding/json decodes it, numbers being of the type json.Number.
	Root any
}

// Response is the operation's response of a status: by the code, or else by its class, or
// the default one. Nil if the operation has none.
func (d *OperationDefinition) Response(status int) *ResponseDefinition {
	if d == nil {
		return nil
	}
	code := []byte{byte('0' + status/100%10), byte('0' + status/10%10), byte('0' + status%10)}
	class := string(code[:1]) + "XX"
	var fits *ResponseDefinition
	for i := range d.Responses {
		r := &d.Responses[i]
		switch {
		case r.Status == string(code):
			return r
		case r.Status == class, r.Status == defaultResponse && fits == nil:
			fits = r
		}
	}
	return fits
}

// defaultResponse is the status of the response of all codes that are not listed.
const defaultResponse = "default"
