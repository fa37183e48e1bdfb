// Package access holds the statements that decide who may call, and those by
// which the gateway says to a backend who it is.
package access
