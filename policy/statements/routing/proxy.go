package routing

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/part"
)

// Proxy defines <proxy>.
func Proxy() *policy.Definition {
	return &policy.Definition{
		Element:  part.Proxy(),
		Category: "routing",
		Sections: policy.InboundOnly,
	}
}
