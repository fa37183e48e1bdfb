package emulator

import (
	"slices"

	"github.com/apimulator/apimulator/internal/gateway"
	"github.com/apimulator/apimulator/internal/service"
)

// debugging is how clients of the gateway get at traces.
func (e *Emulator) debugging() gateway.Debugging {
	d := gateway.Debugging{Tokens: e.debug, Explain: e.config.onLoopback()}
	if e.config.OldTrace {
		d.Location = func(id string) string { return e.Management() + "/trace/" + id + "?" + e.debug.Link(id) }
	}
	return d
}

func (e *Emulator) hasAPI(id string) bool {
	return slices.ContainsFunc(e.Service().APIs, func(a *service.API) bool { return a.View.ID == id })
}
