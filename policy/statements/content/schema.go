package content

import (
	"sync"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/jsonschema"
)

// schemaKey is a schema and what a <content> changes about it.
type schemaKey struct {
	document   *exchange.SchemaDocument
	pointer    string
	additional jsonschema.Additional
	ignoreCase bool
}

// schemaCache keeps compiled schemas: at most as many as the service has, six times each.
type schemaCache struct{ compiled sync.Map } // of schemaKey to compiledSchema

type compiledSchema struct {
	schema *jsonschema.Schema
	err    error
}

func newSchemaCache() *schemaCache { return &schemaCache{} }

// get is the schema, compiled when it is first asked for.
func (s *schemaCache) get(key schemaKey) (*jsonschema.Schema, error) {
	if found, ok := s.compiled.Load(key); ok {
		c := found.(compiledSchema)
		return c.schema, c.err
	}
	schema, err := jsonschema.Compile(key.document.Root, key.pointer, jsonschema.Options{Formats: true, IgnoreCase: key.ignoreCase, Additional: key.additional})
	s.compiled.Store(key, compiledSchema{schema, err})
	return schema, err
}
