// Package routing holds the statements that decide where a request goes and send
// it there.
package routing
