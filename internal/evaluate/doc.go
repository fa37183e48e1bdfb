// Package evaluate runs policy expressions outside of a gateway, as `gateway eval`
// does: one expression against a request that a file describes, or many
// (conformance vectors) against the exchanges of a fixture file.
//
//	Source    text as it was written -> expression with its named values
//	Subject   request, response, variables -> exchange
//	Evaluate  expression, exchange -> Answer
//
// Nothing here opens a socket or loads a credential, and no expression can hang or
// crash the program.
package evaluate
