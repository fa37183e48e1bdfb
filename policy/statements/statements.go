// Package statements collects the policy statements: those that run, from the
// package of each category, and the names of those that are known but don't run
// in this version.
package statements

import (
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/access"
	"github.com/apimulator/apimulator/policy/statements/flow"
	"github.com/apimulator/apimulator/policy/statements/integration"
	"github.com/apimulator/apimulator/policy/statements/routing"
	"github.com/apimulator/apimulator/policy/statements/transform"
)

// Catalogue is every statement that APIM has.
func Catalogue() *policy.Catalogue {
	definitions := []*policy.Definition{
		access.CheckHeader(),
		access.ManagedIdentity(),
		access.ValidateJWT(),
		flow.Choose(),
		flow.LimitConcurrency(),
		flow.Retry(),
		integration.Trace(),
		routing.ForwardRequest(),
		routing.SetBackendService(),
		transform.FindAndReplace(),
		transform.MockResponse(),
		transform.ReturnResponse(),
		transform.RewriteURI(),
		transform.SetBody(),
		transform.SetHeader(),
		transform.SetMethod(),
		transform.SetQueryParameter(),
		transform.SetStatus(),
		transform.SetVariable(),
	}
	for category, names := range pending {
		for _, name := range names {
			definitions = append(definitions, &policy.Definition{Element: policy.Element{Name: name}, Category: category})
		}
	}
	return policy.NewCatalogue(definitions...)
}
