package azureopenai

import (
	"fmt"
	"strings"
)

// role is an Azure role and the data actions it allows, with "*" for any text.
// Actions on the resource itself (keys, deployments) are left out: they give no
// access to what is emulated here.
type role struct {
	name        string
	id          string
	dataActions []string
}

// roles are Azure's built-in roles that people assign on an Azure OpenAI
// resource (identity.md 7 and Azure's list of built-in roles, AI + machine
// learning).
var roles = []role{
	{"Cognitive Services OpenAI User", "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", []string{
		"Microsoft.CognitiveServices/accounts/OpenAI/*/read",
		"Microsoft.CognitiveServices/accounts/OpenAI/engines/completions/action",
		"Microsoft.CognitiveServices/accounts/OpenAI/engines/search/action",
		"Microsoft.CognitiveServices/accounts/OpenAI/engines/generate/action",
		"Microsoft.CognitiveServices/accounts/OpenAI/deployments/audio/action",
		"Microsoft.CognitiveServices/accounts/OpenAI/deployments/search/action",
		"Microsoft.CognitiveServices/accounts/OpenAI/deployments/completions/action",
		"Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action",
		"Microsoft.CognitiveServices/accounts/OpenAI/deployments/extensions/chat/completions/action",
		"Microsoft.CognitiveServices/accounts/OpenAI/deployments/embeddings/action",
		"Microsoft.CognitiveServices/accounts/OpenAI/images/generations/action",
	}},
	{"Cognitive Services OpenAI Contributor", "a001fd3d-188f-4b5d-821b-7da978bf7442", []string{"Microsoft.CognitiveServices/accounts/OpenAI/*"}},
	{"Cognitive Services User", "a97b65f3-24c7-4388-baec-2e87135dc908", []string{"Microsoft.CognitiveServices/*"}},
	{"Azure AI Developer", "64702f94-c441-49e6-a78b-ef80e0188fee", []string{
		"Microsoft.CognitiveServices/accounts/OpenAI/*", "Microsoft.CognitiveServices/accounts/ContentSafety/*",
	}},
	{"Azure AI User", "53ca6127-db72-4b80-b1b0-d745d6d5456d", []string{"Microsoft.CognitiveServices/*"}},
	{"Cognitive Services Contributor", "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68", nil},
	{"Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", nil},
	{"Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", nil},
	{"Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", nil},
}

// findRole finds a role by its name or its GUID, in any letter case.
func findRole(nameOrID string) (role, error) {
	names := make([]string, len(roles))
	for i, r := range roles {
		if strings.EqualFold(r.name, nameOrID) || strings.EqualFold(r.id, nameOrID) {
			return r, nil
		}
		names[i] = "'" + r.name + "'"
	}
	return role{}, fmt.Errorf("role %q is not known; the known ones are %s, or one of their GUIDs", nameOrID, strings.Join(names, ", "))
}

// allows reports whether the role gives the data action.
func (r role) allows(dataAction string) bool {
	for _, pattern := range r.dataActions {
		before, after, wild := strings.Cut(pattern, "*")
		switch {
		case !wild && strings.EqualFold(pattern, dataAction):
			return true
		case wild && len(dataAction) >= len(before)+len(after) &&
			strings.EqualFold(dataAction[:len(before)], before) &&
			strings.EqualFold(dataAction[len(dataAction)-len(after):], after):
			return true
		}
	}
	return false
}
