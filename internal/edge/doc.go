// Package edge is HTTP in and out of the gateway.
//
//	client -> Server -> exchange.Exchange -> the gateway's handler
//	                                              |  Outgoing
//	client <- Server <- exchange.Response  <- Upstream -> backend
//
// # Out: Upstream
//
// An [Upstream] sends requests to backends. It is an HTTP/1.1 client of our own
// because the gateway's speed is decided here (performance.md): the request's
// goroutine writes the request with one write, reads the answer's head, and
// reads the body straight from the connection; nothing is handed to another
// goroutine unless a body is large or of unknown size. And because a policy's
// author has to see exactly what a backend sees: the request line is not
// cleaned, header lines keep their order and spelling, and nothing is added but
// Host and the body's framing (observed.md 7.1).
//
// A request of which one byte was written is never sent a second time. A
// response whose framing is ambiguous is refused, and a body that ends early is
// an error. Trailers are read and dropped.
//
// HTTP/2 to backends, which a policy has to ask for, is net/http's (http2.go).
//
// # In: Server
//
// A [Server] takes requests, makes an exchange of each and writes the response
// that the handler leaves. Two readers stand behind its listeners:
//
//   - the front (front.go) reads, handles and answers ordinary requests in one
//     goroutine: HTTP/1.1, a path as the target, one Host, a body of known length
//     or none. readOrdinary says what is ordinary; it takes no request that could
//     be read in two ways, and refuses none;
//   - net/http gets every connection at its first request that is not, from that
//     request's first byte on, and keeps it. So HTTP/2, chunked requests, Expect,
//     upgrades, HTTP/1.0, other targets and all that is malformed are its business.
//
// A client can see, of both:
//
//   - header names of a request arrive in net/http's canonical spelling
//     ("X-Request-Id"); the exchange has them sorted by name behind Host, values
//     of one name in their order;
//   - a request that is malformed, or whose path has an escape such as %zz, is
//     answered by net/http: 400 with text/plain, without an exchange;
//   - a client that closes its half of the connection counts as gone, once its
//     request takes longer than a moment;
//   - a request with both Content-Length and chunks goes by the chunks, and its
//     connection stays open, which RFC 9112 section 6.1 does not allow. The rows of
//     testdata/wire that say so are listed in wire_test.go.
//
// and of net/http alone: a response's header lines are sent sorted by name, its
// reason phrase is the standard one, a 304 goes without Content-Type and
// Content-Length.
//
// Bytes of streams are passed on as they come: whenever the next read of the
// backend's body might wait, what was read is flushed.
package edge
