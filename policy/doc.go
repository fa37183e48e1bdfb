// Package policy turns APIM policy documents into programs and runs them.
//
// A document goes through five stages, a file each:
//
//	Read     text -> Document: XML with raw C# expressions in it, positions kept
//	Bind     Document -> Node tree: named values put in, fragments in their place
//	Check    Node tree -> Diagnostics: names, attributes, values, sections
//	Compile  Node tree -> Compiled: a block of steps for each section
//	Link     Compiled of each scope -> Program: what <base/> refers to is settled
//
// What the documents of several scopes come to together, as a text, is an
// [EffectivePolicy].
//
// What a statement is, its element, attributes and children, is data: a
// [Definition], found in a [Catalogue]. Checker, compiler and documentation read
// the same one. A Program is immutable, holds no state and no environment, and is
// run by any number of requests at once; each brings a [Run].
package policy
