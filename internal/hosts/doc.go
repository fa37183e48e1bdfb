// Package hosts makes public host names lead to the emulator.
//
// A policy document names public hosts, and it runs unchanged, so the names
// stay and what they lead to changes. A [Map] says which hosts are the
// emulator's and where each is served. Two ways use it:
//
//	a policy  ->  Network  ->  mapped host:  the party's address, TLS by our authority
//	                           other host:   the real one, TLS by the system's roots
//	a program ->  Proxy    ->  mapped host:  the party's address
//	                           other host:   refused
//
// The [Network] is how the gateway and its helpers get out. The [Proxy] is for
// programs that can't be reconfigured: with it as their HTTPS_PROXY, and the
// bundle of the [Authority] as their roots, they run unchanged as well.
//
// The [Authority] signs for the mapped hosts, localhost and loopback addresses
// and, by critical name constraints, for nothing else. Its key is gone as soon
// as the certificate is signed, nothing installs it in a system store, and its
// certificates say that an emulator made them.
//
// What is real is decided by [Map.IsReal]. Which token may go to which host is
// the callers' rule; a Network can refuse real hosts altogether.
package hosts
