package statements

// pending are the statements, by category, that APIM has and this version does
// not run. A document with one is refused by its name and place. To make one
// run, define it in its category's package and take it off this list.
var pending = map[string][]string{
	"access": {
		"authentication-basic", "authentication-certificate", "get-authorization-context", "ip-filter",
		"validate-azure-ad-token", "validate-client-certificate",
	},
	"caching": {
		"azure-openai-semantic-cache-lookup", "azure-openai-semantic-cache-store", "cache-lookup", "cache-lookup-value",
		"cache-remove-value", "cache-store", "cache-store-value", "cache-value", "llm-semantic-cache-lookup", "llm-semantic-cache-store",
	},
	"content": {
		"llm-content-safety", "validate-content", "validate-headers", "validate-odata-request", "validate-parameters", "validate-status-code",
	},
	"cross-domain": {"cors", "cross-domain", "jsonp"},
	"flow":         {"wait"},
	"graphql":      {"cosmosdb-data-source", "http-data-source", "publish-event", "sql-data-source", "validate-graphql-request"},
	"integration": {
		"azure-openai-emit-token-metric", "emit-metric", "invoke-dapr-binding", "invoke-request", "llm-emit-token-metric", "log-to-eventhub",
		"publish-to-dapr", "send-one-way-request", "send-request", "send-service-bus-message",
	},
	"limits": {
		"azure-openai-token-limit", "llm-token-limit", "quota", "quota-by-key", "rate-limit", "rate-limit-by-key",
	},
	"routing": {"proxy"},
	"transform": {
		"json-to-xml", "redirect-content-urls", "xml-to-json", "xsl-transform",
	},
}
