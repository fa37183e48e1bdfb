package service

import (
	"reflect"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// What the test of docs/apim.schema.json holds the schema against.
var (
	ConfigType       = reflect.TypeFor[config]()
	States           = states
	TextType         = reflect.TypeFor[yamlfile.Text]()
	SectionType      = reflect.TypeFor[section]()
	NamedValueType   = reflect.TypeFor[namedValue]()
	CertificateType  = reflect.TypeFor[certificateConfig]()
	AccessPolicyType = reflect.TypeFor[accessPolicyConfig]()
)
