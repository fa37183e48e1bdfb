// Package gateway takes a request from its arrival to its response: it finds the
// API and the operation, decides on the subscription key, chooses the product,
// and runs the program of the policies that apply.
//
// It holds one service at a time, which [Gateway.Use] swaps atomically: requests
// under way finish on the one they began with.
package gateway
