package expr

import (
	"slices"

	"github.com/apimulator/apimulator/policy/expr/syntax"
)

type callKind uint8

const (
	callMethod callKind = iota
	callDelegate
	callConstructor
	callIndexer
)

// invocation is a call that could not be resolved, for telling why.
type invocation struct {
	group *boundGroup // of a method
	name  string
	what  callKind
	args  []argument
	at    syntax.Node
	span  syntax.Span // of the name
}

// unresolved tells why no method fits the arguments.
func (b *binder) unresolved(r resolution, call invocation) bound {
	b.spoiled(call.args, call.at)
	if len(r.ambiguous) > 1 {
		b.report(call.span, "CS0121", "The call is ambiguous between the following methods or properties: '%s' and '%s'", r.ambiguous[0].m.display(), r.ambiguous[1].m.display())
		return bad(call.at)
	}
	if b.reportLambdaBodies(r, call) || b.wrongStatic(r, call) {
		return bad(call.at)
	}
	if len(r.mismatches) == 0 && call.group.recv == nil {
		b.report(call.span, "CS0120", "An object reference is required for the non-static method '%s'", call.name)
		return bad(call.at)
	}
	if len(r.mismatches) == 0 {
		b.report(call.span, "CS1061", "'%s' does not contain a definition for '%s'", call.group.recv.typ().display(), call.name)
		return bad(call.at)
	}
	no := r.mismatches[0]
	for _, m := range r.mismatches {
		if m.kind < no.kind {
			no = m
		}
	}
	switch no.kind {
	case badArgument:
		b.badArgument(r, no, call)
	case badConstraint:
		b.report(call.span, no.code, "The types <%s> cannot be used as type arguments of '%s': they don't satisfy its constraints", displayTypes(no.types), call.name)
	case notInferred:
		b.notInferred(no, call)
	case unknownParam:
		b.report(call.args[no.arg].at.Span(), "CS1739", "The best overload for '%s' does not have a parameter named '%s'", call.name, call.args[no.arg].name)
	case duplicateName:
		b.report(call.args[no.arg].at.Span(), "CS1744", "Named argument '%s' specifies a parameter for which a positional argument has already been given", call.args[no.arg].name)
	case missingArgument:
		if len(r.mismatches) == 1 {
			b.report(call.span, "CS7036", "There is no argument given that corresponds to the required formal parameter '%s' of '%s'", no.m.Params[no.param].Name, no.m.display())
		} else {
			b.badCount(no, call)
		}
	default:
		b.badCount(no, call)
	}
	return bad(call.at)
}

// wrongStatic tells of a method that fits but is static, or is not, against the
// way it is named.
func (b *binder) wrongStatic(r resolution, call invocation) bool {
	g := call.group
	if g == nil || g.local != nil || len(r.mismatches) > 0 && len(g.candidates()) > 0 {
		return false
	}
	all := b.resolve(g.methods, call.args, g.types)
	if all.best == nil {
		return false
	}
	if g.static {
		b.report(call.span, "CS0120", "An object reference is required for the non-static method '%s'", all.best.m.display())
	} else {
		b.report(call.span, "CS0176", "Member '%s' cannot be accessed with an instance reference; qualify it with a type name instead", all.best.m.display())
	}
	return true
}

// reportLambdaBodies tells the mistakes within a lambda, which are why nothing
// fits it.
func (b *binder) reportLambdaBodies(r resolution, call invocation) bool {
	for _, a := range call.args {
		lambda, ok := a.x.(*unboundLambda)
		if !ok {
			continue
		}
		for _, body := range lambda.bodies {
			if len(body.diags) > 0 {
				b.diags = append(b.diags, body.diags...)
				return true
			}
		}
	}
	return false
}

// badArgument tells of the arguments that don't convert, of the method whose
// lambdas come nearest.
func (b *binder) badArgument(r resolution, no mismatch, call invocation) {
	i := slices.IndexFunc(r.mismatches, func(m mismatch) bool {
		if m.kind != badArgument || m.to == nil {
			return false
		}
		lambda, ok := call.args[m.arg].x.(*unboundLambda)
		invoke, isDelegate := delegateInvoke(m.to)
		return ok && isDelegate && len(invoke.Params) == len(lambda.syntax.Params)
	})
	if i >= 0 {
		no = r.mismatches[i]
	}
	arg := call.args[no.arg]
	position := no.arg + 1
	if no.m.Extension {
		position--
	}
	switch {
	case no.to == nil && no.m.Params != nil && arg.mode == syntax.ByValue:
		b.report(arg.at.Span(), "CS1620", "Argument %d must be passed with the '%s' keyword", position, modeOf(no.m, no.arg))
	case no.to == nil:
		b.report(arg.at.Span(), "CS1615", "Argument %d may not be passed with the 'ref', 'out' or 'in' keyword", position)
	case no.m.Extension && no.arg == 0:
		b.report(call.span, "CS1929", "'%s' does not contain a definition for '%s' and the best extension method overload '%s' requires a receiver of type '%s'",
			arg.x.typ().display(), call.name, no.m.display(), no.to.display())
	case isLambdaOrGroup(arg.x):
		b.cannotConvert(arg.x, no.to, arg.at)
	default:
		b.report(arg.at.Span(), "CS1503", "Argument %d: cannot convert from '%s' to '%s'", position, displayOf(arg.x), no.to.display())
	}
}

func modeOf(m method, i int) string {
	if m.Params[min(i, len(m.Params)-1)].Out {
		return "out"
	}
	return "ref"
}

func isLambdaOrGroup(x bound) bool {
	switch x.(type) {
	case *unboundLambda, *boundGroup:
		return true
	}
	return false
}

// displayOf is an expression's type in a message.
func displayOf(x bound) string {
	switch x := x.(type) {
	case *unboundLambda:
		return "lambda expression"
	case *boundGroup:
		return "method group"
	case *boundDefaultLiteral:
		return "default"
	case *boundOut:
		return "out var"
	default:
		if x.typ() == nil {
			return "an expression without a type"
		}
		return x.typ().display()
	}
}

// notInferred tells that type arguments have to be written; of an extension
// method that the receiver does not fit.
func (b *binder) notInferred(no mismatch, call invocation) {
	if no.m.Extension && call.group != nil && len(call.group.methods) == 0 {
		recv := call.args[0].x.typ()
		if first := no.m.Params[0].Type; !first.generic() && !inherits(recv, first) || first.kind == Interface && recv.asInterface(first.def) == nil {
			if first.kind != Interface || !slices.ContainsFunc(recv.allInterfaces(), func(i *Type) bool { return i.def == first.def }) {
				b.report(call.span, "CS1061", "'%s' does not contain a definition for '%s' and no accessible extension method '%s' accepting a first argument of type '%s' could be found",
					recv.display(), call.name, call.name, recv.display())
				return
			}
		}
	}
	b.report(call.span, "CS0411", "The type arguments for method '%s' cannot be inferred from the usage. Try specifying the type arguments explicitly.", no.m.display())
}

func (b *binder) badCount(no mismatch, call invocation) {
	n := len(call.args)
	if no.m.Extension && call.group != nil && !call.group.static {
		n--
	}
	switch call.what {
	case callDelegate:
		b.report(call.span, "CS1593", "Delegate '%s' does not take %d arguments", call.name, n)
	case callConstructor:
		b.report(call.span, "CS1729", "'%s' does not contain a constructor that takes %d arguments", call.name, n)
	default:
		if call.group != nil && len(call.group.types) > 0 && len(no.m.TypeParams) != len(call.group.types) {
			b.report(call.span, "CS0305", "Using the generic method '%s' requires %d type arguments", no.m.display(), len(no.m.TypeParams))
			return
		}
		b.report(call.span, "CS1501", "No overload for method '%s' takes %d arguments", call.name, n)
	}
}
