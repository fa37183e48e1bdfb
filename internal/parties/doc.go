// Package parties makes the emulated services that stand around the gateway, Entra ID,
// managed identity and Azure OpenAI, out of a service's configuration, and lets them
// know each other. The emulator serves them on sockets, tests call them in process.
package parties
