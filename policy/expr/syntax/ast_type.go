package syntax

// NamedType is a name, qualified or not, each part possibly with type arguments:
// List<string>, System.Text.StringBuilder. A keyword (int, string, object, void)
// is a NamedType of one part with Keyword set; var and dynamic are names.
type NamedType struct {
	At
	Alias   string // what stands before ::, as in global::System; "" if none
	Parts   []NamePart
	Keyword bool
}

// NamePart is one identifier of a qualified name.
type NamePart struct {
	Name string
	Args []TypeRef // type arguments; nil if none are written
	Open int       // how many are left open: typeof(Dictionary<,>) has 2
	Span Span
}

// ArrayType is Elem[], Elem[,] ... As C# reads it, int[][,] is a one-dimensional
// array of int[,]; since the brackets of the two are written in that order, both
// have the whole text as their span.
type ArrayType struct {
	At
	Elem TypeRef
	Rank int // dimensions, 1 for []
}

// NullableType is Elem?.
type NullableType struct {
	At
	Elem TypeRef
}

// TupleType is (int a, string b).
type TupleType struct {
	At
	Elems []TupleTypeElem
}

// TupleTypeElem is one element of a tuple type.
type TupleTypeElem struct {
	Type TypeRef
	Name string // "" if none
}

// ConstantPattern is is 5, case "a".
type ConstantPattern struct {
	At
	X Expr
}

// TypePattern is is Type (no variable). Whether a name is a type or a constant is
// the binder's to say: a dotted name without type arguments, after is or case, is
// a TypePattern, and Expr holds the same text read as an expression.
type TypePattern struct {
	At
	Type TypeRef
	Expr Expr // nil if it can only be a type
}

// DeclarationPattern is is Type name.
type DeclarationPattern struct {
	At
	Type TypeRef // nil for var
	Name string  // "_" discards
}

func (*NamedType) typeRef()    {}
func (*ArrayType) typeRef()    {}
func (*NullableType) typeRef() {}
func (*TupleType) typeRef()    {}

func (*ConstantPattern) pattern()    {}
func (*TypePattern) pattern()        {}
func (*DeclarationPattern) pattern() {}
