// Package syntax reads a policy expression: text in, syntax tree or errors out.
//
// The language is C# 7.3, as far as it can stand in an expression @( ) or in the
// statements of a method body @{ }. [Parse] goes through two stages, each in
// files of its own:
//
//	source --lexer--> tokens --parser--> Tree
//
// The lexer makes all tokens at once, interpolated strings opened up into their
// texts and holes, so that the parser may look ahead as far as C# asks for: does
// `(` begin a cast, a lambda or a tuple, is `<` a comparison or the begin of type
// arguments. Looking ahead builds nothing and remembers what it found, so that
// the whole takes time linear in the length of the source.
//
// What C# refuses while it parses is refused here, with the compiler's code and a
// sentence that says what would be right. Three kinds of things are refused by
// name: what came with C# 8 or later (newer.go), what a policy has no use for
// (pointers, ref variables, async), and preprocessor directives other than
// #region. The rest (names, types, overloads, definite assignment) is the
// binder's.
//
// Facts about the language were asked of Roslyn 3.4 with C# 7.3, the compiler
// that the conformance vectors come from.
package syntax
