// Package lint looks at policy documents without running them and tells what Azure
// would refuse, what can't work, and what is probably not meant.
//
// A target (target.go) is a document and what is known around it: nothing of a lone
// file, everything in a service, and what the folders say in an APIOps folder. It is
// read, bound and checked by package policy, whose findings become this package's;
// then the rules look at it, one in each rule_*.go. Rules of the flow see statements
// in the order in which they run (flow.go). Comments and .apimulator.yaml turn rules
// off (off.go), and a format_*.go prints what is left.
//
// Nothing here opens a socket or reads a credential.
package lint
