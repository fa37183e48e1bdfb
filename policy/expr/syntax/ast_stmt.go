package syntax

// Block is { ... }.
type Block struct {
	At
	Stmts []Stmt
}

// LocalDecl is T a = x, b; or var a = x; or const.
type LocalDecl struct {
	At
	Const bool
	Type  TypeRef // nil for var
	Vars  []LocalVar
}

// LocalVar is one variable of a LocalDecl.
type LocalVar struct {
	Name string
	Init Expr // nil if none; an array initialiser is a NewArray without Elem
	Span Span
}

// ExprStmt is an expression as a statement.
type ExprStmt struct {
	At
	X Expr
}

// If is if (Cond) Then else Else.
type If struct {
	At
	Cond Expr
	Then Stmt
	Else Stmt // nil if none
}

// For is for (Init; Cond; Post) Body.
type For struct {
	At
	Decl *LocalDecl // one of Decl and Init, or neither
	Init []Expr
	Cond Expr // nil if none
	Post []Expr
	Body Stmt
}

// Foreach is foreach (Type Name in X) Body.
type Foreach struct {
	At
	Type        TypeRef // nil for var
	Name        string
	Deconstruct Expr // instead of Type and Name: the Declaration var (a, b) or a TupleExpr of Declarations
	X           Expr
	Body        Stmt
}

// While is while (Cond) Body.
type While struct {
	At
	Cond Expr
	Body Stmt
}

// Do is do Body while (Cond);
type Do struct {
	At
	Body Stmt
	Cond Expr
}

// Switch is switch (X) { ... }.
type Switch struct {
	At
	X        Expr
	Sections []SwitchSection
}

// SwitchSection is labels and the statements under them.
type SwitchSection struct {
	Labels []SwitchLabel
	Stmts  []Stmt
	Span   Span
}

// SwitchLabel is case Pattern when When: or, with a nil Pattern, default:.
type SwitchLabel struct {
	Pattern Pattern
	When    Expr
	Span    Span
}

// Break is break;
type Break struct{ At }

// Continue is continue;
type Continue struct{ At }

// Goto is goto case X; goto default; or goto Label;
type Goto struct {
	At
	Case    Expr
	Default bool
	Label   string
}

// Labeled is Label: Stmt.
type Labeled struct {
	At
	Label string
	Stmt  Stmt
}

// Return is return X; X is nil for a bare return.
type Return struct {
	At
	X Expr
}

// Throw is throw X; X is nil to throw again.
type Throw struct {
	At
	X Expr
}

// Try is try ... catch ... finally.
type Try struct {
	At
	Block   *Block
	Catches []Catch
	Finally *Block // nil if none
}

// Catch is catch (Type Name) when (When) Block; Type is nil for a bare catch.
type Catch struct {
	Type  TypeRef
	Name  string
	When  Expr
	Block *Block
	Span  Span
}

// Using is using (Decl or X) Body.
type Using struct {
	At
	Decl *LocalDecl
	X    Expr
	Body Stmt
}

// CheckedBlock is checked { } or unchecked { }.
type CheckedBlock struct {
	At
	Unchecked bool
	Block     *Block
}

// Lock is lock (X) Body.
type Lock struct {
	At
	X    Expr
	Body Stmt
}

// Yield is yield return X; or, with a nil X, yield break;
type Yield struct {
	At
	X Expr
}

// LocalFunc is a local function.
type LocalFunc struct {
	At
	Result      TypeRef // a NamedType of keyword void for none
	Name        string
	TypeParams  []string
	Params      []Param
	Constraints []Constraint
	Block       *Block // one of Block and Expr is set
	Expr        Expr
}

// Constraint is where Param : Class or Struct, Bounds, New; of a generic local
// function.
type Constraint struct {
	Param  string
	Class  bool
	Struct bool
	New    bool
	Bounds []TypeRef // unmanaged is a bound, too
	Span   Span
}

// Empty is ;
type Empty struct{ At }

func (*Block) stmt()        {}
func (*LocalDecl) stmt()    {}
func (*ExprStmt) stmt()     {}
func (*If) stmt()           {}
func (*For) stmt()          {}
func (*Foreach) stmt()      {}
func (*While) stmt()        {}
func (*Do) stmt()           {}
func (*Switch) stmt()       {}
func (*Break) stmt()        {}
func (*Continue) stmt()     {}
func (*Goto) stmt()         {}
func (*Labeled) stmt()      {}
func (*Return) stmt()       {}
func (*Throw) stmt()        {}
func (*Try) stmt()          {}
func (*Using) stmt()        {}
func (*CheckedBlock) stmt() {}
func (*Lock) stmt()         {}
func (*Yield) stmt()        {}
func (*LocalFunc) stmt()    {}
func (*Empty) stmt()        {}
