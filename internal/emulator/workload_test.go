package emulator

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/apimulator/apimulator/internal/entra"
)

// Clients that sign, or bring what another issuer signed, with Microsoft's own library.

const (
	worker        = "77777777-7777-4777-8777-777777777777"
	workerSubject = "66666666-6666-4666-8666-666666666666"
)

// workerFiles are a service whose directory has an app with a certificate, which a
// managed identity may stand for as well: its tokens are the emulated Entra ID's own.
func workerFiles(certificate []byte) files {
	f := openAI()
	f["client.pem"] = string(certificate)
	f["apim.yaml"] += `
certificates:
  worker: client.pem
entra:
  tenants:
    - id: 11111111-1111-4111-8111-111111111111
      domains: [contoso.onmicrosoft.com]
      apps:
        - {name: car-assistant, clientId: 22222222-2222-4222-8222-222222222222, publicClient: true, redirectUris: [http://localhost], appIdUris: ["api://22222222-2222-4222-8222-222222222222"], scopes: [user_impersonation]}
        - name: worker
          clientId: ` + worker + `
          certificates: [worker]
          federatedCredentials:
            - {name: identity, issuer: "https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0", subject: ` + workerSubject + `}
      users: [{userPrincipalName: alice@contoso.onmicrosoft.com}]
`
	return f
}

// selfSigned is a client's certificate in PEM, and its key.
func selfSigned(t *testing.T) (certificate *x509.Certificate, encoded []byte, key *rsa.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "worker"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), key
}

func TestAzidentitySignedAndFederated(t *testing.T) {
	certificate, encoded, key := selfSigned(t)
	l := newLab(t, workerFiles(encoded))
	options := azcore.ClientOptions{Transport: l.client, Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: l.Parties()}}
	foreign, err := l.MintToken(entra.MintRequest{ManagedIdentity: &entra.ManagedIdentityToken{
		Resource: "api://AzureADTokenExchange", ClientID: workerSubject, PrincipalID: workerSubject,
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(foreign+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	byCertificate, err := azidentity.NewClientCertificateCredential(l.TenantID(), worker, []*x509.Certificate{certificate}, key,
		&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	if err != nil {
		t.Fatal(err)
	}
	byChain, err := azidentity.NewClientCertificateCredential(l.TenantID(), worker, []*x509.Certificate{certificate}, key,
		&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true, SendCertificateChain: true})
	if err != nil {
		t.Fatal(err)
	}
	byFile, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: options, DisableInstanceDiscovery: true, ClientID: worker, TenantID: l.TenantID(), TokenFilePath: file,
	})
	if err != nil {
		t.Fatal(err)
	}
	byCallback, err := azidentity.NewClientAssertionCredential(l.TenantID(), worker, func(context.Context) (string, error) { return foreign, nil },
		&azidentity.ClientAssertionCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, credential := range map[string]azcore.TokenCredential{
		"certificate": byCertificate, "certificate with its chain": byChain, "token file": byFile, "callback": byCallback,
	} {
		token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{l.ClientID() + "/.default"}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := do(t, l.client, request(t, "POST", l.Gateway()+"/tokens/openai/deployments/gpt-4o/chat/completions?api-version="+apiVersion, chatBody,
			"Content-Type", "application/json", "Authorization", "Bearer "+token.Token, "Ocp-Apim-Subscription-Key", l.Key("all")))
		if got.status != 200 || !strings.Contains(got.body, prompt) {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
}

func TestAzidentityIsRefused(t *testing.T) {
	_, encoded, _ := selfSigned(t)
	other, _, otherKey := selfSigned(t)
	l := newLab(t, workerFiles(encoded))
	options := azcore.ClientOptions{Transport: l.client, Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: l.Parties()}}
	certificate, err := azidentity.NewClientCertificateCredential(l.TenantID(), worker, []*x509.Certificate{other}, otherKey,
		&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	if err != nil {
		t.Fatal(err)
	}
	tampered, err := l.MintToken(entra.MintRequest{
		ManagedIdentity: &entra.ManagedIdentityToken{Resource: "api://AzureADTokenExchange", ClientID: workerSubject, PrincipalID: workerSubject}, Fault: "wrong-signature",
	})
	if err != nil {
		t.Fatal(err)
	}
	assertion, err := azidentity.NewClientAssertionCredential(l.TenantID(), worker, func(context.Context) (string, error) { return tampered, nil },
		&azidentity.ClientAssertionCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	if err != nil {
		t.Fatal(err)
	}
	for want, credential := range map[string]azcore.TokenCredential{
		"AADSTS700027: The certificate with identifier used to sign the client assertion is not registered": certificate,
		"AADSTS700027: Client assertion contains an invalid signature":                                      assertion,
	} {
		if _, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{l.ClientID() + "/.default"}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
