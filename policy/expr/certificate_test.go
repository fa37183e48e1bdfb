package expr_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
)

// What of certificates and ciphers .NET cannot tell us: context's, and APIM's own
// methods. Only what API Management allows is used.
func TestContextCertificates(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(0x1234), Subject: pkix.Name{CommonName: "client.example"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(4e9, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		source string
		want   any
	}{
		{`@(context.Request.Certificate.Subject)`, "CN=client.example"},
		{`@(context.Request.Certificate.HasPrivateKey)`, false},
		{`@(context.Request.Certificate.NotAfter > DateTime.Now && context.Request.Certificate.NotBefore < DateTime.Now)`, true},
		{`@(context.Request.Certificate.Thumbprint == context.Request.Certificate.GetCertHashString())`, true},
		{`@(context.Deployment.Certificates.Any(c => c.Value.Thumbprint == context.Request.Certificate.Thumbprint))`, true},
		{`@(context.Deployment.Certificates["held"].HasPrivateKey)`, true},
		{`@(context.Deployment.Certificates.ContainsKey("other"))`, false},
		{`@(context.Request.Certificate.SerialNumber)`, "1234"},
		{`@(context.Request.Certificate.Verify() || context.Request.Certificate.VerifyNoRevocation())`, false},
		{`@{
			var key = context.Deployment.Certificates["held"].GetRSAPrivateKey();
			var data = Encoding.UTF8.GetBytes("to sign");
			var signature = key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
			return context.Request.Certificate.GetRSAPublicKey().VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
		}`, true},
		{`@{
			byte[] key = new byte[32], iv = new byte[16];
			new RNGCryptoServiceProvider().GetBytes(key);
			var encrypted = Encoding.UTF8.GetBytes("secret").Encrypt("Aes", key, iv);
			return Encoding.UTF8.GetString(encrypted.Decrypt("Aes", key, iv));
		}`, "secret"},
		// As openssl enc -aes-128-cbc has it.
		{`@(Convert.ToBase64String(Encoding.UTF8.GetBytes("hello").Encrypt("AES", new byte[16], new byte[16])))`, "mDTtUYy8j76a88bst164wA=="},
		{`@{
			using (var alg = SymmetricAlgorithm.Create("TripleDES")) {
				var data = new byte[] { 1, 2, 3 };
				return data.SequenceEqual(data.Encrypt(alg).Decrypt(alg)) && data.SequenceEqual(data.Encrypt(alg, alg.Key, alg.IV).Decrypt(alg, alg.Key, alg.IV));
			}
		}`, true},
	}
	for _, test := range tests {
		e, diags := expr.Compile(test.source, expr.Options{})
		if len(diags) > 0 {
			t.Errorf("%s\ndoes not compile: %v", test.source, diags)
			continue
		}
		x := &exchange.Exchange{Context: context.Background(), Clock: exchange.System}
		x.Request.Certificate = leaf
		x.Deployment = &exchange.Deployment{Certificates: map[string]*exchange.Certificate{"held": {Leaf: leaf, PrivateKey: key}}}
		m := &expr.Machine{Context: x.Context, Clock: x.Clock, Exchange: x, Root: expr.NewContext(x)}
		if got, err := e.Eval(m); err != nil || got != test.want {
			t.Errorf("%s\ngot %v (%v), want %v", test.source, got, err, test.want)
		}
	}
	if !bytes.Equal(leaf.Raw, der) {
		t.Error("an expression changed the certificate")
	}
}
