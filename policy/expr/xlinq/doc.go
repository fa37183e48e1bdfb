// Package xlinq is .NET's LINQ to XML (System.Xml.Linq) as policy expressions use
// it: a tree of XDocument, XElement, XAttribute, XText and their kin, reading and
// writing XML. It follows .NET Core 3.1: what is accepted, what is written, with
// which prefixes and line breaks, with which exceptions.
//
//	Parse     text -> tree; errors tell line and position
//	Write     tree -> text, indented or not
//	Add ...   change the tree; a node that has a parent already is copied
//	Walk      go through it lazily, as .NET's iterators do while it changes
//
// A null XName is no Name: callers check for null before they call. Texts are
// package dotnet's strings.
package xlinq
