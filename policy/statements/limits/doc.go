// Package limits holds the statements that count calls and bytes, and refuse one
// too many.
package limits
