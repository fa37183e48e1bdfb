package access

import "github.com/apimulator/apimulator/policy"

var authenticationBasicFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Puts both values into Authorization as a Basic credential, for the backend."},
	{Is: policy.Chosen, Rows: "u1", Text: "The credential is UTF-8.", Why: "RFC 7617"},
}

var authenticationCertificateFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "The certificate authenticates the gateway to the backend."},
	{Is: policy.Documented, Rows: "b2", Text: "certificate-id names one of the service, thumbprint any of its certificates."},
	{Is: policy.Chosen, Rows: "u1", Text: "An unknown constant certificate-id is refused at load; another unknown one is 500, reason `CertificateNotFound`.", Why: "the connection could not be made as the policy says"},
	{Is: policy.Chosen, Text: "Exactly one of thumbprint, certificate-id and body; password beside body only.", Why: "no source says which wins"},
	{Is: policy.Chosen, Text: "A body that is no certificate is 500, reason `CertificateInvalid`.", Why: "the connection could not be made as the policy says"},
	{Is: policy.Chosen, Text: "Of several statements the last one counts; the certificate is not shown to another origin that a redirect leads to.", Why: "there is one connection, and it is for that backend"},
}

var managedIdentityFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Gets a token for resource, puts it into Authorization as Bearer, and keeps it until it expires."},
	{Is: policy.Observed, Rows: "f1", Text: "No token: 500 with the general body."},
	{Is: policy.Chosen, Rows: "f1 u1", Text: "Its reason is `ManagedIdentityTokenFailure`, and LastError names the resource; with ignore-error the request goes on as it is.", Why: "that it is a 500 is recorded, the reason is not"},
	{Is: policy.Chosen, Rows: "b2 u2", Text: "With output-token-variable-name the variable gets the token and Authorization stays as it is.", Why: "the page's sample sets the header itself"},
	{Is: policy.Chosen, Text: "It runs outside of inbound too, with a warning at load.", Why: "deployed documents have it in outbound"},
}

var checkHeaderFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Refuses a request whose header is missing, is empty or has none of the values; without values any will do."},
	{Is: policy.Documented, Rows: "b2", Text: "All four attributes are compulsory."},
	{Is: policy.Documented, Rows: "f1", Text: "Missing or empty: reason `HeaderNotFound`, `Header X was not found in the request. Access denied.`; status and the client's message are the attributes'."},
	{Is: policy.Documented, Rows: "f2", Text: "Another value: reason `HeaderValueNotAllowed`, `Header X value of y is not allowed. Access denied.`; status and the client's message are the attributes'."},
	{Is: policy.Chosen, Rows: "u1", Text: "LastError has the table's text, the client failed-check-error-message.", Why: "so on-error can tell them apart"},
	{Is: policy.Chosen, Rows: "u2", Text: "Of a header sent several times one line that matches is enough.", Why: "any of the values is meant"},
}

var getAuthorizationContextFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "The variable gets an Authorization with AccessToken and Claims; with ignore-error it gets null where there is none."},
	{Is: policy.Documented, Rows: "b2", Text: `With identity-type="jwt" the token in identity has to be for https://azure-api.net/authorization-manager, with oid and tid, and an application's.`},
	{Is: policy.Documented, Rows: "b3", Text: "The request is not touched."},
	{Is: policy.Documented, Rows: "f1", Text: "No token: 500."},
	{Is: policy.Chosen, Rows: "f1 u1", Text: "Its reason is `AuthorizationContextFailure`, and LastError names the connection.", Why: "that it is a 500 is documented, no text is"},
	{Is: policy.Chosen, Text: "A connection without access policies gives its token to the managed identity.", Why: "a laptop's need no policy"},
	{Is: policy.Chosen, Text: "identity may begin with Bearer.", Why: "policies pass Authorization on"},
}

var ipFilterFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "allow lets the listed addresses in and refuses others; forbid the reverse."},
	{Is: policy.Documented, Rows: "b2", Text: "At several scopes each filter decides for itself, in the order of base."},
	{Is: policy.Documented, Rows: "f1", Text: "The caller's address can't be read: reason `FailedToParseCallerIP`."},
	{Is: policy.Documented, Rows: "f2", Text: "allow and not listed: reason `CallerIpNotAllowed`, `Caller IP address 192.0.2.1 is not allowed. Access denied.`"},
	{Is: policy.Documented, Rows: "f3", Text: "forbid and listed: reason `CallerIpBlocked`, `Caller IP address is blocked. Access denied.`"},
	{Is: policy.Observed, Rows: "f1 f2 f3 u1", Text: "The client reads 403 `Forbidden` and no more."},
	{Is: policy.Chosen, Rows: "u2", Text: "The ends of a range belong to it.", Why: "from and to say so"},
	{Is: policy.Chosen, Rows: "u3", Text: "CIDR is refused at load.", Why: "no page has it"},
	{Is: policy.Chosen, Rows: "u4", Text: "address and address-range may stand in any order.", Why: "it makes no difference"},
	{Is: policy.Chosen, Text: "An IPv4 address written in IPv6 counts as IPv4.", Why: "sockets for both give it so"},
	{Is: policy.Chosen, Text: "An expression that gives no address is 500, reason `ExpressionValueEvaluationFailure`.", Why: "as any wrong value"},
}

var validateAzureADTokenFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Keys and issuer are the tenant's."},
	{Is: policy.Documented, Rows: "b2", Text: "In Authorization the token stands behind Bearer, in another header by itself."},
	{Is: policy.Documented, Rows: "f1", Text: "No token: failed-validation-httpcode, 401 by default."},
	{Is: policy.Documented, Rows: "f2", Text: "Another fault: failed-validation-httpcode, and failed-validation-error-message where it is set."},
	{Is: policy.Observed, Rows: "f1", Text: "The client and LastError read `Azure AD JWT not present`; reason `TokenNotPresent`."},
	{Is: policy.Observed, Rows: "f2", Text: "The client reads `Invalid Azure AD JWT`."},
	{Is: policy.Chosen, Rows: "u1", Text: "Other reasons and messages of LastError are validate-jwt's.", Why: "it is the same library"},
	{Is: policy.Chosen, Rows: "u2", Text: "authentication-endpoint is https://login.microsoftonline.com by default.", Why: "the public cloud's"},
	{Is: policy.Chosen, Rows: "u3", Text: "There are no keys for encrypted tokens.", Why: "no edition that was read has them"},
	{Is: policy.Chosen, Text: "Tokens of v1.0 and v2.0; the client application is azp, else appid.", Why: "a tenant issues both"},
	{Is: policy.Chosen, Text: "backend-application-ids hold beside audiences: an audience is the id or `api://` and the id; case does not count.", Why: "ids are GUIDs"},
}

var validateClientCertificateFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "Every rule of the attributes has to hold, and all attributes of at least one identity."},
	{Is: policy.Documented, Rows: "b2", Text: "Parts of a distinguished name with special characters stand in double quotes."},
	{Is: policy.Chosen, Rows: "b3", Text: "It decides by the authorities of the service and of the system; nothing verifies a client's certificate before.", Why: "the page has it replace the default check where custom authorities are in use"},
	{Is: policy.Chosen, Rows: "f1 u1 u2", Text: "401 `Client certificate missing` or `Invalid client certificate`; reasons ClientCertificateNotFound, ...NotYetValid, ...Expired, ...NotTrusted, ...IdentityNotMatched, in this order.", Why: "tests of a public repository run against Azure; no recorded answer"},
	{Is: policy.Chosen, Rows: "f1", Text: "With ignore-error a refused certificate is noted in the trace and the request goes on.", Why: "the attribute's name"},
	{Is: policy.Chosen, Text: "Revocation is looked at after trust: reasons ClientCertificateRevoked and ...RevocationUnknown; lists come from the certificate's own http address within 15 s and are kept until their renewal; an unknown status refuses; no OCSP.", Why: "as .NET does by default"},
	{Is: policy.Chosen, Text: "Names and common names are compared exactly, distinguished names in either order (under `--strict` in .NET's only), hexadecimal digits and DNS names without case.", Why: "tools write them differently"},
}

var validateJWTFacts = []policy.Fact{
	{Is: policy.Documented, Rows: "b1", Text: "require-scheme is looked at for Authorization only."},
	{Is: policy.Documented, Rows: "b2", Text: "A token has to have exp unless require-expiration-time is false; the clock's skew is 0 by default."},
	{Is: policy.Documented, Rows: "b3", Text: "Keys are tried until one fits; a key's id is compared with kid."},
	{Is: policy.Documented, Rows: "b4", Text: "The key set is fetched hourly, and for an unknown kid at most every 5 minutes."},
	{Is: policy.Documented, Rows: "b5", Text: "RS256, RS512 and PS256, with keys of openid-config, of a certificate, or as n and e."},
	{Is: policy.Documented, Rows: "b6", Text: "Encrypted tokens with A128CBC-HS256, A192CBC-HS384 and A256CBC-HS512; signatures with an inline Base64 key."},
	{Is: policy.Documented, Rows: "b8", Text: "The issuer is that of openid-config, or one of issuers."},
	{Is: policy.Documented, Rows: "f1", Text: "No token: reason `TokenNotPresent`, `JWT not present.`; failed-validation-httpcode, 401 by default, and failed-validation-error-message where it is set."},
	{Is: policy.Documented, Rows: "f3", Text: "Another audience: reason `TokenAudienceNotAllowed`, the library's text."},
	{Is: policy.Documented, Rows: "f4", Text: "Another issuer: reason `TokenIssuerNotAllowed`, the library's text."},
	{Is: policy.Documented, Rows: "f5", Text: "Expired: reason `TokenExpired`, the library's text."},
	{Is: policy.Documented, Rows: "f6", Text: "No key for the kid: reason `TokenSignatureKeyNotFound`, the library's text."},
	{Is: policy.Observed, Rows: "f1 u1", Text: "The client reads `JWT not present.` without a token and `Invalid JWT.` for every other fault; the library's text is in LastError and the trace."},
	{Is: policy.Observed, Rows: "f2", Text: "A wrong signature: reason `TokenInvalidSignature`; the page has TokenSignatureInvalid."},
	{Is: policy.Observed, Rows: "f7", Text: "Claims missing: reason `TokenMissingClaims`, `Missing claims: a.`; the page has TokenClaimNotFound."},
	{Is: policy.Observed, Rows: "f8", Text: "A claim's value: reason `TokenClaimValueMismatch`, `Claim value mismatch: roles=Reader.`; the page has TokenClaimValueNotAllowed."},
	{Is: policy.Observed, Rows: "f9", Text: "Any other fault: reason `Invalid JWT.`; the page has JwtInvalid."},
	{Is: policy.Observed, Rows: "f3 f4 f5 f6", Text: "No message ends in `Access denied.`, as the page's do."},
	{Is: policy.Observed, Rows: "u3", Text: "failed-validation-error-message may read LastError, which is set by then and unchanged by it."},
	{Is: policy.Observed, Text: "The order of the children is enforced."},
	{Is: policy.Observed, Text: "An RS256 token where only a symmetric key is configured is 500, not 401."},
	{Is: policy.Chosen, Rows: "u2", Text: "HS256, HS384 and HS512 with an inline key only; one shorter than the hash passes with a warning, and is refused under `--strict`.", Why: "the page's first example signs with one"},
	{Is: policy.Chosen, Rows: "b6", Text: "Keys are wrapped directly, with AES or with RSA; a fault of decryption is IDX10603.", Why: "the page lists the encryptions only"},
	{Is: policy.Chosen, Rows: "b8", Text: "issuers beside openid-config: both are accepted.", Why: "each names good issuers"},
	{Is: policy.Chosen, Rows: "u4", Text: "Without audiences any audience will do.", Why: "the table calls them optional"},
	{Is: policy.Chosen, Rows: "f9", Text: "A token that is not yet valid, or has no exp, is `Invalid JWT.` too.", Why: "no row of the table is theirs"},
	{Is: policy.Chosen, Text: "In another header than Authorization a scheme before the token is dropped.", Why: "tokens are passed on with one"},
}
