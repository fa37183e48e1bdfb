package jwtvalidate

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A Reason is the machine-readable cause of a refusal: LastError.Reason of the
// policy. The spelling is that of recorded answers where there is a record, which
// differs from the documented table (errors.yaml, rows of validate-jwt;
// observed.md section 1).
type Reason string

const (
	// ReasonTokenNotPresent is for the caller: it looks for the token, this
	// package is handed one.
	ReasonTokenNotPresent Reason = "TokenNotPresent"
	// ReasonInvalid stands for a malformed token and for every fault without a
	// reason of its own (not yet valid, no expiration time). The full stop is on
	// the wire.
	ReasonInvalid Reason = "Invalid JWT."
	// ReasonExpired: exp has passed.
	ReasonExpired Reason = "TokenExpired"
	// ReasonInvalidSignature: no signature, an algorithm that is not accepted, or
	// a signature that the key does not verify. The table says TokenSignatureInvalid.
	ReasonInvalidSignature Reason = "TokenInvalidSignature"
	// ReasonSignatureKeyNotFound: no key has the token's kid and none of those
	// that may be tried verifies it. Not recorded; spelled as in the table.
	ReasonSignatureKeyNotFound Reason = "TokenSignatureKeyNotFound"
	// ReasonAudienceNotAllowed: no aud value is accepted. Not recorded; spelled as
	// in the table.
	ReasonAudienceNotAllowed Reason = "TokenAudienceNotAllowed"
	// ReasonIssuerNotAllowed: iss is not accepted. Not recorded; spelled as in the
	// table.
	ReasonIssuerNotAllowed Reason = "TokenIssuerNotAllowed"
	// ReasonMissingClaims: a required claim is absent. The table says
	// TokenClaimNotFound.
	ReasonMissingClaims Reason = "TokenMissingClaims"
	// ReasonClaimValueMismatch: a required claim has none of the values asked for.
	// The table says TokenClaimValueNotAllowed.
	ReasonClaimValueMismatch Reason = "TokenClaimValueMismatch"
)

const (
	// MessageTokenNotPresent goes with ReasonTokenNotPresent, to the log and to
	// the client (observed.md 1.1).
	MessageTokenNotPresent = "JWT not present."
	// MessageClientInvalid is what a client is told of every other fault, unless
	// the policy sets a text; Error.Message is for logs and traces (observed.md 1.2).
	MessageClientInvalid = "Invalid JWT."
	// MessageAzureTokenNotPresent and MessageAzureClientInvalid are those of
	// validate-azure-ad-token (observed.md 1.3, 1.4).
	MessageAzureTokenNotPresent = "Azure AD JWT not present"
	MessageAzureClientInvalid   = "Invalid Azure AD JWT"
)

// The texts below are those of Microsoft.IdentityModel, which API Management puts
// into LastError.Message. The records pin the version down to 6.32 or later (its
// IDX12741 names no token), except that the one record of IDX10205 has the shorter
// text of version 5, which is kept. Texts that would quote the token say what that
// library says when it hides one.
const (
	tokenType   = "System.IdentityModel.Tokens.Jwt.JwtSecurityToken"
	hiddenToken = "[Security Artifact of type '" + tokenType + "' is hidden. For more details, see https://aka.ms/IdentityModel/SecurityArtifactLogging.]"

	messageSegments   = "IDX12741: JWT must have three segments (JWS) or five segments (JWE)."
	messageNotJWS     = "IDX12709: CanReadToken() returned false. JWT is not well formed.\nThe token needs to be in JWS or JWE Compact Serialization Format. (JWS): 'EncodedHeader.EncodedPayload.EncodedSignature'. (JWE): 'EncodedProtectedHeader.EncodedEncryptedKey.EncodedInitializationVector.EncodedCiphertext.EncodedAuthenticationTag'."
	messageHeader     = "IDX12729: Unable to decode the header '" + hiddenToken + "' as Base64Url encoded string."
	messagePayload    = "IDX12723: Unable to decode the payload '" + hiddenToken + "' as Base64Url encoded string."
	messageEncrypted  = "IDX10609: Decryption failed. No Keys tried: token: '" + hiddenToken + "'."
	messageUnsigned   = "IDX10504: Unable to validate signature, token does not have a signature: '" + hiddenToken + "'."
	messageSignature  = "IDX10508: Signature validation failed. Signature is improperly formatted."
	messageNoKeys     = "IDX10500: Signature validation failed. No security keys were provided to validate the signature."
	messageNoExpiry   = "IDX10225: Lifetime validation failed. The token is missing an Expiration Time. Tokentype: '" + tokenType + "'."
	messageNoAudience = "IDX10206: Unable to validate audience. The 'audiences' parameter is empty."
	messageNoIssuer   = "IDX10211: Unable to validate issuer. The 'issuer' parameter is null or whitespace."
)

func messageTooLong(length int) string {
	return fmt.Sprintf("IDX10209: Token has length: '%d' which is larger than the MaximumTokenSizeInBytes: '%d'.", length, MaxTokenSize)
}

// messageNotDecrypted hides the token, as all texts do.
func messageNotDecrypted(tried string, cause error) string {
	return fmt.Sprintf("IDX10603: Decryption failed. Keys tried: '%s'.\nExceptions caught:\n '%v'.\ntoken: '%s'", tried, cause, hiddenToken)
}

func messageAlgorithm(alg string) string {
	return fmt.Sprintf("IDX10518: Signature validation failed. Algorithm validation failed with error: 'IDX10696: The algorithm '%s' is not in the user-defined accepted list of algorithms.'.", shown(alg))
}

// messageUnsupportedKey is recorded on one line (observed.md 1.11).
func messageUnsupportedKey(alg string) string {
	return fmt.Sprintf("IDX10634: Unable to create the SignatureProvider. Algorithm: '%s', SecurityKey: 'Microsoft.IdentityModel.Tokens.SymmetricSecurityKey' is not supported.", alg)
}

// messageBadSignature is for a key that has the token's kid but does not verify it.
func messageBadSignature(a *attempt) string {
	in := "Configuration"
	if a.matchedInline {
		in = "TokenValidationParameters"
	}
	return "IDX10511: Signature validation failed. Keys tried: '" + a.triedIDs() +
		"'. \nNumber of keys in TokenValidationParameters: '" + strconv.Itoa(a.inline) +
		"'. \nNumber of keys in Configuration: '" + strconv.Itoa(a.remote) + "'. \nMatched key was in '" + in +
		"'. \nkid: '" + shown(a.kid) + "'. \nExceptions caught:\n '" + a.exceptions() + "'.\ntoken: '" + hiddenToken +
		"'. See https://aka.ms/IDX10511 for details."
}

// messageUnknownKey is for a kid that no key has.
func messageUnknownKey(a *attempt) string {
	return "IDX10503: Signature validation failed. The token's kid is: '" + shown(a.kid) +
		"', but did not match any keys in TokenValidationParameters or Configuration. Keys tried: '" + a.triedIDs() + messageTried(a)
}

// messageNoKeyID is for a token without kid that no key verifies.
func messageNoKeyID(a *attempt) string {
	return "IDX10517: Signature validation failed. The token's kid is missing. Keys tried: '" + a.triedIDs() + messageTried(a)
}

// messageTried is how both end.
func messageTried(a *attempt) string {
	return "'. Number of keys in TokenValidationParameters: '" + strconv.Itoa(a.inline) +
		"'. \nNumber of keys in Configuration: '" + strconv.Itoa(a.remote) + "'. \nExceptions caught:\n '" + a.exceptions() +
		"'.\ntoken: '" + hiddenToken + "'. See https://aka.ms/IDX10503 for details."
}

func messageNoConfiguration(url string, retry time.Time, cause error) string {
	return fmt.Sprintf("IDX20803: Unable to obtain configuration from: '%s'. Will retry at '%s +00:00'. Exception: '%v'.", url, date(retry), cause)
}

func messageNotYetValid(from, now time.Time) string {
	return fmt.Sprintf("IDX10222: Lifetime validation failed. The token is not yet valid. ValidFrom (UTC): '%s', Current time (UTC): '%s'.", date(from), date(now))
}

func messageExpired(to, now time.Time) string {
	return "IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): '" + date(to) + "', Current time (UTC): '" + date(now) + "'."
}

func messageLifetimeReversed(from, to time.Time) string {
	return fmt.Sprintf("IDX10224: Lifetime validation failed. The NotBefore (UTC): '%s' is after Expires (UTC): '%s'.", date(from), date(to))
}

func messageAudience(actual, allowed []string) string {
	return "IDX10214: Audience validation failed. Audiences: '" + shown(list(actual)) +
		"'. Did not match: validationParameters.ValidAudience: 'null' or validationParameters.ValidAudiences: '" + list(allowed) + "'."
}

// messageIssuer prints the issuers of the rules and of the discovery documents in
// ValidIssuers and leaves ValidIssuer empty (observed.md 1.13).
func messageIssuer(actual string, allowed []string) string {
	return fmt.Sprintf("IDX10205: Issuer validation failed. Issuer: '%s'. Did not match: validationParameters.ValidIssuer: '' or validationParameters.ValidIssuers: '%s'.", shown(actual), list(allowed))
}

func messageMissingClaims(names []string) string {
	return "Missing claims: " + list(names) + "."
}

// messageClaimMismatch names what the rules ask for, not what the token has
// (observed.md section 1, several sources).
func messageClaimMismatch(name string, wanted []string) string {
	return "Claim value mismatch: " + name + "=" + list(wanted) + "."
}

// date prints a time as .NET's invariant culture does.
func date(t time.Time) string { return t.UTC().Format("01/02/2006 15:04:05") }

func list(values []string) string { return strings.Join(values, ", ") }

// maxShown bounds what a message repeats of a text that the token's sender chose.
const maxShown = 512

// shown makes a text from the token fit for a message: no control characters (a
// line break would forge a log line) and not endless.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
	if len(s) > maxShown {
		s = strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	return s
}
