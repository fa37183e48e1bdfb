// Package management is the emulator's management listener: reading traces,
// minting tokens, rolling keys, moving the clock, injecting faults. Everything
// that only the person who runs the emulator may do is here and nowhere else.
//
// It listens on loopback. Every request but GET /health needs the bearer that is
// made anew at each start and written, readable by its owner only, into the
// state folder; or the cookie of the page, which a link opens once; or, for the
// trace of one request alone, the signature that its client was answered with. The Host header has to name a loopback address, and an Origin
// header, which browsers send, has to be the listener's own: so neither a web
// page nor a rebound DNS name can reach it.
package management
