// Package apimtest tests policies of Azure API Management in Go: it runs a policy
// document, or a whole service, in an emulated gateway that lives as long as the test.
//
//	func TestOrders(t *testing.T) {
//		gw := apimtest.New(t, apimtest.Policy("orders.xml"))
//		gw.Backend().On("GET", "/orders/*").RespondJSON(200, order)
//		request, _ := http.NewRequest("GET", gw.URL()+"/orders/7", nil)
//		request.Header.Set("Authorization", "Bearer "+gw.Token(apimtest.Audience("api://orders")))
//		response, err := gw.Client().Do(request)
//		...
//	}
//
// Around the gateway everything is played: Microsoft Entra ID, managed identity, Azure
// OpenAI and any other issuer whose discovery document a policy names. Backends are stubs
// ([Gateway.Backend]). Nothing leaves the process but what the test's client sends over
// loopback, and with [Gateway.Transport] not even that. A call of the gateway to a host
// that is neither played nor stubbed fails the test and names the host.
//
// Time stands still unless the policies wait or [Clock.Advance] is called. When the test
// has failed, the trace of the last request is logged.
//
// The same can be written without Go, as *.test.yaml files for `gateway test`; they run on
// the same engine.
package apimtest
