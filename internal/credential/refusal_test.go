package credential

import (
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestRefusals(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"metadata service", 400, `{"error":"invalid_request","error_description":"Identity not found"}`, "h answered 400 invalid_request: Identity not found"},
		{"App Service", 400, `{"statusCode":400,"message":"No Managed Identity found.","correlationId":"c"}`, "h answered 400: No Managed Identity found."},
		{"Cloud Shell", 400, `{"error":{"code":"AudienceNotSupported","message":"Audience r is not supported."}}`, "h answered 400 AudienceNotSupported: Audience r is not supported."},
		{"Entra's trailer", 400, `{"error":"invalid_resource","error_description":"AADSTS500011: not found.\r\nTrace ID: t\r\nTimestamp: 2026"}`,
			"h answered 400 invalid_resource: AADSTS500011: not found. Trace ID: t Timestamp: 2026"},
		{"escape sequences", 400, `{"error":"\u001b[31mred","error_description":"a\u0000b\u200f"}`, "h answered 400 [31mred: a b"},
		{"other members", 500, `{"access_token":"s3cret","secret":"s3cret"}`, "h answered 500"},
		{"other types", 400, `{"error":["s3cret"],"error_description":{"a":"s3cret"},"message":7}`, "h answered 400"},
		{"a page", 502, `<html>s3cret</html>`, "h answered 502"},
		{"nothing", 404, ``, "h answered 404"},
		{"very long", 400, `{"message":"` + strings.Repeat("ä", 2000) + `"}`, "h answered 400: " + strings.Repeat("ä", 1000) + "..."},
	}
	for _, test := range tests {
		a := &answer{host: "h", status: test.status, body: []byte(test.body)}
		if got := a.refusal().Error(); got != test.want {
			t.Errorf("%s: %s\n got %s\nwant %s", test.name, test.body, got, test.want)
		}
	}
}

func TestHiddenRefusals(t *testing.T) {
	for body, want := range map[string]bool{
		`{"access_token":"t"}`:              false,
		`{"access_token":"t","error":null}`: false,
		`{"access_token":"t","error":""}`:   false,
		`{"access_token":"t","error":"e"}`:  true,
		`{"error":{"code":"c"}}`:            true,
		`not JSON`:                          false,
	} {
		if _, got := (&answer{status: http.StatusOK, body: []byte(body)}).hiddenRefusal(); got != want {
			t.Errorf("hiddenRefusal of %s = %v; want %v", body, got, want)
		}
	}
}

// Whatever an endpoint answers, the error is one printable line of bounded length.
func FuzzRefusal(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) {
		a := &answer{host: "h", status: 400, body: body, response: &http.Response{}}
		text := a.refusal().Error()
		if n := utf8.RuneCountInString(text); n > 2*maxDescription+100 {
			t.Errorf("the error has %d runes; body %q", n, body)
		}
		for _, r := range text {
			if !unicode.IsPrint(r) {
				t.Errorf("the error %q holds %q; body %q", text, r, body)
			}
		}
		a.status = http.StatusOK
		a.hiddenRefusal()
		a.keepToken()
	})
}
