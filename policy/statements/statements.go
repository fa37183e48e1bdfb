// Package statements collects the policy statements from the package of each
// category: those that run, and those that are known but don't run in this version.
package statements

import (
	"sync"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/statements/access"
	"github.com/apimulator/apimulator/policy/statements/ai"
	"github.com/apimulator/apimulator/policy/statements/caching"
	"github.com/apimulator/apimulator/policy/statements/content"
	"github.com/apimulator/apimulator/policy/statements/crossdomain"
	"github.com/apimulator/apimulator/policy/statements/flow"
	"github.com/apimulator/apimulator/policy/statements/graphql"
	"github.com/apimulator/apimulator/policy/statements/integration"
	"github.com/apimulator/apimulator/policy/statements/limits"
	"github.com/apimulator/apimulator/policy/statements/routing"
	"github.com/apimulator/apimulator/policy/statements/transform"
)

// Catalogue is every statement that APIM has.
func Catalogue() *policy.Catalogue { return catalogue() }

// catalogue is made once: nothing of it changes.
var catalogue = sync.OnceValue(func() *policy.Catalogue {
	return policy.NewCatalogue(
		access.AuthenticationBasic(),
		access.AuthenticationCertificate(),
		access.CheckHeader(),
		access.GetAuthorizationContext(),
		access.IPFilter(),
		access.ManagedIdentity(),
		access.ValidateAzureADToken(),
		access.ValidateClientCertificate(),
		access.ValidateJWT(),
		ai.AzureOpenAIEmitTokenMetric(),
		ai.AzureOpenAISemanticCacheLookup(),
		ai.AzureOpenAISemanticCacheStore(),
		ai.AzureOpenAITokenLimit(),
		ai.LLMContentSafety(),
		ai.LLMEmitTokenMetric(),
		ai.LLMSemanticCacheLookup(),
		ai.LLMSemanticCacheStore(),
		ai.LLMTokenLimit(),
		caching.CacheLookup(),
		caching.CacheLookupValue(),
		caching.CacheRemoveValue(),
		caching.CacheStore(),
		caching.CacheStoreValue(),
		caching.CacheValue(),
		content.ValidateContent(),
		content.ValidateHeaders(),
		content.ValidateODataRequest(),
		content.ValidateParameters(),
		content.ValidateStatusCode(),
		crossdomain.CORS(),
		crossdomain.CrossDomain(),
		crossdomain.JSONP(),
		flow.Choose(),
		flow.LimitConcurrency(),
		flow.Retry(),
		flow.Wait(),
		graphql.CosmosDBDataSource(),
		graphql.HTTPDataSource(),
		graphql.PublishEvent(),
		graphql.SQLDataSource(),
		graphql.ValidateGraphQLRequest(),
		integration.EmitMetric(),
		integration.InvokeDaprBinding(),
		integration.InvokeRequest(),
		integration.LogToEventHub(),
		integration.PublishToDapr(),
		integration.SendOneWayRequest(),
		integration.SendRequest(),
		integration.SendServiceBusMessage(),
		integration.Trace(),
		limits.Quota(),
		limits.QuotaByKey(),
		limits.RateLimit(),
		limits.RateLimitByKey(),
		routing.ForwardRequest(),
		routing.Proxy(),
		routing.SetBackendService(),
		transform.FindAndReplace(),
		transform.JSONToXML(),
		transform.MockResponse(),
		transform.RedirectContentURLs(),
		transform.ReturnResponse(),
		transform.RewriteURI(),
		transform.SetBody(),
		transform.SetHeader(),
		transform.SetMethod(),
		transform.SetQueryParameter(),
		transform.SetStatus(),
		transform.SetVariable(),
		transform.XMLToJSON(),
		transform.XSLTransform(),
	)
})
