package credential

import (
	"strings"
	"testing"
)

func TestAllowed(t *testing.T) {
	const (
		graph = "00000003-0000-0000-c000-000000000000"
		own   = "11111111-2222-3333-4444-555555555555"
	)
	type at struct{ mapped, real bool }
	var (
		mapped            = at{mapped: true}
		mappedReal        = at{mapped: true, real: true} // to a public address
		somebodyElse      = at{real: true}
		thisMachine       = at{}
		unknown      Kind = 0
	)
	tests := []struct {
		kind     Kind
		resource string
		host     string
		at       at
		want     string // in the error; "" if allowed
	}{
		{Emulated, openAI, "my.openai.azure.com", mapped, ""},
		{Emulated, openAI, "localhost", thisMachine, ""},
		{Emulated, openAI, "my.openai.azure.com", somebodyElse, "a real host"},
		{Emulated, openAI, "my.openai.azure.com", mappedReal, "a real host"},
		{Emulated, "api://mine", "api.contoso.com", somebodyElse, "a real host"},

		{Real, openAI, "my.openai.azure.com", mapped, "take the host off the map"},
		{Real, openAI, "my.openai.azure.com", mappedReal, "take the host off the map"},
		{Real, "api://mine", "api.contoso.com", mapped, "take the host off the map"},
		{unknown, openAI, "my.openai.azure.com", mapped, "take the host off the map"},
		{unknown, openAI, "evil.example", somebodyElse, "it is for"},

		{Real, openAI, "my.openai.azure.com", somebodyElse, ""},
		{Real, openAI + "/", "MY.OpenAI.Azure.com.", somebodyElse, ""},
		{Real, "HTTPS://CognitiveServices.Azure.Com", "my.cognitiveservices.azure.com", somebodyElse, ""},
		{Real, openAI, "my.services.ai.azure.com", somebodyElse, ""},
		{Real, openAI, "westeurope.api.cognitive.microsoft.com", somebodyElse, ""},
		{Real, openAI, "openai.azure.com", somebodyElse, "it is for"},
		{Real, openAI, "my.openai.azure.com.evil.example", somebodyElse, "it is for"},
		{Real, openAI, "evilopenai.azure.com", somebodyElse, "it is for"},
		{Real, openAI, ".openai.azure.com", somebodyElse, "it is for"},
		{Real, openAI, "localhost", thisMachine, "it is for"},
		{Real, openAI, "10.0.0.5", thisMachine, "it is for"},
		{Real, "7d312290-28c8-473c-a0ed-8e53749b6d6d", "my.openai.azure.com", somebodyElse, ""},
		{Real, "https://cognitiveservices.azure.us", "my.openai.azure.us", somebodyElse, ""},
		{Real, "https://ai.azure.com", "my.services.ai.azure.com", somebodyElse, ""},
		{Real, "https://ai.azure.com", "my.westeurope.inference.ml.azure.com", somebodyElse, ""},

		{Real, "https://management.azure.com/", "management.azure.com", somebodyElse, ""},
		{Real, "https://management.core.windows.net/", "management.azure.com", somebodyElse, ""},
		{Real, "https://kusto.windows.net", "\u212austo.windows.net", somebodyElse, "it is for"}, // the Kelvin sign
		{Real, "https://management.azure.com", "my.vault.azure.net", somebodyElse, "it is for"},
		{Real, "management.azure.com", "evil.example", somebodyElse, "it is for management.azure.com, management.core.windows.net"},
		{Real, "https://storage.azure.com", "my.blob.core.windows.net", somebodyElse, ""},
		{Real, "https://my.blob.core.windows.net", "my.blob.core.windows.net", somebodyElse, ""},
		{Real, "https://my.blob.core.windows.net", "other.blob.core.windows.net", somebodyElse, "it is for my.blob.core.windows.net, *.my.blob.core.windows.net"},
		{Real, "https://vault.azure.net", "my.vault.azure.net", somebodyElse, ""},
		{Real, "https://managedhsm.azure.net", "my.managedhsm.azure.net", somebodyElse, ""},
		{Real, "https://graph.microsoft.com", "graph.microsoft.com", somebodyElse, ""},
		{Real, graph, "graph.microsoft.com", somebodyElse, ""},
		{Real, graph, "evil.example", somebodyElse, "it is for graph.microsoft.com"},
		{Real, "api://" + graph, "evil.example", somebodyElse, "it is for graph.microsoft.com"},
		{Real, "https://database.windows.net", "my.database.windows.net", somebodyElse, ""},
		{Real, "https://servicebus.azure.net", "my.servicebus.windows.net", somebodyElse, ""},
		{Real, "https://eventhubs.azure.net", "my.servicebus.windows.net", somebodyElse, ""},
		{Real, "https://search.azure.com", "my.search.windows.net", somebodyElse, ""},
		{Real, "https://cosmos.azure.com", "my.documents.azure.com", somebodyElse, ""},

		{Real, "https://api.contoso.com/orders", "api.contoso.com", somebodyElse, ""},
		{Real, "https://api.contoso.com:8443", "eu.api.contoso.com", somebodyElse, ""},
		{Real, "https://api.contoso.com", "contoso.com", somebodyElse, "it is for api.contoso.com, *.api.contoso.com"},
		{Real, "https://api.contoso.com", "api.contoso.com.evil.example", somebodyElse, "it is for"},
		{Real, "api://mine", "api.contoso.com", somebodyElse, ""},
		{Real, "api://" + own, "localhost", thisMachine, ""},
		{Real, own, "api.contoso.com", somebodyElse, ""},
		{Real, "https://contoso.onmicrosoft.com/orders", "orders.azurewebsites.net", somebodyElse, ""},
	}
	for _, test := range tests {
		err := Allowed(test.kind, test.resource, test.host, test.at.mapped, test.at.real)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("Allowed(%v, %q, %q, %+v) = %v; want nil", test.kind, test.resource, test.host, test.at, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("Allowed(%v, %q, %q, %+v) = %v; want an error with %q", test.kind, test.resource, test.host, test.at, err, test.want)
		}
	}
}

// The table is looked up in lower case, and a host stands in it once.
func TestServices(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range services {
		for _, resource := range s.resources {
			if seen[resource] || resource != strings.ToLower(resource) {
				t.Errorf("resource %q stands twice in the table, or not in lower case", resource)
			}
			seen[resource] = true
		}
		for _, host := range s.hosts {
			if host != strings.ToLower(host) || strings.Count(host, "*") != strings.Count(host[:2], "*.") {
				t.Errorf("host %q is not a name or *.suffix in lower case", host)
			}
		}
	}
}
