// Package store keeps what outlives a request: places that are taken, the counters of
// limits, breakers that are tripped, caches. A running policy reaches it by the interfaces of
// policy.Env.
package store
