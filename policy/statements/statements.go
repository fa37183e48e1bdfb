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
	return policy.NewCatalogue(map[string]func() *policy.Definition{
		"authentication-basic":               access.AuthenticationBasic,
		"authentication-certificate":         access.AuthenticationCertificate,
		"check-header":                       access.CheckHeader,
		"get-authorization-context":          access.GetAuthorizationContext,
		"ip-filter":                          access.IPFilter,
		"authentication-managed-identity":    access.ManagedIdentity,
		"validate-azure-ad-token":            access.ValidateAzureADToken,
		"validate-client-certificate":        access.ValidateClientCertificate,
		"validate-jwt":                       access.ValidateJWT,
		"azure-openai-emit-token-metric":     ai.AzureOpenAIEmitTokenMetric,
		"azure-openai-semantic-cache-lookup": ai.AzureOpenAISemanticCacheLookup,
		"azure-openai-semantic-cache-store":  ai.AzureOpenAISemanticCacheStore,
		"azure-openai-token-limit":           ai.AzureOpenAITokenLimit,
		"llm-content-safety":                 ai.LLMContentSafety,
		"llm-emit-token-metric":              ai.LLMEmitTokenMetric,
		"llm-semantic-cache-lookup":          ai.LLMSemanticCacheLookup,
		"llm-semantic-cache-store":           ai.LLMSemanticCacheStore,
		"llm-token-limit":                    ai.LLMTokenLimit,
		"cache-lookup":                       caching.CacheLookup,
		"cache-lookup-value":                 caching.CacheLookupValue,
		"cache-remove-value":                 caching.CacheRemoveValue,
		"cache-store":                        caching.CacheStore,
		"cache-store-value":                  caching.CacheStoreValue,
		"cache-value":                        caching.CacheValue,
		"validate-content":                   content.ValidateContent,
		"validate-headers":                   content.ValidateHeaders,
		"validate-odata-request":             content.ValidateODataRequest,
		"validate-parameters":                content.ValidateParameters,
		"validate-status-code":               content.ValidateStatusCode,
		"cors":                               crossdomain.CORS,
		"cross-domain":                       crossdomain.CrossDomain,
		"jsonp":                              crossdomain.JSONP,
		"choose":                             flow.Choose,
		"limit-concurrency":                  flow.LimitConcurrency,
		"retry":                              flow.Retry,
		"wait":                               flow.Wait,
		"cosmosdb-data-source":               graphql.CosmosDBDataSource,
		"http-data-source":                   graphql.HTTPDataSource,
		"publish-event":                      graphql.PublishEvent,
		"sql-data-source":                    graphql.SQLDataSource,
		"validate-graphql-request":           graphql.ValidateGraphQLRequest,
		"emit-metric":                        integration.EmitMetric,
		"invoke-dapr-binding":                integration.InvokeDaprBinding,
		"invoke-request":                     integration.InvokeRequest,
		"log-to-eventhub":                    integration.LogToEventHub,
		"publish-to-dapr":                    integration.PublishToDapr,
		"send-one-way-request":               integration.SendOneWayRequest,
		"send-request":                       integration.SendRequest,
		"send-service-bus-message":           integration.SendServiceBusMessage,
		"trace":                              integration.Trace,
		"quota":                              limits.Quota,
		"quota-by-key":                       limits.QuotaByKey,
		"rate-limit":                         limits.RateLimit,
		"rate-limit-by-key":                  limits.RateLimitByKey,
		"forward-request":                    routing.ForwardRequest,
		"proxy":                              routing.Proxy,
		"set-backend-service":                routing.SetBackendService,
		"find-and-replace":                   transform.FindAndReplace,
		"json-to-xml":                        transform.JSONToXML,
		"mock-response":                      transform.MockResponse,
		"redirect-content-urls":              transform.RedirectContentURLs,
		"return-response":                    transform.ReturnResponse,
		"rewrite-uri":                        transform.RewriteURI,
		"set-body":                           transform.SetBody,
		"set-header":                         transform.SetHeader,
		"set-method":                         transform.SetMethod,
		"set-query-parameter":                transform.SetQueryParameter,
		"set-status":                         transform.SetStatus,
		"set-variable":                       transform.SetVariable,
		"xml-to-json":                        transform.XMLToJSON,
		"xsl-transform":                      transform.XSLTransform,
	})
})
