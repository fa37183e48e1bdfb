// Package caching holds the statements that keep responses and values, and answer
// from them.
package caching
