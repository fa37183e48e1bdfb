package parties

import (
	"crypto/x509"
	"reflect"

	"github.com/apimulator/apimulator/internal/azureopenai"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/managedidentity"
	"github.com/apimulator/apimulator/internal/service"
)

// Configs are the parties' sections of apim.yaml, read over what an absent one means.
type Configs struct {
	Entra    entra.Config
	Identity managedidentity.Config
	OpenAI   azureopenai.Config
}

// Read reads the sections of a service. The error is a line for each fault,
// file:line:col first.
func Read(s *service.Service) (Configs, error) {
	c := Configs{Entra: entra.DefaultConfig(), Identity: managedidentity.DefaultConfig()}
	if len(s.Certificates) > 0 {
		c.Entra.Certificates = make(map[string]*x509.Certificate)
	}
	for name, certificate := range s.Certificates {
		c.Entra.Certificates[name] = nil // where a service is only inspected
		if certificate != nil {
			c.Entra.Certificates[name] = certificate.Leaf
		}
	}
	if err := s.Parties.DecodeEntra(&c.Entra); err != nil {
		return c, err
	}
	if err := s.Parties.DecodeManagedIdentity(&c.Identity); err != nil {
		return c, err
	}
	tenant := c.Entra.Tenants[0].ID
	if own := c.Identity.SystemAssigned; own != nil {
		c.OpenAI = azureopenai.DefaultConfig(tenant, own.PrincipalID)
	} else {
		c.OpenAI = azureopenai.DefaultConfig(tenant, "")
		c.OpenAI.RoleAssignments = nil
	}
	return c, s.Parties.DecodeAzureOpenAI(&c.OpenAI)
}

// Changed names the sections of apim.yaml in which other differs.
func (c Configs) Changed(other Configs) []string {
	var sections []string
	for _, section := range []struct {
		name      string
		ours, its any
	}{{"entra", c.Entra, other.Entra}, {"managedIdentity", c.Identity, other.Identity}, {"azureOpenAI", c.OpenAI, other.OpenAI}} {
		if !reflect.DeepEqual(section.ours, section.its) {
			sections = append(sections, section.name)
		}
	}
	return sections
}

// Public is what clients need to know: the first tenant and its first public client,
// "" if it has none.
func (c Configs) Public() (tenantID, clientID string) {
	tenant := c.Entra.Tenants[0]
	for _, app := range tenant.Apps {
		if app.PublicClient {
			return tenant.ID, app.ClientID
		}
	}
	return tenant.ID, ""
}
