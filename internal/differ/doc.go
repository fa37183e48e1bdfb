// Package differ compares the expression language with a real C# compiler: it
// makes up expressions, asks both, and reports where they disagree.
//
// Expressions are made in three ways. By a grammar whose rules say the type that
// they make (grammar/*.txt): what it writes compiles, nearly always (the rest
// divides by a constant zero, and the like). By the same grammar but wrong on
// purpose: by the rules of the type "wrong", or with an expression of another
// type in one hole. And out of real expressions, by changing a token.
//
// The oracle and the expressions lie beside the checkout (-shared):
//
//	ORACLE_HOME=/tmp/oracle go run ./internal/differ/differ -seed 11 -well 6000 -ill 1500 -mutated 3000 -answers answers.jsonl
//
// The same seed makes the same expressions, as long as the grammar stays. The file
// of answers spares the oracle what it was asked before. What was found stands in
// policy/expr/testdata/answers/differential.jsonl, and what stays different in
// policy/expr/testdata/differential-differs.md.
package differ
