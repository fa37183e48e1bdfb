package transform

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// conversionSections are those of the statements that convert bodies.
var conversionSections = []exchange.Section{exchange.Inbound, exchange.Outbound, exchange.OnError}

// conversion are the attributes that say when a body is converted: to what the
// client accepts, from a content type.
func conversion(from, to string) []policy.Attribute {
	return []policy.Attribute{
		{Name: "apply", Doc: "Always, or if Content-Type says so.", Type: policy.Enum, Values: []string{"always", from}, Required: true, Expression: true},
		{Name: "consider-accept-header", Doc: "Only for a request that accepts " + to + ".", Type: policy.Bool, Default: "true", Expression: true},
	}
}

// JSONToXML defines <json-to-xml>.
func JSONToXML() *policy.Definition {
	return &policy.Definition{
		Element: policy.Element{
			Name: "json-to-xml",
			Doc:  "Converts a body from JSON to XML.",
			Attributes: append(conversion("content-type-json", "XML"),
				policy.Attribute{Name: "parse-date", Doc: "Whether texts that look like dates are read as such, and written anew.", Type: policy.Bool, Default: "true"},
				policy.Attribute{Name: "namespace-separator", Doc: "The character between prefix and name of a property.", Type: policy.String, Default: "_", Expression: true},
				policy.Attribute{Name: "namespace-prefix", Doc: "Properties that begin with it, usually xmlns, declare namespaces.", Type: policy.String, Expression: true},
				policy.Attribute{Name: "attribute-block-name", Doc: "Name of the property that holds an element's attributes.", Type: policy.String, Expression: true},
			),
		},
		Category: "transform",
		Sections: conversionSections,
	}
}
