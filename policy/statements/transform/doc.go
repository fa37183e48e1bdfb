// Package transform holds the statements that change a message: its headers,
// query, path, body and status, and those that make one of their own.
package transform
