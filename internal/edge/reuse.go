package edge

// Memory is used again by the next request: what is read from a connection and written to
// it, and what bodies are copied through. Nothing that an exchange has may lie in it.

// poison, which is nil but in tests, gets the memory that is about to be used again, and
// spoils it: whoever kept some of it shows.
var poison func([]byte)

// reuse says that nobody needs b any more.
func reuse(b []byte) {
	if poison != nil {
		poison(b)
	}
}
