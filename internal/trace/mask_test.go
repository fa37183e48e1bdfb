package trace_test

import (
	"testing"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// Which parameters of a query are secret. Names compare decoded and without
// regard to case; all else stays byte for byte.
func TestMaskURL(t *testing.T) {
	tests := []struct {
		query  string
		secret []string
		want   string
	}{
		{"", nil, ""},
		{"a=b&c=d", nil, "a=b&c=d"},
		{"subscription-key=s3cret", nil, "subscription-key=***"},
		{"Subscription-Key=s3cret&a=b", nil, "Subscription-Key=***&a=b"},
		{"subscription%2Dkey=s3cret", nil, "subscription%2Dkey=***"},
		{"subscription%2dkey=s3cret&subscription-key=s3cret", nil, "subscription%2dkey=***&subscription-key=***"},
		{"api-key=s3cret&apikey=s3cret&key=s3cret&x-functions-key=s3cret", nil, "api-key=***&apikey=***&key=***&x-functions-key=***"},
		{"sv=2030-01-01&sr=b&sig=s3cret%3D&se=x", nil, "sv=2030-01-01&sr=b&sig=***&se=x"},
		{"code=s3cret&state=a", nil, "code=***&state=a"},
		{"code_verifier=s3cret&code_challenge=a", nil, "code_verifier=***&code_challenge=a"},
		{"access_token=s3cret&id_token=s3cret&refresh_token=s3cret&token=s3cret", nil, "access_token=***&id_token=***&refresh_token=***&token=***"},
		{"id_token_hint=s3cret", nil, "id_token_hint=***"},
		{"client_id=a&client_secret=s3cret&client_assertion=s3cret", nil, "client_id=a&client_secret=***&client_assertion=***"},
		{"user=a&password=s3cret&pwd=s3cret", nil, "user=a&password=***&pwd=***"},
		{"jwt=s3cret&Authorization=Bearer%20s3cret", nil, "jwt=***&Authorization=***"},
		{"X-Amz-Signature=s3cret&X-Amz-Date=a", nil, "X-Amz-Signature=***&X-Amz-Date=a"},

		// What an API calls its key.
		{"order-id=s3cret&a=b", []string{"order-id"}, "order-id=***&a=b"},
		{"Order%2DId=s3cret&a=b", []string{"order-id"}, "Order%2DId=***&a=b"},
		{"order-id=s3cret&b=s3cret", []string{"order-id", "B"}, "order-id=***&b=***"},
		{"order-id=7", nil, "order-id=7"},
		{"sch%C3%BCssel=s3cret", []string{"Schüssel"}, "sch%C3%BCssel=***"},

		// Odd spellings.
		{"key", nil, "key"},
		{"key=", nil, "key=***"},
		{"key=s3cret=s3cret", nil, "key=***"},
		{"&&key=s3cret&", nil, "&&key=***&"},
		{"%zz=a&%zzkey=s3cret", nil, "%zz=a&%zzkey=***"},
		{"keys=a&token-type=b", nil, "keys=a&token-type=b"},
		{"a=key%3Db", nil, "a=key%3Db"},
	}
	for _, test := range tests {
		u := exchange.URL{Scheme: "https", Host: "gateway.example", Port: 443, Path: "/a//b%2Fc", RawQuery: test.query}
		want := "https://gateway.example/a//b%2Fc"
		if test.want != "" {
			want += "?" + test.want
		}
		if got := trace.MaskURL(&u, test.secret...); got != want {
			t.Errorf("MaskURL with %q, %q besides\n got %s\nwant %s", test.query, test.secret, got, want)
		}
		if u.RawQuery != test.query {
			t.Errorf("MaskURL with %q changed the query to %q", test.query, u.RawQuery)
		}
	}
}

// TestMaskCut: of a secret that the end of a clipped text cut, nothing is left that could
// be told from chance.
func TestMaskCut(t *testing.T) {
	const secret = "a-secret-of-many-characters"
	s := trace.NewSecrets(map[string]string{secret: trace.Masked})
	for cut := 5; cut < len(secret); cut++ {
		if got := s.Mask("before " + secret[:cut] + "…"); got != "before …" {
			t.Errorf("%d characters: %q", cut, got)
		}
	}
	if got := s.Mask("a-secret-of"); got != "a-secret-of" {
		t.Errorf("a text that was not cut becomes %q", got)
	}
}
