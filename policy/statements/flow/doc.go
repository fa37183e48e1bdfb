// Package flow holds the statements that decide which others run, how often and
// how many at a time.
package flow
