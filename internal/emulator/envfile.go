package emulator

import (
	"fmt"
	"strings"

	"github.com/apimulator/apimulator/internal/service"
)

// writeEnvFile writes what a program needs in its environment to use the
// emulator: the settings of the sample client, and how to trust and reach it.
func (e *Emulator) writeEnvFile(s *service.Service) error {
	authority, gateway := e.Authority(), e.Gateway()
	if e.config.PublicNames {
		authority = "https://login.microsoftonline.com/" + e.public.tenantID
		gateway = "https://" + s.Name + ".azure-api.net"
	}
	lines := []string{
		"# Written by apimulator serve: settings for programs that use this emulator.",
		"AZURE_TENANT_ID=" + e.public.tenantID,
		"AZURE_CLIENT_ID=" + e.public.clientID,
		"AZURE_SCOPE_GRAPH=https://graph.microsoft.com/.default",
		"AZURE_SCOPE=" + e.public.clientID + "/.default",
		"AZURE_AUTHORITY=" + authority,
		"APIM_SUBSCRIPTION_KEY=" + e.Key(""),
		"OPEN_AI_COMPLETION_ENDPOINT=" + gateway + e.chatPath(s),
		"SSL_CERT_FILE=" + e.bundle,
		"REQUESTS_CA_BUNDLE=" + e.bundle,
		"NODE_EXTRA_CA_CERTS=" + e.bundle,
	}
	if e.config.PublicNames {
		lines = append(lines,
			"HTTPS_PROXY="+e.Proxy(),
			"HTTP_PROXY="+e.Proxy(),
			"NO_PROXY=localhost,127.0.0.1,::1",
		)
	}
	if err := writeFile(e.config.EnvFile, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("--env-file %s can't be written: %w", e.config.EnvFile, err)
	}
	return nil
}
