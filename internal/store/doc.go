// Package store keeps what outlives a request: places that are taken, later
// counters and caches. It knows nothing of policies.
package store
