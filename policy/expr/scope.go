package expr

import "github.com/apimulator/apimulator/policy/expr/syntax"

// variable is a local variable, a parameter, a range variable or a local
// function.
type variable struct {
	name string
	t    *Type
	span syntax.Span
	fn   *function // that declares it
	slot int       // in the frames of fn
	kind variableKind

	// constant is the value of a const.
	constant any
	// cell says that the slot holds a *Ref: a closure shares the variable, or it
	// is passed by reference.
	cell bool
	// local is set of a local function.
	local *localFunction
}

// variableKind says what may be done with a variable.
type variableKind uint8

const (
	plainVariable variableKind = iota
	parameter
	outParameter
	refParameter // in, too
	constVariable
	foreachVariable
	usingVariable
	rangeVariable
	caughtVariable // of catch
	functionVariable
	temporary // of the compiler's own: it is always assigned
)

// readOnly says why the variable cannot be assigned to; "" if it can.
func (v *variable) readOnly() string {
	switch v.kind {
	case constVariable:
		return "a constant"
	case foreachVariable:
		return "a foreach iteration variable"
	case usingVariable:
		return "a using variable"
	case rangeVariable:
		return "a range variable"
	case functionVariable:
		return "a local function"
	}
	return ""
}

// assigned reports whether the variable has a value from the start.
func (v *variable) assigned() bool {
	switch v.kind {
	case plainVariable, outParameter:
		return false
	}
	return true
}

// function is what has frames of its own: the expression, a lambda, a local
// function.
type function struct {
	parent *function
	params []*variable
	slots  int
	// result is what a return statement's value is converted to; nil of a lambda,
	// whose results are converted once its delegate is known.
	result *Type
	// yields is the element type of an iterator, nil of any other function.
	yields  *Type
	returns []*boundReturn
	// body is the scope of the parameters, whose cells are made at the start.
	body *scope
	// captures are the variables of outer functions that it uses, with the slots
	// that they have in its own frames.
	captures map[*variable]int
	captured []*variable // the same in order
	// typed says that type parameters of a generic local function are known in it.
	typed bool
	what  string // as a message calls it
}

// newVariable gives a variable a slot in f's frames.
func (f *function) newVariable(name string, t *Type, kind variableKind, span syntax.Span) *variable {
	v := &variable{name: name, t: t, fn: f, slot: f.slots, kind: kind, span: span}
	f.slots++
	return v
}

// slotOf is where v, or the cell of a captured v, is in f's frames.
func (f *function) slotOf(v *variable) int {
	if v.fn == f {
		return v.slot
	}
	return f.captures[v]
}

// capture notes that f uses v, a variable of an outer function: every function
// in between hands it on.
func (f *function) capture(v *variable) {
	v.cell = v.cell || v.kind != functionVariable
	for ; f != v.fn; f = f.parent {
		if _, known := f.captures[v]; known {
			return
		}
		if f.captures == nil {
			f.captures = make(map[*variable]int)
		}
		f.captures[v] = f.slots
		f.captured = append(f.captured, v)
		f.slots++
	}
}

// scope is where names are declared: a block, a loop's header, a lambda.
type scope struct {
	parent *scope
	fn     *function
	names  map[string]*variable
	// later are the names that the block declares further on, so that a use before
	// that is told from an unknown name.
	later map[string]syntax.Span
	// variables are all that are declared here; those that turn out to be cells
	// are made when the scope is entered.
	variables []*variable
	// transparent are range variables that are members of the parameter of a
	// query's lambda.
	transparent map[string]func() bound
	// types are the type parameters of a generic local function.
	types map[string]*Type
	// declares is the scope that a switch section's statements declare in.
	declares *scope
	// labels are what goto leads to.
	labels map[string]*label
}

// lookup finds the variable, or the stand-in for one, that a name means.
func (s *scope) lookup(name string) (*variable, func() bound) {
	for ; s != nil; s = s.parent {
		if v := s.names[name]; v != nil {
			return v, nil
		}
		if alias := s.transparent[name]; alias != nil {
			return nil, alias
		}
	}
	return nil, nil
}

// declaredLater tells whether an enclosing block declares the name further on.
func (s *scope) declaredLater(name string) bool {
	for ; s != nil; s = s.parent {
		if _, ok := s.later[name]; ok {
			return true
		}
	}
	return false
}

// conflict is the scope, s or one around it, where the name is declared or will
// be; nil if it is free.
func (s *scope) conflict(name string) *scope {
	for ; s != nil; s = s.parent {
		if s.names[name] != nil || s.transparent[name] != nil {
			return s
		}
		if _, ok := s.later[name]; ok {
			return s
		}
	}
	return nil
}

// add makes the variable known.
func (s *scope) add(v *variable) {
	if s.names == nil {
		s.names = make(map[string]*variable)
	}
	s.names[v.name] = v
	s.variables = append(s.variables, v)
}
