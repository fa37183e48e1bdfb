// Package openapi reads the definition of an API, an OpenAPI document of version 2.0, 3.0
// or 3.1, into the plain data that the gateway and its policies use. It keeps to what
// Azure imports (api-management-api-import-restrictions.md): at most 4 MB, no reference to
// another file, version 2.0 as JSON only.
//
// A text becomes a tree that knows its places (node.go); the tree is held against what has
// to stand where, and its references are followed (shape.go, check.go); then it is walked
// for operations, their messages and samples (operation.go), and made plain for the
// validation of bodies (schema.go).
package openapi
