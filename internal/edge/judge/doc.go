// Package judge holds an HTTP edge against a table of conversations, byte for
// byte, over plain sockets. It knows nothing of how the edge is made: the same
// table judges any other one. The rows stand in internal/edge/testdata/wire.
//
// # A row
//
// A file is a txtar archive; each part is a row, and its text a conversation of a
// client (C) and a backend (B) with the edge between them, in the order in which
// it happens:
//
//	-- expect-continue --
//	# RFC 9110 10.1.1: the client waits for 100 before it sends the body
//	C> POST / HTTP/1.1
//	C> Host: gateway
//	C> Content-Length: 5
//	C> Expect: 100-continue
//	C>
//	C< HTTP/1.1 100 Continue
//	C<
//
//	C> hello\
//	B< POST / HTTP/1.1
//	B< Content-Length: 5
//	B<
//	B< hello\
//	answered, open
//
// The first line is a comment that names the source. C> and B> is what they send,
// C< and B< what they must get. An empty line parts what would run together.
// Each line stands for its bytes and CR LF. Within it:
//
//	\ at the end     no CR LF
//	\r \n \t \\      as in Go; \xNN is any byte
//	\{text*1000}     the text, so many times
//	\+ at the end    of what they must get: more of this message is to come
//	\! at the end    the message is cut off here: the connection ends too early
//
// What they get is compared as a message: the lines of its head in any order and
// case, its body without its framing. A request's Host line must name the backend
// and is left out; so are Date and Connection of a response, and reason phrases.
// Content-Length is compared where the row has it. The framing is read without any
// tolerance, so that what an edge sends on can't be understood in two ways.
//
// Beside that there are:
//
//	C: slowly        from now on the client sends byte by byte
//	C: half-closes   the client closes its sending half
//	C: vanishes      the client resets its connection
//	C: closed        the edge has closed the client's connection
//	C: open          it takes another request, and nothing came before that
//	B: closes, B: resets, B: closed    the same for the backend's connection
//	B: opened, B: reused    the request came over a new connection, or over the last one
//	answered, open   the backend answers 204, the client gets that; then C: open (or closed)
//	failed, open     the client gets 500 with any body; then C: open (or closed)
//	refused 400|501  the client gets one of these with any body; then C: closed.
//	                 "nothing" in place of the first: or no response at all
//	refused 501, open    the same, with C: open
//	refused 400, cut off    the same, with C: closed; the backend may have got some
//	                 of the request, but not what could be taken for the whole
//
// A row ends with a verdict on a connection. Whatever the backend sees that the
// row doesn't have fails it.
//
// The rows take it that request line and headers are bounded by 64 KB (and up to
// 4 KB more), the target by 16 KB, a request's body by 16 MB, and a backend's
// head by 64 KB.
package judge
