package caching

import (
	"github.com/apimulator/apimulator/policy"
)

// cachingType is the attribute that says which cache is used.
func cachingType() policy.Attribute {
	return policy.Attribute{Name: "caching-type", Doc: "Which cache is used.", Type: policy.Enum,
		Values: []string{"prefer-external", "external", "internal"}, Default: "prefer-external"}
}

// key is the attribute that names an entry of the cache.
func key() policy.Attribute {
	return policy.Attribute{Name: "key", Doc: "Name of the entry.", Type: policy.String, Required: true, Expression: true}
}

// duration is the attribute that says how long an entry lives.
func duration() policy.Attribute {
	return policy.Attribute{Name: "duration", Doc: "Seconds that the entry lives.", Type: policy.Seconds, Required: true, Expression: true}
}
