// Package xmldom is .NET's document object model of XML (System.Xml.XmlDocument
// and its nodes): a tree that keeps prefixes, and knows which document a node
// belongs to. Package xlinq reads its text, package xpath searches it.
//
//	Load      text -> Document
//	Outer     node -> text, never indented
//	Insert    change the tree; a node that stands elsewhere is moved
//	Navigate  a node as package xpath sees it
package xmldom
