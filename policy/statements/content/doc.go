// Package content holds the statements that hold messages against the API's
// definition.
package content
