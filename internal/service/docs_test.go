package service_test

import (
	"crypto/x509"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/apimulator/apimulator/internal/azureopenai"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/managedidentity"
	"github.com/apimulator/apimulator/internal/service"
)

var yamlBlock = regexp.MustCompile("(?s)\n```yaml\n(.*?)```\n")

// What docs/configuration.md and the README show loads, with files of the names
// they use, and the schema accepts it.
func TestDocumentedExamples(t *testing.T) {
	schema := compileSchema(t)
	certificate := samples(t, "good")["everything"].section("signer.pem")
	o := (&sample{}).options()
	client := issue(t, "client", newKey(t))
	o.Getenv = func(name string) (string, bool) {
		if name == "CERTIFICATE" {
			return client.pem(), true
		}
		return "a value", true
	}
	o.ReadFile = func(name string) ([]byte, error) {
		switch {
		case strings.HasSuffix(name, "signer.pem"):
			return []byte(client.pem()), nil
		case strings.HasSuffix(name, "signer.key"):
			return []byte(client.keyPEM(t)), nil
		case strings.HasSuffix(name, ".pfx"):
			return []byte(client.pfx(t, pkcs12.Modern, "a value")), nil
		case strings.HasSuffix(name, ".openapi.yaml"):
			return []byte(oneOperation), nil
		case strings.HasSuffix(name, ".json"):
			return []byte("{}"), nil
		case strings.HasSuffix(name, ".pem"):
			return []byte(certificate), nil
		case strings.Contains(name, "fragments"):
			return []byte("<fragment />"), nil
		}
		return []byte(onePolicy), nil
	}
	for file, least := range map[string]int{"../../docs/configuration.md": 9, "../../README.md": 1} {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, block := range yamlBlock.FindAllStringSubmatch(string(page), -1) {
			text := block[1]
			if !strings.Contains(text, "apis:") {
				continue
			}
			found++
			s, err := service.Parse("apim.yaml", []byte(text), o)
			if err != nil {
				t.Errorf("%s: an example does not load: %v\n%s", file, err, text)
				continue
			}
			if err := decodeParties(s); err != nil {
				t.Errorf("%s: an example's parties do not load: %v\n%s", file, err, text)
			}
			if err := schema.Validate(instance(t, text)); err != nil {
				t.Errorf("%s: the schema refuses an example: %v\n%s", file, err, text)
			}
		}
		if found < least {
			t.Errorf("%s: %d examples found; there were %d", file, found, least)
		}
	}
}

// decodeParties reads the sections of the parties over their defaults, as the
// emulator does.
func decodeParties(s *service.Service) error {
	directory, identities := entra.DefaultConfig(), managedidentity.DefaultConfig()
	directory.Certificates = make(map[string]*x509.Certificate)
	for name := range s.Certificates {
		directory.Certificates[name] = nil // known, whatever it is
	}
	resource := azureopenai.DefaultConfig(directory.Tenants[0].ID, identities.SystemAssigned.PrincipalID)
	return errors.Join(s.Parties.DecodeEntra(&directory), s.Parties.DecodeManagedIdentity(&identities), s.Parties.DecodeAzureOpenAI(&resource))
}
