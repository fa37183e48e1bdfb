package jsonschema

import (
	"github.com/dlclark/regexp2"
)

// A Schema is a schema that has been compiled. It may be used by several goroutines.
type Schema struct {
	resource *resource
	program  *program

	never   bool // the schema false
	ref     *Schema
	bare    bool // nothing stands beside the reference
	dynamic *dynamicRef

	types typeSet // 0: any
	// enum and constant are canonical texts; nil is none.
	enum     map[string]bool
	constant *string

	maximum, minimum *limit
	multipleOf       *number

	maxLength, minLength *int
	pattern              *expression
	format               string
	contentEncoding      string

	properties           map[string]*Schema
	patternProperties    []patternSchema
	additionalProperties *Schema
	unevaluatedProps     *Schema
	propertyNames        *Schema
	required             []string
	maxProperties        *int
	minProperties        *int
	dependentRequired    []dependency
	dependentSchemas     []dependency

	prefixItems      []*Schema
	items            *Schema // of those behind the prefix
	unevaluatedItems *Schema
	contains         *Schema
	minContains      *int
	maxContains      *int
	uniqueItems      bool
	maxItems         *int
	minItems         *int

	allOf, anyOf, oneOf []*Schema
	not                 *Schema
	condition           *Schema // if
	then, otherwise     *Schema
}

// program is what the schemas of one compilation share.
type program struct {
	Options
	steps int // that one validation may take
	// tracks says that a schema asks for what no other one has evaluated.
	tracks bool
}

// patternSchema is of properties whose names a pattern matches.
type patternSchema struct {
	pattern *expression
	schema  *Schema
}

// dependency is what a property asks for: others, or a schema.
type dependency struct {
	property string
	required []string
	schema   *Schema
}

// limit is a maximum or a minimum.
type limit struct {
	number
	exclusive bool
}

// expression is a regular expression of .NET.
type expression struct {
	text string
	*regexp2.Regexp
}

func (p *expression) matches(text string) bool {
	ok, err := p.MatchString(text)
	return ok && err == nil // the error is that it takes too long
}

// dynamicRef is a reference whose target depends on the schemas that led to it.
type dynamicRef struct {
	initial *Schema
	// anchored is the place of the anchor in a resource. It is nil if there is none where
	// the reference leads: it is like any other then.
	anchored func(*resource) (pointer string, there bool)
	targets  map[*resource]*Schema
}

// typeSet is a set of types, in the order in which JSchemaType has them.
type typeSet uint8

const (
	stringType typeSet = 1 << iota
	numberType
	integerType
	booleanType
	objectType
	arrayType
	nullType
)

// typeName is a type as JSON Schema and as .NET call it.
type typeName struct {
	set        typeSet
	name, text string
}

var typeNames = []typeName{
	{stringType, "string", "String"}, {numberType, "number", "Number"}, {integerType, "integer", "Integer"}, {booleanType, "boolean", "Boolean"},
	{objectType, "object", "Object"}, {arrayType, "array", "Array"}, {nullType, "null", "Null"},
}

// String is how .NET writes a set of flags.
func (t typeSet) String() string {
	text := ""
	for _, n := range typeNames {
		if t&n.set != 0 {
			if text != "" {
				text += ", "
			}
			text += n.text
		}
	}
	return text
}
