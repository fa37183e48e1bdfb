package expr

import "github.com/apimulator/apimulator/policy/expr/syntax"

// boundStmt is a statement whose parts are bound.
type boundStmt interface{ from() syntax.Node }

type stmtNode struct{ src syntax.Node }

func (n *stmtNode) from() syntax.Node { return n.src }

// label is what goto leads to.
type label struct {
	name string
	span syntax.Span
	used bool // a goto leads here
}

// The statements.
type (
	boundBlock struct {
		stmtNode
		stmts []boundStmt
		scope *scope // nil where nothing can be declared
		funcs []*localFunction
	}

	boundExprStmt struct {
		stmtNode
		x bound
	}

	// boundDeclare declares a variable; init is nil if it has no value yet.
	boundDeclare struct {
		stmtNode
		v    *variable
		init bound
	}

	boundIf struct {
		stmtNode
		cond            bound
		then, otherwise boundStmt
	}

	// boundLoop is while, do and for.
	boundLoop struct {
		stmtNode
		scope *scope // of a for's variables; entered once
		init  []boundStmt
		cond  bound // nil if it is always true
		// condScope is where variables of a condition are declared; entered each
		// time.
		condScope *scope
		post      []bound
		body      boundStmt
		do        bool // the condition comes after the body
	}

	boundForeach struct {
		stmtNode
		x bound
		// current is an element, which element and the deconstruction convert.
		current *boundPlaceholder
		element bound     // of type v.t
		v       *variable // nil if the element is deconstructed
		parts   bound     // the deconstruction of an element
		scope   *scope    // of v; entered for each element
		body    boundStmt
		// enumerator is the pattern of GetEnumerator, MoveNext and Current, where
		// the elements are not those of the value as an Enumerable.
		enumerator *enumeratorPattern
	}

	boundSwitch struct {
		stmtNode
		x        bound
		sections []*switchSection
		scope    *scope
		funcs    []*localFunction
		gotos    []*boundGotoCase
	}

	boundBreak    struct{ stmtNode }
	boundContinue struct{ stmtNode }

	boundGoto struct {
		stmtNode
		label *label
	}

	// boundGotoCase leads to the section of a switch that has the constant; to
	// default without one.
	boundGotoCase struct {
		stmtNode
		to      *boundSwitch
		value   *boundConst
		section int // set when the switch is complete
	}

	boundLabel struct {
		stmtNode
		label *label
		stmt  boundStmt
	}

	boundReturn struct {
		stmtNode
		x bound // nil if there is none
		// natural is x before its conversion to the function's result; of a lambda
		// nil, since x is not converted yet.
		natural bound
	}

	boundThrowStmt struct {
		stmtNode
		x bound // nil to throw the caught exception again
	}

	boundTry struct {
		stmtNode
		block   boundStmt
		catches []*catchClause
		finally boundStmt // nil if there is none
	}

	boundUsing struct {
		stmtNode
		scope     *scope
		resources []*boundDeclare
		disposals []bound // of each resource the call of Dispose
		body      boundStmt
	}

	boundLock struct {
		stmtNode
		x    bound
		body boundStmt
	}

	boundYield struct {
		stmtNode
		x bound // nil of yield break
	}

	boundLocalFunc struct {
		stmtNode
		fn *localFunction
	}

	boundEmpty struct{ stmtNode }
)

// switchSection is the labels and the statements of a section.
type switchSection struct {
	labels []*switchLabel
	stmts  []boundStmt
	scope  *scope // of the variables that its patterns declare
	span   syntax.Span
}

// switchLabel is case or, with no pattern, default.
type switchLabel struct {
	pattern boundPattern
	when    bound
	span    syntax.Span
	wrong   bool // the pattern could not be bound
}

// catchClause is catch; t is nil of a bare one.
type catchClause struct {
	t     *Type
	v     *variable
	when  bound
	scope *scope
	block boundStmt
}

// localFunction is a function declared in a block.
type localFunction struct {
	v      *variable
	fn     *function
	member *Member // its signature
	scope  *scope  // where it is declared
	syntax *syntax.LocalFunc
	body   boundStmt
	expr   bound // instead of body
}

// enumeratorPattern is how foreach goes through a value by its members.
type enumeratorPattern struct {
	get, next, current bound
	collection, self   *boundPlaceholder
}
