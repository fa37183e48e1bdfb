package exchange

// Reasons and messages of LastError and of the gateway's own responses, spelled
// as in errors.yaml and observed.md; the recorded form where a page and a record
// differ. Those of tokens are in package jwtvalidate.
const (
	ReasonOperationNotFound       = "OperationNotFound"
	ReasonSubscriptionKeyNotFound = "SubscriptionKeyNotFound"
	ReasonSubscriptionKeyInvalid  = "SubscriptionKeyInvalid"
	ReasonClientConnectionFailure = "ClientConnectionFailure"
	ReasonBackendConnection       = "BackendConnectionFailure"
	ReasonExpressionEvaluation    = "ExpressionValueEvaluationFailure"
	ReasonTimeout                 = "Timeout"
	ReasonPoolInactive            = "PoolIsInactive" // observed.md 4.8
	ReasonHeaderNotFound          = "HeaderNotFound"
	ReasonHeaderValueNotAllowed   = "HeaderValueNotAllowed"
	ReasonBadRequest              = "Bad request"          // of a content validation
	ReasonResponseNotAllowed      = "Response not allowed" // of a content validation
	ReasonRateLimitExceeded       = "RateLimitExceeded"
	ReasonQuotaExceeded           = "QuotaExceeded"
	ReasonTokenLimitExceeded      = "OpenAITokenLimitExceeded"
	ReasonTokenQuotaExceeded      = "OpenAITokenQuotaExceeded"

	ReasonCallerAddressUnknown    = "FailedToParseCallerIP"
	ReasonCallerAddressNotAllowed = "CallerIpNotAllowed"
	ReasonCallerAddressBlocked    = "CallerIpBlocked"

	// Those of validate-client-certificate stand in tests that run against Azure
	// (github.com/ronaldbosma/mtls-with-apim-and-agw, Scenario1Tests.cs, 2026).
	ReasonClientCertificateNotFound    = "ClientCertificateNotFound"
	ReasonClientCertificateNotTrusted  = "ClientCertificateNotTrusted"
	ReasonClientCertificateExpired     = "ClientCertificateExpired"
	ReasonClientCertificateNotYetValid = "ClientCertificateNotYetValid"
	ReasonClientCertificateNotMatched  = "ClientCertificateIdentityNotMatched"

	// Chosen: no page and no record names one for these.
	ReasonCacheMissing                       = "CacheNotConfigured"
	ReasonBackendInactive                    = "BackendIsInactive" // as that of a pool
	ReasonBackendUnknown                     = "BackendNotFound"
	ReasonBackendStatus                      = "BackendErrorStatusCode"
	ReasonContentSafety                      = "ContentSafetyCheckFailed"
	ReasonClientCertificateRevoked           = "ClientCertificateRevoked"
	ReasonClientCertificateRevocationUnknown = "ClientCertificateRevocationUnknown"
	ReasonCertificateNotFound                = "CertificateNotFound"
	ReasonCertificateInvalid                 = "CertificateInvalid"
	ReasonAuthorizationContext               = "AuthorizationContextFailure"
	ReasonManagedIdentity                    = "ManagedIdentityTokenFailure"
	ReasonNotRunnable                        = "PolicyNotEmulated"
	ReasonConcurrencyLimit                   = "ConcurrencyLimitExceeded"
	ReasonBodyTooLarge                       = "BodyTooLarge"
	ReasonConversion                         = "ContentConversionFailure"
	ReasonInternal                           = "InternalError"
	ReasonResponseVariable                   = "ResponseVariableInvalid"
	ReasonOvertaken                          = "Cancelled" // in traces only
)

const (
	SourceConfiguration    = "configuration"
	SourceAuthorization    = "authorization"
	SourceRequestForwarder = "request-forwarder"
	SourceForwardRequest   = "forward-request"
	SourceTransferResponse = "transfer-response"
)

const (
	MessageContentSafety          = "Request failed content safety check."
	MessageInternal               = "Internal server error"
	MessageOperationNotFound      = "Unable to match incoming request to an operation."
	MessageResourceNotFound       = "Resource not found"
	MessageSubscriptionKeyMissing = "Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API."
	MessageSubscriptionKeyInvalid = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
	MessageClientGoneForwarding   = "The operation was canceled."
	MessageClientGoneTransferring = "A task was canceled."
	MessageConcurrencyLimit       = "Concurrency limit is exceeded."
	MessageRateLimitExceeded      = "Rate limit is exceeded"
	MessageTokenLimitExceeded     = "Token limit is exceeded."
	MessageTokenQuotaExceeded     = "Token quota is exceeded."
	MessageServiceUnavailable     = "Service unavailable"
	MessageOvertaken              = "Another branch of <wait> has ended."
	MessageTokenNotPresent        = "JWT not present."
	MessageTokenInvalid           = "Invalid JWT."
	MessageCallerAddressUnknown   = "Failed to establish IP address for the caller. Access denied."
	MessageCallerAddressBlocked   = "Caller IP address is blocked. Access denied."
	MessageForbidden              = "Forbidden"
	// The first two of a client's certificate are in the tests named above.
	MessageClientCertificateMissing = "Client certificate missing"
	MessageClientCertificateInvalid = "Invalid client certificate"
	MessageCertificateInvalid       = "The certificate can't be read."
	MessageValidationInternal       = "The request could not be processed due to an internal error. Contact the API owner."
)

// MessageCallerAddressNotAllowed is ip-filter's message for an address that is not
// listed.
func MessageCallerAddressNotAllowed(address string) string {
	return "Caller IP address " + address + " is not allowed. Access denied."
}

// MessageCertificateNotFound is LastError's message for a certificate that the
// service does not have.
func MessageCertificateNotFound(by, name string) string {
	return "Certificate with " + by + " '" + name + "' could not be found."
}

// MessageEvaluationFailed is LastError's message for an expression that threw.
func MessageEvaluationFailed(message string) string {
	return "Expression evaluation failed. " + message
}

// MessagePoolInactive is LastError's message for a pool with every member tripped, in the
// words that its reason phrase used to have (observed.md 4.8).
func MessagePoolInactive(id string) string {
	return "Backend pool '" + id + "' is temporarily unavailable."
}

// MessageBackendInactive is the same for a single backend.
func MessageBackendInactive(id string) string {
	return "Backend '" + id + "' is temporarily unavailable."
}

// MessageBackendUnknown is for an expression that names a backend which is not there; a
// document that names one is refused with this text (observed.md, V11).
func MessageBackendUnknown(id string) string {
	return "Backend with id '" + id + "' could not be found."
}

// MessageResponseVariable is return-response's message for a variable without a response.
func MessageResponseVariable(name string) string {
	return "Variable '" + name + "' holds no response."
}

// MessageHeaderNotFound is check-header's message for an absent header.
func MessageHeaderNotFound(name string) string {
	return "Header " + name + " was not found in the request. Access denied."
}

// MessageHeaderValueNotAllowed is check-header's message for a value that is
// not listed.
func MessageHeaderValueNotAllowed(name, value string) string {
	return "Header " + name + " value of " + value + " is not allowed. Access denied."
}

// MessageConversionFailed is the message of a body that is not of the format that it is
// converted from. Chosen: no page and no record has one.
func MessageConversionFailed(format, why string) string {
	return "The message body is not valid " + format + ". " + why
}

// StatusText is .NET's reason phrase for a status, "" for an unknown one.
func StatusText(status int) string { return statusText[status] }

var statusText = map[int]string{
	200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information", 204: "No Content", 205: "Reset Content", 206: "Partial Content",
	300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 305: "Use Proxy", 307: "Temporary Redirect", 308: "Permanent Redirect",
	400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
	407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
	413: "Request Entity Too Large", 414: "Request-Uri Too Long", 415: "Unsupported Media Type", 416: "Requested Range Not Satisfiable", 417: "Expectation Failed",
	422: "Unprocessable Entity", 426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
	500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 505: "Http Version Not Supported",
}
