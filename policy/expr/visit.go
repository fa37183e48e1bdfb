package expr

// visitor goes through bound nodes, those in lambdas and local functions too.
type visitor struct {
	expr func(bound)
	// declare, if set, is told of the declarations of local variables, before what
	// stands in them.
	declare func(*boundDeclare)
}

func (v *visitor) visit(x bound) {
	if x == nil {
		return
	}
	v.expr(x)
	if lambda, ok := x.(*boundLambda); ok {
		if lambda.expr != nil {
			v.visit(lambda.expr)
			return
		}
		v.stmt(lambda.body.block)
		return
	}
	eachChild(x, v.visit)
}

func (v *visitor) list(stmts []boundStmt) {
	for _, s := range stmts {
		v.stmt(s)
	}
}

func (v *visitor) stmt(s boundStmt) {
	switch s := s.(type) {
	case *boundBlock:
		v.list(s.stmts)
	case *boundExprStmt:
		v.visit(s.x)
	case *boundDeclare:
		if v.declare != nil {
			v.declare(s)
		}
		v.visit(s.init)
	case *boundIf:
		v.visit(s.cond)
		v.stmt(s.then)
		v.stmt(s.otherwise)
	case *boundLoop:
		v.list(s.init)
		v.visit(s.cond)
		for _, x := range s.post {
			v.visit(x)
		}
		v.stmt(s.body)
	case *boundForeach:
		v.visit(s.x)
		v.visit(s.element)
		v.visit(s.parts)
		v.stmt(s.body)
	case *boundSwitch:
		v.visit(s.x)
		for _, section := range s.sections {
			for _, l := range section.labels {
				v.visit(l.when)
			}
			v.list(section.stmts)
		}
	case *boundReturn:
		v.visit(s.x)
	case *boundThrowStmt:
		v.visit(s.x)
	case *boundYield:
		v.visit(s.x)
	case *boundLabel:
		v.stmt(s.stmt)
	default:
		v.nested(s)
	}
}

// nested goes through statements that hold others.
func (v *visitor) nested(s boundStmt) {
	switch s := s.(type) {
	case *boundTry:
		v.stmt(s.block)
		for _, c := range s.catches {
			v.visit(c.when)
			v.stmt(c.block)
		}
		v.stmt(s.finally)
	case *boundUsing:
		for _, r := range s.resources {
			v.visit(r.init)
		}
		v.stmt(s.body)
	case *boundLock:
		v.visit(s.x)
		v.stmt(s.body)
	case *boundLocalFunc:
		v.visit(s.fn.expr)
		v.stmt(s.fn.body)
	}
}
