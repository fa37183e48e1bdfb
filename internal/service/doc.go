// Package service says what an API Management instance is: its APIs with their
// versions, revisions and operations, products, users, subscriptions, named
// values, fragments, certificates and the compiled policy of each scope. It reads
// one from apim.yaml ([Load]) or makes one of a single policy document ([Single]).
//
// A Service is immutable. A reload makes another.
package service
