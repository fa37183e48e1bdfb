package expr

import "github.com/apimulator/apimulator/policy/expr/syntax"

// bound is an expression whose names, overloads and conversions are resolved.
// The type is nil of what has none by itself: null is of the type null, but a
// lambda, a method group, a literal default have no type until they are
// converted to one.
type bound interface {
	typ() *Type
	source() syntax.Node // nil of what is not written
}

// node is part of every bound expression.
type node struct {
	t   *Type
	src syntax.Node
}

func (n *node) typ() *Type          { return n.t }
func (n *node) source() syntax.Node { return n.src }

// The expressions.
type (
	// boundBad stands for what could not be bound; it has been told of.
	boundBad struct{ node }

	// boundConst is a constant: a literal, or what was folded.
	boundConst struct {
		node
		value any
	}

	// boundRoot is context.
	boundRoot struct{ node }

	// boundVariable reads a variable.
	boundVariable struct {
		node
		v *variable
	}

	// boundCall calls a member of the table or reads a property or indexer of it:
	// the receiver comes first unless it is static. The arguments are in the order
	// of the parameters; order tells in which they are evaluated, nil if in the
	// same.
	boundCall struct {
		node
		method method
		types  []*Type // type arguments that the implementation gets
		recv   bound
		args   []bound
		order  []int
		// lifted says that a null operand makes the result null.
		lifted bool
	}

	// boundInvoke calls a delegate.
	boundInvoke struct {
		node
		delegate bound
		args     []bound
		order    []int
	}

	// boundLocalCall calls a local function.
	boundLocalCall struct {
		node
		fn    *variable
		types []*Type
		args  []bound
		order []int
	}

	// boundRef passes a variable, or what can be assigned to, by out or ref.
	boundRef struct {
		node
		target bound
		out    bool
	}

	// boundElement is an element of an array.
	boundElement struct {
		node
		array   bound
		indexes []bound
	}

	// boundField is member i of a tuple or of a value of an anonymous type.
	boundField struct {
		node
		record bound
		i      int
	}

	// boundRecord makes a tuple or a value of an anonymous type.
	boundRecord struct {
		node
		elems []bound
	}

	// boundNewArray makes an array, by lengths or by its elements.
	boundNewArray struct {
		node
		lengths []bound
		elems   []bound // row by row
		dims    []int   // of elems, where there are several dimensions
	}

	// boundInit makes an object and then fills it: its steps see it as object.
	boundInit struct {
		node
		make   bound
		object *boundPlaceholder
		steps  []bound
	}

	// boundUnary and boundBinary are the operators of the language's own types.
	// Operands have the operator's type, or its nullable if it is lifted.
	boundUnary struct {
		node
		x      bound
		op     unaryFunc
		name   string
		lifted bool
		user   *method // the operator that a type declares; nil of the language's
	}
	boundBinary struct {
		node
		x, y    bound
		op      binaryFunc
		name    string
		operand *Type // without ?
		lifted  liftKind
		checked bool
		user    *method // the operator that a type declares; nil of the language's
	}

	// boundLogical is && or ||.
	boundLogical struct {
		node
		x, y bound
		or   bool
	}

	// boundCoalesce is x ?? y.
	boundCoalesce struct {
		node
		x     bound
		value *boundPlaceholder // x's value, without ?
		then  bound             // value converted to the result
		y     bound
	}

	boundConditional struct {
		node
		cond, then, otherwise bound
	}

	// boundConcat puts texts together.
	boundConcat struct {
		node
		parts []bound
	}

	// boundInterpolated is $"...".
	boundInterpolated struct {
		node
		parts []interpolatedPart
	}

	// boundPlaceholder is a value that another node has computed.
	boundPlaceholder struct{ node }

	// boundAccess is x?.access, where access sees x's value as value.
	boundAccess struct {
		node
		x      bound
		value  *boundPlaceholder
		access bound
	}

	// boundAssign stores value in target; its value is the one stored.
	boundAssign struct {
		node
		target, value bound
	}

	// boundCompound is target op= y, ++ or --: next is the new value, computed
	// from the old one, which it sees as old.
	boundCompound struct {
		node
		target  bound
		old     *boundPlaceholder
		next    bound
		postfix bool // the value is the old one
	}

	// boundDeconstruct assigns the parts of a value to targets, in order. Parts
	// see the value as value; calls of Deconstruct come before them.
	boundDeconstruct struct {
		node
		x       bound
		value   *boundPlaceholder
		calls   []bound
		targets []bound // a *boundDiscard where it is _
		parts   []bound // each converted to its target's type
	}

	// boundDiscard is _ as a target.
	boundDiscard struct{ node }

	// boundConvert converts x; to is node.t.
	boundConvert struct {
		node
		x       bound
		conv    conversion
		checked bool
	}

	boundIs struct {
		node
		x       bound
		pattern boundPattern
	}

	boundAs struct {
		node
		x      bound
		target *Type
	}

	boundTypeof struct {
		node
		of *Type
	}

	// boundDefault is default(T), where T is a type parameter or no constant.
	boundDefault struct{ node }

	// boundNewParam is new T(), of a type parameter.
	boundNewParam struct{ node }

	// boundLambda makes a delegate of a lambda; results are its returned values as
	// the delegate wants them.
	boundLambda struct {
		node
		body *lambdaBody
		expr bound // the converted expression of an expression lambda
		// results are the converted values of a block's returns.
		results map[*boundReturn]bound
	}

	// boundDelegate makes a delegate of a method.
	boundDelegate struct {
		node
		recv bound // nil of a static method and a local function
		// call is the call of the method; params are the placeholders of the
		// delegate's parameters in it.
		call   bound
		params []*boundPlaceholder
		self   *boundPlaceholder // of recv, nil if there is none
	}

	boundThrow struct {
		node
		x bound
	}

	// boundLet evaluates body, which sees the inits as values.
	boundLet struct {
		node
		values []*boundPlaceholder
		inits  []bound
		body   bound
	}
)

// What has no type of its own.
type (
	// boundType is a type where an expression may be: the string of string.Join.
	boundType struct {
		node
		of *Type
	}

	// boundNamespace is a namespace, or a part of one.
	boundNamespace struct {
		node
		name string
	}

	// boundGroup is a method's name before its call.
	boundGroup struct {
		node
		name     string
		recv     bound // nil of static methods named by their type
		static   bool  // named by a type
		methods  []method
		local    *variable // a local function instead
		types    []*Type
		nameSpan syntax.Span
	}

	// boundOut is out var x before the type is known.
	boundOut struct {
		node
		v       *variable
		discard bool
	}

	// boundDefaultLiteral is default without a type.
	boundDefaultLiteral struct{ node }
)

// interpolatedPart is a text or a hole.
type interpolatedPart struct {
	text      string
	x         bound // nil of a text
	alignment int
	format    string
}

// boundPattern is what may follow is and case.
type boundPattern interface{ pattern() }

type (
	// constPattern matches what equals the constant.
	constPattern struct {
		value *boundConst
		t     *Type
	}

	// typePattern matches values of a type, and declares a variable if v is set.
	typePattern struct {
		t *Type
		v *variable
	}

	// varPattern matches everything.
	varPattern struct{ v *variable }
)

func (*constPattern) pattern() {}
func (*typePattern) pattern()  {}
func (*varPattern) pattern()   {}
