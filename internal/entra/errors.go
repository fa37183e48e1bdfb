package entra

import (
	"fmt"
	"net/http"
	"unicode/utf8"
)

// An Error is a refusal in Entra's form (identity.md 5.6). What is sent to the
// client has the trace id, the correlation id and the time added.
type Error struct {
	// Code is the AADSTS number; 0 for the few errors that have none.
	Code int
	// OAuth is the error name of OAuth 2.0, such as invalid_grant.
	OAuth string
	// Status is the HTTP status.
	Status int
	// Text is the sentence, without the number.
	Text string
	// Suberror and Claims come with interaction_required.
	Suberror, Claims string
}

// Error is the sentence with its number.
func (e *Error) Error() string {
	if e.Code == 0 {
		return e.Text
	}
	return fmt.Sprintf("AADSTS%d: %s", e.Code, e.Text)
}

// A refusal is a kind of [Error]; its text is a format.
type refusal struct {
	code   int
	oauth  string
	status int
	text   string
}

// maxQuoted is how much of a client's own words an error text repeats, in bytes.
const maxQuoted = 200

// of makes the error, quoting at most maxQuoted bytes of each text argument.
func (r refusal) of(args ...any) *Error {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = shorten(s)
		}
	}
	return &Error{Code: r.code, OAuth: r.oauth, Status: r.status, Text: fmt.Sprintf(r.text, args...)}
}

func shorten(s string) string {
	if len(s) <= maxQuoted {
		return s
	}
	cut := maxQuoted
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}

// Names of OAuth 2.0 errors.
const (
	invalidRequest       = "invalid_request"
	invalidClient        = "invalid_client"
	invalidGrant         = "invalid_grant"
	invalidScope         = "invalid_scope"
	invalidResource      = "invalid_resource"
	unauthorizedClient   = "unauthorized_client"
	unsupportedGrantType = "unsupported_grant_type"
	unsupportedResponse  = "unsupported_response_type"
	interactionRequired  = "interaction_required"
	accessDenied         = "access_denied"
)

const (
	bad    = http.StatusBadRequest
	unauth = http.StatusUnauthorized
)

// What every endpoint refuses.
var (
	errTenantUnknown = refusal{90002, invalidRequest, bad, "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."}
	// The discovery endpoints have another name for the same thing (observed,
	// azure-keyvault-emulator#324).
	errTenantUnknownToDiscovery = refusal{90002, "invalid_tenant", bad, errTenantUnknown.text}
	errInstanceUnknown          = refusal{50049, "invalid_instance", bad, "Unknown or invalid instance."}
	errParameterMissing         = refusal{900144, invalidRequest, bad, "The request body must contain the following parameter: '%s'."}
	errParameterTwice           = refusal{9000411, invalidRequest, bad, "The request is not properly formatted. The parameter '%s' is duplicated."}
	errMalformed                = refusal{9002313, invalidRequest, bad, "Invalid request. Request is malformed or invalid."}
	errNotPost                  = refusal{900561, invalidRequest, bad, "The endpoint only accepts POST requests. Received a %s request."}
	errClaimsMalformed          = refusal{90023, invalidRequest, bad, "The value of parameter 'claims' is not a JSON object."}
	errResourceOnV2             = refusal{901002, invalidRequest, bad, "The 'resource' request parameter is not supported."}
)

// About the client.
var (
	errClientUnknown      = refusal{700016, unauthorizedClient, bad, "Application with identifier '%s' was not found in the directory '%s'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."}
	errClientSingleTenant = refusal{50194, invalidRequest, bad, "Application '%s'(%s) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant."}
	errNoTenant           = refusal{50059, invalidRequest, bad, "No tenant-identifying information found in either the request or implied by any provided credentials."}
	errSecretWrong        = refusal{7000215, invalidClient, unauth, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'."}
	errSecretExpired      = refusal{7000222, invalidClient, unauth, "The provided client secret keys for app '%s' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds."}
	errCredentialMissing  = refusal{7000218, invalidClient, unauth, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."}
	errPublicClient       = refusal{700025, invalidClient, unauth, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."}
	errClientTwice        = refusal{90023, invalidRequest, bad, "The client authenticated both in the Authorization header and in the request body, with different values."}
)

// About client assertions. The texts of 700024 and 700027 are recorded (Azure/login#180,
// azure-sdk-for-net#29007, azure-sdk-for-java#25109, microsoft-authentication-library-for-js#8339);
// those of 700021 and 700023 are in Microsoft's list; 50027's and 5002723's come from memory.
const (
	aboutCertificates = "Review the documentation at https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials ."
	aboutKeys         = "Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '%[2]s'. Review the documentation at " +
		"https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service endpoint and " +
		"https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL, such as " +
		"'https://graph.microsoft.com/beta/applications/%[2]s'"
	aboutFoundKeys = "Thumbprint of key used by client: '%[1]s', Found key '%[2]s', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see " +
		"configured keys for app Id '%[3]s']"
)

var (
	errAssertionType       = refusal{90023, invalidRequest, bad, "The value '%s' of parameter 'client_assertion_type' is not supported; it is '" + jwtBearer + "'."}
	errAssertionMalformed  = refusal{50027, invalidClient, unauth, "JWT token is invalid or malformed."}
	errAssertionNoKey      = refusal{5002723, invalidClient, unauth, "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in token header."}
	errAssertionClient     = refusal{700021, invalidClient, unauth, "Client assertion application identifier doesn't match 'client_id' parameter. " + aboutCertificates}
	errAssertionAudience   = refusal{700023, invalidClient, unauth, "Client assertion audience claim does not match Realm issuer. " + aboutCertificates}
	errAssertionTime       = refusal{700024, invalidClient, unauth, "Client assertion is not within its valid time range. Current time: %s, assertion valid from %s, expiry time of assertion %s. " + aboutCertificates}
	errAssertionKey        = refusal{700027, invalidClient, unauth, "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '%[1]s', " + aboutKeys + "]."}
	errAssertionExpiredKey = refusal{700027, invalidClient, unauth, "Client assertion contains an invalid signature. [Reason - The key used is expired., " + aboutFoundKeys + "."}
	errAssertionSignature  = refusal{700027, invalidClient, unauth, "Client assertion contains an invalid signature. [Reason - The provided signature value did not match the expected signature value., " + aboutFoundKeys + "."}
)

// About workload identity federation. The texts of 70021, 70023, 700211 to 700213 are
// recorded (azure-workload-identity#616 and #1200, Azure/login#482, azure-docs#86915); that of
// 7002138 is shortened; those of a bad signature and of an issuer out of reach are chosen,
// with the numbers of Microsoft's list.
const aboutFederation = "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"

var (
	errFederatedNone       = refusal{70021, invalidClient, unauth, "No matching federated identity record found for presented assertion. Assertion Issuer: '%s'. Assertion Subject: '%s'. Assertion Audience: '%s'. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"}
	errFederatedNoIssuer   = refusal{700211, invalidClient, unauth, "No matching federated identity record found for presented assertion issuer '%s'. " + aboutFederation}
	errFederatedNoAudience = refusal{700212, invalidClient, unauth, "No matching federated identity record found for presented assertion audience '%s'. " + aboutFederation}
	errFederatedNoSubject  = refusal{700213, invalidClient, unauth, "No matching federated identity record found for presented assertion subject '%s'. " + aboutFederation}
	errFederatedCase       = refusal{7002138, invalidClient, unauth, "No matching federated identity record found for presented assertion subject '%s'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. " + aboutFederation}
	errFederatedLife       = refusal{70023, invalidRequest, bad, "External OIDC Provider token must have a lifetime of less than or equal to 1.01:00:00. Token issued at %d. Token expires on %d."}
	errFederatedSignature  = refusal{700027, invalidClient, unauth, "Client assertion contains an invalid signature. [Reason - The provided signature value did not match the expected signature value.]."}
	errFederatedIssuer     = refusal{50166, invalidRequest, bad, "Request to External OIDC endpoint failed."}
)

// About what is asked for.
var (
	errResourceUnknown   = refusal{500011, invalidResource, bad, "The resource principal named %s was not found in the tenant named %s. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."}
	errResourceNotListed = refusal{650057, invalidResource, bad, "Invalid resource. The client has requested access to a resource which is not listed in the requested permissions in the client's application registration. Client app ID: %s(%s). Resource value from request: %s. Resource app ID: %s."}
	errScopeInvalid      = refusal{70011, invalidScope, bad, "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope %s is not valid."}
	errScopeMixed        = refusal{70011, invalidScope, bad, "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. .default scope can't be combined with resource-specific scopes."}
	errScopeNotDefault   = refusal{1002012, invalidScope, bad, "The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."}
	errScopeUnknown      = refusal{650053, invalidClient, bad, "The application '%s' asked for scope '%s' that doesn't exist on the resource '%s'. Contact the app vendor."}
	errResourcesMany     = refusal{28000, invalidRequest, bad, "Provided value for the input parameter scope is not valid because it contains more than one resource. Scope %s is not valid."}
	errUserNotAssigned   = refusal{50105, accessDenied, bad, "Your administrator has configured the application %s ('%s') to block users unless they are specifically granted ('assigned') access to the application. The signed-in user '%s' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application."}
	errAppNotAssigned    = refusal{501051, invalidGrant, bad, "Application '%s'(%s) is not assigned to a role for the application '%s'(%s)."}
)

// About signing in.
var (
	errRedirectMismatch    = refusal{50011, invalidClient, bad, "The redirect URI '%s' specified in the request does not match the redirect URIs configured for the application '%s'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error."}
	errResponseTypeOff     = refusal{700051, unsupportedResponse, bad, "response_type '%s' is not enabled for the application."}
	errIDTokenOff          = refusal{700054, unsupportedResponse, bad, "response_type '%s' is not enabled for the application."}
	errResponseTypeUnknown = refusal{70005, unsupportedResponse, bad, "The value '%s' of parameter 'response_type' is not supported."}
	errResponseMode        = refusal{70007, invalidRequest, bad, "'%s' is not a supported value of 'response_mode' when requesting a token."}
	errPrompt              = refusal{90023, invalidRequest, bad, "Unsupported 'prompt' value '%s'."}
	errChallengeSize       = refusal{50147, invalidGrant, bad, "Missing code challenge. The size of the code challenge parameter isn't valid."}
	errChallengeMethod     = refusal{90023, invalidRequest, bad, "The code challenge method '%s' isn't valid; it must be 'plain' or 'S256'."}
	errNotSignedIn         = refusal{50058, interactionRequired, bad, "A silent sign-in request was sent but no user is signed in."}
	errUserUnknown         = refusal{50034, invalidGrant, bad, "The user account %s does not exist in the %s directory. To sign into this application, the account must be added to the directory."}
	errSignInDeclined      = refusal{65004, accessDenied, bad, "User declined to consent to access the app."}
	errSignInStale         = refusal{90023, invalidRequest, bad, "This sign-in page was used already, or it is too old. Go back to the application and start again."}
	errSignInForeign       = refusal{90023, invalidRequest, http.StatusForbidden, "The sign-in page can only be answered from the page itself, not from another site."}
)

// About grants.
var (
	errGrantUnsupported = refusal{70003, unsupportedGrantType, bad, "The app requested an unsupported grant type '%s'."}
	errPasswordEmulated = refusal{70003, unsupportedGrantType, bad, "The app requested an unsupported grant type 'password': apimulator does not emulate user passwords. Sign in by code or device code."}
	errOnBehalfEmulated = refusal{70003, unsupportedGrantType, bad, "The app requested an unsupported grant type 'urn:ietf:params:oauth:grant-type:jwt-bearer': apimulator does not emulate the on-behalf-of flow."}
	errGrantMalformed   = refusal{9002313, invalidGrant, bad, errMalformed.text}
	errGrantForeign     = refusal{70000, invalidGrant, bad, "Provided grant is invalid or malformed: it was issued to another application."}
	errGrantOtherTenant = refusal{700005, invalidGrant, bad, "Provided Authorization Code is intended to use against other tenant, thus rejected. OAuth2 Authorization Code must be redeemed against same tenant it was acquired for (/common or /{tenant-ID} as appropriate)."}
	errCodeRedeemed     = refusal{54005, invalidGrant, bad, "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token."}
	errCodeExpired      = refusal{70008, invalidGrant, bad, "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource."}
	errVerifier         = refusal{501481, invalidGrant, bad, "The Code_Verifier does not match the code_challenge supplied in the authorization request."}
	errRefreshExpired   = refusal{700082, invalidGrant, bad, "The refresh token has expired due to inactivity. The token was issued on %s and was inactive for %s."}
	errDevicePending    = refusal{70016, "authorization_pending", bad, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."}
	errDeviceDeclined   = refusal{0, "authorization_declined", bad, "The end user denied the authorization request."}
	errDeviceUnknown    = refusal{70018, "bad_verification_code", bad, "Invalid verification code. The device_code sent to the token endpoint wasn't recognized."}
	errDeviceExpired    = refusal{70019, "expired_token", bad, "Verification code expired. Have the user retry the sign-in."}
)

// What the token endpoint can be made to answer by [TokenFault].
var injectable = []refusal{
	{50076, interactionRequired, bad, "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource."},
	{50079, interactionRequired, bad, "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource."},
	{53003, accessDenied, bad, "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."},
	{65001, invalidGrant, bad, "The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource."},
	{50173, invalidGrant, bad, "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password."},
	{50196, invalidGrant, bad, "The server terminated an operation because it encountered a client request loop. Please contact your app vendor."},
}

// What a fault with a status but no error of its own says.
var (
	errThrottled = refusal{90055, "temporarily_unavailable", http.StatusTooManyRequests, "There are too many incoming requests."}
	errTransient = refusal{90033, "temporarily_unavailable", http.StatusServiceUnavailable, "A transient error has occurred. Please try again."}
)
