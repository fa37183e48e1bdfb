// Client asks a chat model behind Azure API Management one question, as an
// application of your own would: it signs a person (or itself, by client
// secret) in with MSAL, sends the token and the subscription key to the gateway
// and prints the answer, or why it was refused and what to check.
//
//	go run ./cmd/client "I need a reliable and affordable car"
//
// It knows nothing of the emulator but the file that a running serve leaves in
// its state folder. With AZURE_AUTHORITY or AZURE_TENANT_ID set, in the
// environment or in .env, it calls Azure, and that file isn't read at all.
//
// Exit status: 0 answered; 1 refused or failed; 2 usage or unusable settings;
// 3 internal error; 130 interrupted.
package main
