package expr

// eachChild calls visit for the expressions that x is made of, in the order in
// which they are evaluated. Bodies of lambdas are none.
func eachChild(x bound, visit func(bound)) {
	all := func(list []bound) {
		for _, e := range list {
			visit(e)
		}
	}
	maybe := func(e bound) {
		if e != nil {
			visit(e)
		}
	}
	switch x := x.(type) {
	case *boundCall:
		maybe(x.recv)
		inOrder(x.args, x.order, visit)
	case *boundInvoke:
		visit(x.delegate)
		inOrder(x.args, x.order, visit)
	case *boundLocalCall:
		inOrder(x.args, x.order, visit)
	case *boundRef:
		visit(x.target)
	case *boundElement:
		visit(x.array)
		all(x.indexes)
	case *boundField:
		visit(x.record)
	case *boundRecord:
		all(x.elems)
	case *boundNewArray:
		all(x.lengths)
		all(x.elems)
	case *boundInit:
		visit(x.make)
		all(x.steps)
	case *boundUnary:
		visit(x.x)
	case *boundBinary:
		visit(x.x)
		visit(x.y)
	case *boundLogical:
		visit(x.x)
		visit(x.y)
	case *boundCoalesce:
		visit(x.x)
		visit(x.then)
		visit(x.y)
	case *boundConditional:
		visit(x.cond)
		visit(x.then)
		visit(x.otherwise)
	case *boundConcat:
		all(x.parts)
	case *boundInterpolated:
		for _, p := range x.parts {
			maybe(p.x)
		}
	case *boundAccess:
		visit(x.x)
		visit(x.access)
	case *boundAssign:
		visit(x.target)
		visit(x.value)
	case *boundCompound:
		visit(x.target)
		visit(x.next)
	case *boundDeconstruct:
		visit(x.x)
		all(x.calls)
		all(x.targets)
		all(x.parts)
	case *boundConvert:
		visit(x.x)
	case *boundIs:
		visit(x.x)
	case *boundAs:
		visit(x.x)
	case *boundDelegate:
		maybe(x.recv)
		visit(x.call)
	case *boundThrow:
		visit(x.x)
	case *boundLet:
		all(x.inits)
		visit(x.body)
	}
}

// inOrder visits arguments in the order in which they are evaluated.
func inOrder(args []bound, order []int, visit func(bound)) {
	if order == nil {
		for _, a := range args {
			visit(a)
		}
		return
	}
	for _, i := range order {
		visit(args[i])
	}
}
