// Package graphql holds the statements for GraphQL APIs. Most stand in the document
// of a resolver, which has no sections: it is one of the data sources.
package graphql
