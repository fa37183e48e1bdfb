// Package openapi reads the definition of an API, an OpenAPI document of version 2.0, 3.0
// or 3.1, into the plain data that the gateway and its policies use. It keeps to what
// Azure imports (api-management-api-import-restrictions.md): at most 4 MB, no reference to
// another file, version 2.0 as JSON only.
package openapi
