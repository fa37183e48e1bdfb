// Package expr is the language of APIM's policy expressions: C# 7 over the .NET
// types that APIM allows. An expression goes through these stages:
//
//	syntax   text -> tree (package syntax)
//	bind     tree -> typed nodes: names, overloads, conversions resolved
//	compile  typed nodes -> closures over a frame of slots
//
// What .NET offers stands in one table ([declare] and the library_*.go files):
// signature in C# notation beside the implementation.
package expr
