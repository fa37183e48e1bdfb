// Package xpath evaluates XPath 1.0 over any tree, as .NET does: numbers are
// written as .NET writes them, errors are .NET's.
//
//	Compile   text -> Expr; errors tell what is wrong with it
//	Evaluate  Expr, node -> float64, string, bool or []Node in document order
//
// It is our own because antchfx/xpath v1.3.9 answers otherwise than XPath 1.0 in
// more than 30 of 252 questions that .NET was asked too (duplicates in //b/.., a number
// predicate that is no integer, (//b)[position()=2], ancestor:: in the wrong order,
// sum of what is no number, a panic at namespace::), and because nothing bounds
// how long it takes.
package xpath
