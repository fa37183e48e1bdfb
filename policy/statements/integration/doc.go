// Package integration holds the statements that tell or ask others about a
// request on its way.
package integration
