// Package trace records what happened to each request: which statements ran, in
// which document at which line, what they did, and why a request was refused.
//
// A [Recorder] keeps the last records in a ring; it is the exchange's observer.
// Secrets are masked before anything is kept.
package trace
