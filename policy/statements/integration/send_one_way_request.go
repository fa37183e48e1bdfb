package integration

import (
	"slices"

	"github.com/apimulator/apimulator/policy"
)

// SendOneWayRequest defines <send-one-way-request>.
func SendOneWayRequest() *policy.Definition {
	e := sentRequest("send-one-way-request", "Sends a request of its own and does not wait for the response.")
	// Its page has none, nor has any deployed document.
	e.Children = slices.DeleteFunc(e.Children, func(c policy.Child) bool { return c.Name == "authentication-managed-identity" })
	return &policy.Definition{
		Element:  e,
		Category: "integration",
		Sections: policy.AnySection,
	}
}
