// Package explain tells which policy applies to a request, as `gateway explain`
// prints it:
//
//	service   apim.yaml or one document -> routes as the gateway has them
//	Request   method and URL, or names -> API, operation, key, product
//	Report    the documents of these, with <base/> and fragments followed, each line
//	          with the file and line it comes from
//
// Nothing here opens a socket or loads a credential: values from the environment and
// from files, and certificates, are not read. No named value is shown.
package explain
