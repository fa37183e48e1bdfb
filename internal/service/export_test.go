package service

import "reflect"

// What the test of docs/apim.schema.json holds the schema against.
var (
	ConfigType     = reflect.TypeFor[config]()
	States         = states
	TextType       = reflect.TypeFor[text]()
	SectionType    = reflect.TypeFor[section]()
	NamedValueType = reflect.TypeFor[namedValue]()
)
