// Package store keeps what outlives a request: places that are taken, and the
// counters of limits. A running policy reaches it by the interfaces of policy.Env.
package store
