package syntax

// LiteralKind is what a Literal is.
type LiteralKind uint8

// The kinds of literals. An integer's is what its size and suffix make it (C#
// 7.3 specification, integer literals).
const (
	NullLiteral LiteralKind = iota
	BoolLiteral
	CharLiteral    // Value is a uint16, a UTF-16 unit
	StringLiteral  // Value is a string, in WTF-8
	IntLiteral     // int32
	UIntLiteral    // uint32
	LongLiteral    // int64
	ULongLiteral   // uint64
	FloatLiteral   // float32
	DoubleLiteral  // float64
	DecimalLiteral // string: digits with or without a point, rounded to what a decimal holds
)

// Literal is a literal or null.
type Literal struct {
	At
	Kind  LiteralKind
	Value any
}

// Interpolated is $"..." or $@"...".
type Interpolated struct {
	At
	Parts []InterpolatedPart
}

// InterpolatedPart is a text or a hole.
type InterpolatedPart struct {
	Text      string // of a text, in WTF-8
	Expr      Expr   // of a hole; nil for a text
	Alignment Expr   // nil if none
	Format    string // after the colon, "" if none; doubled braces are left to string.Format
	HasFormat bool
	Span      Span // with the braces of a hole
}

// Name is a simple name, possibly generic.
type Name struct {
	At
	Alias string // what stands before ::, as in global::System; "" if none
	Ident string // without the @ of @class, escapes decoded
	Args  []TypeRef
}

// TypeExpr is a keyword type where an expression is: the string of string.Join.
type TypeExpr struct {
	At
	Type TypeRef
}

// Member is Target.Name.
type Member struct {
	At
	Target   Expr
	Name     string
	Args     []TypeRef
	NameSpan Span
}

// Call is Target(Args).
type Call struct {
	At
	Target Expr
	Args   []Arg
}

// Arg is an argument of a call, an index, a constructor or a tuple.
type Arg struct {
	Name string // of a named argument, "" if none
	Mode ArgMode
	Expr Expr
	Span Span
}

// ArgMode is how an argument is passed.
type ArgMode uint8

// The ways to pass an argument.
const (
	ByValue ArgMode = iota
	ByRef
	ByOut
	ByIn
)

// Index is Target[Args].
type Index struct {
	At
	Target Expr
	Args   []Arg
}

// ConditionalAccess is Target?.x or Target?[x]: Access begins with a
// MemberBinding or an ElementBinding that stands for the target's value.
type ConditionalAccess struct {
	At
	Target Expr
	Access Expr
}

// MemberBinding is the .Name that follows a ?.
type MemberBinding struct {
	At
	Name     string
	Args     []TypeRef
	NameSpan Span
}

// ElementBinding is the [Args] that follows a ?
type ElementBinding struct {
	At
	Args []Arg
}

// Unary is a prefix operator: + - ! ~ ++ --. A minus before 2147483648 or
// 9223372036854775808 is not one: it is part of the Literal, as C# has it.
type Unary struct {
	At
	Op string
	X  Expr
}

// Postfix is X++ or X--.
type Postfix struct {
	At
	Op string
	X  Expr
}

// Binary is a binary operator, && || ?? included.
type Binary struct {
	At
	Op     string
	X, Y   Expr
	OpSpan Span
}

// Assign is = or a compound assignment.
type Assign struct {
	At
	Op   string // "=", "+=", ...
	X, Y Expr
}

// Conditional is Cond ? Then : Else.
type Conditional struct {
	At
	Cond, Then, Else Expr
}

// Is is X is Pattern.
type Is struct {
	At
	X       Expr
	Pattern Pattern
}

// As is X as Type.
type As struct {
	At
	X    Expr
	Type TypeRef
}

// Cast is (Type)X.
type Cast struct {
	At
	Type TypeRef
	X    Expr
}

// Paren is (X).
type Paren struct {
	At
	X Expr
}

// TupleExpr is (a, b).
type TupleExpr struct {
	At
	Elems []Arg
}

// TypeOf is typeof(Type).
type TypeOf struct {
	At
	Type TypeRef
}

// NameOf is nameof(X), where nothing of the name nameof is declared; that is the
// binder's to look at.
type NameOf struct {
	At
	X Expr
}

// Default is default(Type), or default with a nil Type.
type Default struct {
	At
	Type TypeRef
}

// Checked is checked(X) or unchecked(X).
type Checked struct {
	At
	Unchecked bool
	X         Expr
}

// New is new Type(Args) { Init }.
type New struct {
	At
	Type TypeRef
	Args []Arg
	Init *Init // nil if none
}

// NewArray is new Elem[Sizes] { Init } or new[] { Init }.
type NewArray struct {
	At
	Elem  TypeRef // nil for new[] {...}
	Sizes []Expr  // empty where the initialiser gives the size
	Ranks []int   // ranks of further brackets: new int[3][,] has [2]
	Rank  int     // dimensions of the first brackets
	Init  *Init
	Bare  bool // { ... } alone, as in int[] a = {1, 2}: Elem is the declaration's
}

// NewAnonymous is new { A = x, y.B }.
type NewAnonymous struct {
	At
	Members []AnonymousMember
}

// AnonymousMember is one member; its name is the one written, or the last
// identifier of Expr ("" if it has none, an error for the binder).
type AnonymousMember struct {
	Name string
	Expr Expr
	Span Span
}

// Init is an object, collection or array initialiser: { ... }.
type Init struct {
	At
	Elems []InitElem
}

// InitElem is one element. Of an object initialiser Name is set (A = x); of an
// index initialiser Index ([k] = x); of a collection initialiser with several
// arguments Args ({k, v}); else Value alone. Nested is a value that is itself an
// initialiser (A = {...}, or a row of an array).
type InitElem struct {
	Name   string
	Index  []Arg
	Args   []Expr
	Value  Expr
	Nested *Init
	Span   Span
}

// Lambda is params => body, or the anonymous method delegate (params) { body }.
type Lambda struct {
	At
	Params    []Param
	AnyParams bool   // delegate { ... }: fits whatever is passed
	Expr      Expr   // one of Expr and Block is set
	Block     *Block // nil for an expression
}

// Param is a parameter of a lambda (Type nil if it is inferred) or of a local
// function.
type Param struct {
	Type    TypeRef
	Name    string
	Mode    ArgMode
	Params  bool // params T[]
	Default Expr // nil if none
	Span    Span
}

// Query is from ... select ...
type Query struct {
	At
	From    FromClause
	Clauses []QueryClause
	// Select or GroupBy ends the body.
	Select           Expr
	GroupBy          Expr // group Group by GroupBy
	Group            Expr
	Into             string // continuation's variable, "" if none
	Continuation     *Query // what follows into; its From is unused
	ContinuationSpan Span
}

// FromClause is from Type Name in Expr.
type FromClause struct {
	Type TypeRef // nil if none
	Name string
	In   Expr
	Span Span
}

// QueryClause is one clause of a query's body; exactly one field is set.
type QueryClause struct {
	From    *FromClause
	Let     *LetClause
	Where   Expr
	OrderBy []Ordering
	Join    *JoinClause
	Span    Span
}

// LetClause is let Name = Expr.
type LetClause struct {
	Name string
	Expr Expr
}

// Ordering is one key of orderby.
type Ordering struct {
	Expr       Expr
	Descending bool
}

// JoinClause is join Name in In on Left equals Right into Into.
type JoinClause struct {
	Type        TypeRef
	Name        string
	In          Expr
	Left, Right Expr
	Into        string
}

// Declaration declares variables inside an expression: out var x, var (a, b) =.
type Declaration struct {
	At
	Type   TypeRef // nil for var
	Name   string  // one variable; "_" discards
	Nested []Declaration
}

// ThrowExpr is throw X as an expression.
type ThrowExpr struct {
	At
	X Expr
}

func (*Literal) expr()           {}
func (*Interpolated) expr()      {}
func (*Name) expr()              {}
func (*TypeExpr) expr()          {}
func (*Member) expr()            {}
func (*Call) expr()              {}
func (*Index) expr()             {}
func (*ConditionalAccess) expr() {}
func (*MemberBinding) expr()     {}
func (*ElementBinding) expr()    {}
func (*Unary) expr()             {}
func (*Postfix) expr()           {}
func (*Binary) expr()            {}
func (*Assign) expr()            {}
func (*Conditional) expr()       {}
func (*Is) expr()                {}
func (*As) expr()                {}
func (*Cast) expr()              {}
func (*Paren) expr()             {}
func (*TupleExpr) expr()         {}
func (*TypeOf) expr()            {}
func (*NameOf) expr()            {}
func (*Default) expr()           {}
func (*Checked) expr()           {}
func (*New) expr()               {}
func (*NewArray) expr()          {}
func (*NewAnonymous) expr()      {}
func (*Lambda) expr()            {}
func (*Query) expr()             {}
func (*Declaration) expr()       {}
func (*ThrowExpr) expr()         {}
