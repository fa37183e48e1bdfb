package main

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"regexp"
	"strings"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"
)

// signInFailure makes one clear line of an error of MSAL. MSAL's own texts quote
// whole answers, tokens among them, so only known parts of them are shown.
func signInFailure(err error) error {
	var known *failure
	var answered msal.CallErr
	var notJSON msal.InvalidJsonErr
	text := err.Error()
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &notJSON):
		return failed("sign-in failed: the authority's answer is not the JSON that the protocol asks for")
	case errors.As(err, &answered):
		return refusedSignIn(answeredText(answered.Err.Error(), answered.Resp.Status))
	}
	if f := networkFailure("the authority", err); f != nil {
		return f
	}
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, context.DeadlineExceeded):
		return failed("sign-in failed: nobody signed in within %v", patience)
	case strings.Contains(text, "AADSTS"):
		// What the authority posted to the redirect URI; MSAL escaped it.
		return refusedSignIn(firstSentence(html.UnescapeString(text)))
	case strings.Contains(text, "declined scopes"):
		f := failed("sign-in failed: %s", oneLine(text))
		f.checks = []string{"the authority did not grant the scope that " + envScope + " asks for: does the application have that permission?"}
		return f
	}
	return failed("sign-in failed: %s", oneLine(text))
}

// answeredText is the error in an answer of the authority, from the text MSAL
// made of it: a head, a line end, the body. (The body itself has been read by
// then, in the device code flow.)
func answeredText(text, status string) string {
	_, body, _ := strings.Cut(text, "\n")
	var answer struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal([]byte(body), &answer) != nil || answer.Error == "" {
		return "the authority answered " + oneLine(status)
	}
	if answer.Description == "" {
		return oneLine(answer.Error)
	}
	return oneLine(answer.Error) + ": " + firstSentence(answer.Description)
}

// firstSentence cuts what follows the first sentence of an error description:
// advice, trace and correlation ids, a time.
func firstSentence(text string) string {
	text = strings.TrimSpace(text)
	for _, end := range []string{"\r", "\n", " Trace ID:", ". "} {
		if i := strings.Index(text, end); i > 0 {
			text = text[:i]
		}
	}
	return strings.TrimSuffix(oneLine(text), ".") + "."
}

// errorCode is Microsoft's number of an error (learn.microsoft.com, "Microsoft
// Entra authentication and authorization error codes").
var errorCode = regexp.MustCompile(`AADSTS(\d+)`)

// adviceByCode says what to check, by Microsoft's number of the error.
var adviceByCode = map[string]string{
	"90002":   "is the tenant in " + envAuthority + " or " + envTenantID + " spelled right?",
	"700016":  "is " + envClientID + " an application of this tenant?",
	"7000215": "is " + envClientSecret + " the secret's value (not its id), and of this application?",
	"7000222": "the secret in " + envClientSecret + " has expired: make a new one",
	"7000218": "the application is confidential: set " + envClientSecret + ", or allow public client flows in its registration",
	"700025":  "the application is public: unset " + envClientSecret,
	"500011":  "does the resource that " + envScope + " names exist in this tenant?",
	"70011":   "is " + envScope + " spelled right? With a client secret it must end in /.default",
	"1002012": "with a client secret " + envScope + " must end in /.default",
	"50011":   "add http://localhost as a redirect URI of a mobile or desktop application to the registration",
	"65001":   "the person, or an administrator, has to consent to the scope in " + envScope,
	"50105":   "the person isn't assigned to the application",
	"70016":   "the code was not entered in time",
}

// refusedSignIn is a failure with the authority's own words.
func refusedSignIn(words string) *failure {
	f := failed("sign-in failed: %s", words)
	if code := errorCode.FindStringSubmatch(words); code != nil && adviceByCode[code[1]] != "" {
		f.checks = []string{adviceByCode[code[1]]}
	}
	return f
}

// pageFailure is what a sign-in page says instead of asking to sign in.
func pageFailure(status string, page []byte) *failure {
	if i := strings.Index(string(page), "AADSTS"); i >= 0 {
		text, _, _ := strings.Cut(string(page[i:]), "<")
		return refusedSignIn(firstSentence(html.UnescapeString(text)))
	}
	return failed("sign-in failed: the authority's sign-in page answered %s", oneLine(status))
}
