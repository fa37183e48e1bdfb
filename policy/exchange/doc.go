// Package exchange holds what one request carries through the gateway: the
// request, the response, the variables, the error, the clock and the observer.
//
// An [Exchange] is made by the edge for each request and handed down: a policy
// statement reads and changes it, the gateway fills in which API, operation,
// product and subscription it belongs to, and the edge writes its response. The
// package is the ground that everything else stands on, so it imports the
// standard library only and knows nothing of HTTP servers, policies or Azure.
//
// An Exchange is used by one goroutine at a time and must not be kept after the
// request is done; what outlives it copies.
package exchange
