// Package emulator wires the whole: the gateway, the emulated Entra ID, managed
// identity and Azure OpenAI, the management listener and the forward proxy, in
// one process, over real sockets and TLS. The commands serve and demo and the
// end-to-end tests use it.
package emulator
