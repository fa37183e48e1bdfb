package syntax

import (
	"fmt"
	"strings"
)

func (p printer) stmts(list []Stmt) string { return each(list, p.stmt) }

func (p printer) stmt(s Stmt) string {
	switch s := s.(type) {
	case nil:
		return ""
	case *Block:
		return list("block", p.stmts(s.Stmts))
	case *LocalDecl:
		return p.localDecl(s)
	case *ExprStmt:
		return list("do", p.expr(s.X))
	case *If:
		return list("if", p.expr(s.Cond), p.stmt(s.Then), p.stmt(s.Else))
	case *For:
		init := "(" + each(s.Init, p.expr) + ")"
		if s.Decl != nil {
			init = p.localDecl(s.Decl)
		}
		cond := p.expr(s.Cond)
		if cond == "" {
			cond = "_"
		}
		return list("for", init, cond, "("+each(s.Post, p.expr)+")", p.stmt(s.Body))
	case *Foreach:
		if s.Deconstruct != nil {
			return list("foreach", p.expr(s.Deconstruct), p.expr(s.X), p.stmt(s.Body))
		}
		return list("foreach", p.typ(s.Type), s.Name, p.expr(s.X), p.stmt(s.Body))
	case *While:
		return list("while", p.expr(s.Cond), p.stmt(s.Body))
	case *Do:
		return list("dowhile", p.stmt(s.Body), p.expr(s.Cond))
	case *Switch:
		return list("switch", p.expr(s.X), each(s.Sections, func(c SwitchSection) string {
			return list("section", each(c.Labels, p.label), p.stmts(c.Stmts))
		}))
	case *Break:
		return "(break)"
	case *Continue:
		return "(continue)"
	case *Goto:
		switch {
		case s.Default:
			return "(goto default)"
		case s.Case != nil:
			return list("goto", list("case", p.expr(s.Case)))
		}
		return list("goto", s.Label)
	case *Labeled:
		return list("label", s.Label, p.stmt(s.Stmt))
	case *Return:
		return list("return", p.expr(s.X))
	case *Throw:
		return list("throw", p.expr(s.X))
	case *Lock:
		return list("lock", p.expr(s.X), p.stmt(s.Body))
	case *Yield:
		if s.X == nil {
			return "(yield break)"
		}
		return list("yield", p.expr(s.X))
	case *Try:
		finally := ""
		if s.Finally != nil {
			finally = list("finally", p.stmt(s.Finally))
		}
		return list("try", p.stmt(s.Block), each(s.Catches, p.catch), finally)
	case *Using:
		if s.Decl != nil {
			return list("using", p.localDecl(s.Decl), p.stmt(s.Body))
		}
		return list("using", p.expr(s.X), p.stmt(s.Body))
	case *CheckedBlock:
		return list(checked(s.Unchecked), p.stmt(s.Block))
	case *LocalFunc:
		return p.localFunc(s)
	case *Empty:
		return "(empty)"
	}
	return fmt.Sprintf("!%T", s)
}

func (p printer) localDecl(d *LocalDecl) string {
	word := "local"
	if d.Const {
		word = "const"
	}
	return list(word, p.typ(d.Type), each(d.Vars, func(v LocalVar) string {
		if v.Init == nil {
			return v.Name
		}
		return list(v.Name, p.expr(v.Init))
	}))
}

func (p printer) label(l SwitchLabel) string {
	if l.Pattern == nil {
		return "(default)"
	}
	return list("case", p.pattern(l.Pattern), p.when(l.When))
}

func (p printer) when(x Expr) string {
	if x == nil {
		return ""
	}
	return list("when", p.expr(x))
}

func (p printer) catch(c Catch) string {
	return list("catch", p.optional(c.Type), c.Name, p.when(c.When), p.stmt(c.Block))
}

func (p printer) localFunc(f *LocalFunc) string {
	name := f.Name
	if f.TypeParams != nil {
		name += "<" + strings.Join(f.TypeParams, ",") + ">"
	}
	body := p.expr(f.Expr)
	if f.Block != nil {
		body = p.stmt(f.Block)
	}
	return list("func", p.typ(f.Result), name, "("+each(f.Params, p.param)+")", each(f.Constraints, p.constraint), body)
}

func (p printer) constraint(c Constraint) string {
	words := []string{"constraint", c.Param}
	if c.Class {
		words = append(words, "class")
	}
	if c.Struct {
		words = append(words, "struct")
	}
	words = append(words, each(c.Bounds, p.typ))
	if c.New {
		words = append(words, "new()")
	}
	return list(words...)
}
