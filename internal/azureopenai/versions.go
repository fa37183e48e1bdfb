package azureopenai

import (
	"slices"

	"github.com/apimulator/apimulator/policy/exchange"
)

// version is an api-version. Versions sort by their date, which is how they
// begin.
type version string

// versions are the dated ones that had chat completions and were ever
// published, retired ones included: a policy under test may name one. After
// 2025-04-01-preview the API has no dates.
var versions = []version{
	"2023-05-15", "2023-06-01-preview", "2023-07-01-preview", "2023-08-01-preview", "2023-09-01-preview",
	"2023-10-01-preview", "2023-12-01-preview",
	"2024-02-01", "2024-02-15-preview", "2024-03-01-preview", "2024-04-01-preview", "2024-05-01-preview", "2024-06-01",
	"2024-07-01-preview", "2024-08-01-preview", "2024-09-01-preview", "2024-10-01-preview", "2024-10-21", "2024-12-01-preview",
	"2025-01-01-preview", "2025-02-01-preview", "2025-03-01-preview", "2025-04-01-preview",
}

// listingVersions are those that listed deployments; later ones do not know the route
// (azure-rest-api-specs, AzureOpenAI/authoring). They had no chat.
var listingVersions = []version{"2022-12-01", "2023-03-15-preview"}

// safetyVersions are those of Azure AI Content Safety; shieldVersions had prompt shields.
var (
	safetyVersions = append([]version{"2023-04-30-preview", "2023-10-01", "2023-10-15-preview", "2023-10-30-preview"}, shieldVersions...)
	shieldVersions = []version{"2024-02-15-preview", "2024-03-30-preview", "2024-09-01", "2024-09-15-preview", "2024-09-30-preview"}
)

// findVersion takes the api-version from a query; it has to be there once, and one of
// those known.
func findVersion(rawQuery string, known []version) (version, bool) {
	values := exchange.QueryValues(rawQuery, "api-version")
	if len(values) != 1 {
		return "", false
	}
	v := version(values[0])
	return v, slices.Contains(known, v)
}

// has reports whether what was introduced on a date (as "2024-09-01", "" for
// always) is in this version.
func (v version) has(since string) bool { return string(v) >= since }

// annotatesPrompts reports whether an answer's remarks on the prompt are in
// prompt_annotations, as they were before prompt_filter_results (azure-openai.md
// 2.2).
func (v version) annotatesPrompts() bool { return !v.has("2023-08-01") }
