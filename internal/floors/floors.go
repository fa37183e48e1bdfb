// Package floors asserts by test how the packages of this project stand on one
// another: which may import which, which types stay out of where, and who may
// ask the operating system for the time. docs/architecture.md says why.
package floors
