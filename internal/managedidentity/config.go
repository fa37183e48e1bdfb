package managedidentity

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// Config is the identities that the host has: the `managedIdentity:` section of the
// emulator's configuration. [DefaultConfig] is what an absent section means.
type Config struct {
	// SystemAssigned is the host's own identity; without it there is none.
	SystemAssigned *Identity `yaml:"systemAssigned,omitempty"`
	// UserAssigned are identities that a request selects by one of their ids.
	UserAssigned []Identity `yaml:"userAssigned,omitempty"`
}

// An Identity is a managed identity.
type Identity struct {
	// ClientID is the application id of the service principal, a GUID.
	ClientID string `yaml:"clientId"`
	// PrincipalID is the object id of the service principal, a GUID.
	PrincipalID string `yaml:"principalId"`
	// ResourceID is the ARM id: of the identity, or of the host of a system-assigned
	// one. It may be empty.
	ResourceID string `yaml:"resourceId,omitempty"`
	// TenantID is the identity's tenant; if empty, the issuer's first.
	TenantID string `yaml:"tenantId,omitempty"`
}

// DefaultConfig is a system-assigned identity and one user-assigned identity.
func DefaultConfig() Config {
	const group = "/subscriptions/00000000-0000-4000-8000-000000000000/resourcegroups/apimulator/providers/"
	return Config{
		SystemAssigned: &Identity{
			ClientID:    "55555555-5555-4555-8555-555555555555",
			PrincipalID: "66666666-6666-4666-8666-666666666666",
			ResourceID:  group + "Microsoft.ApiManagement/service/apimulator",
		},
		UserAssigned: []Identity{{
			ClientID:    "77777777-7777-4777-8777-777777777777",
			PrincipalID: "88888888-8888-4888-8888-888888888888",
			ResourceID:  group + "Microsoft.ManagedIdentity/userAssignedIdentities/apimulator",
		}},
	}
}

// Validate reports the first thing that is wrong with the configuration: where it
// is, what it is and what would be right.
func (c Config) Validate() error {
	seen := map[string]string{}
	if c.SystemAssigned != nil {
		if err := c.SystemAssigned.validate("systemAssigned", seen); err != nil {
			return err
		}
	}
	for i, id := range c.UserAssigned {
		if err := id.validate(fmt.Sprintf("userAssigned[%d]", i), seen); err != nil {
			return err
		}
	}
	return nil
}

// validate checks the identity at path; seen is where each id was first used.
func (id Identity) validate(path string, seen map[string]string) error {
	for _, member := range []struct {
		name, value string
		optional    bool
	}{{"clientId", id.ClientID, false}, {"principalId", id.PrincipalID, false}, {"tenantId", id.TenantID, true}} {
		if member.optional && member.value == "" {
			continue
		}
		if !isGUID(member.value) {
			return configError(path+"."+member.name, "%q is no GUID such as 55555555-5555-4555-8555-555555555555", member.value)
		}
	}
	if id.ResourceID != "" && !strings.HasPrefix(strings.ToLower(id.ResourceID), "/subscriptions/") {
		return configError(path+".resourceId", "%q is no ARM id such as /subscriptions/<id>/resourcegroups/<name>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>", id.ResourceID)
	}
	for _, member := range [][2]string{{"clientId", id.ClientID}, {"principalId", id.PrincipalID}, {"resourceId", id.ResourceID}} {
		here, key := path+"."+member[0], strings.ToLower(member[1])
		if first, taken := seen[key]; taken && key != "" {
			return configError(here, "%q is used already, by managedIdentity.%s", member[1], first)
		}
		seen[key] = here
	}
	return nil
}

func configError(path, format string, args ...any) error {
	return fmt.Errorf("managedIdentity.%s: "+format, append([]any{path}, args...)...)
}

// isGUID takes the plain form only, not the others that package uuid knows.
func isGUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }
