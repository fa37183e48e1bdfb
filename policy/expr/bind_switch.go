package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/syntax"
)

// switchStmt binds switch. Variables of its statements belong to the whole
// block, those of patterns to their section.
func (b *binder) switchStmt(s *syntax.Switch) boundStmt {
	x := b.typed(s.X)
	if x.typ().kind == Null {
		x = b.fail(s.X, "CS8119", "The switch expression must be a value; found '<null>'")
	}
	sc, leave := b.enter()
	defer leave()
	sw := &boundSwitch{stmtNode: stmtNode{s}, x: x, scope: sc}
	for i := range s.Sections {
		sw.funcs = append(sw.funcs, b.announce(s.Sections[i].Stmts)...)
	}
	b.within(jumps{breaks: true, switched: sw}, func() {
		for i := range s.Sections {
			sw.sections = append(sw.sections, b.section(sw, &s.Sections[i]))
		}
	})
	b.resolveGotos(sw)
	only, _ := sw.chosen()
	for i, section := range sw.sections {
		if only != nil && !only[i] || !listCompletes(section.stmts) {
			continue
		}
		label := caseText(section.labels[len(section.labels)-1], b.source)
		if i == len(sw.sections)-1 {
			b.report(section.span, "CS8070", "Control cannot fall out of switch from final case label ('%s')", label)
		} else {
			b.report(section.span, "CS0163", "Control cannot fall through from one case label ('%s') to another", label)
		}
	}
	return sw
}

func caseText(l *switchLabel, source string) string { return source[l.span.Start:l.span.End] }

func (b *binder) section(sw *boundSwitch, s *syntax.SwitchSection) *switchSection {
	block := b.scope
	sc, leave := b.enter()
	defer leave()
	section := &switchSection{scope: sc, span: s.Span}
	for i := range s.Labels {
		if l := b.switchLabel(sw, section, &s.Labels[i]); l != nil {
			section.labels = append(section.labels, l)
		}
	}
	sc.declares = block
	for _, stmt := range s.Stmts {
		section.stmts = append(section.stmts, b.stmt(stmt))
	}
	return section
}

func (b *binder) switchLabel(sw *boundSwitch, section *switchSection, e *syntax.SwitchLabel) *switchLabel {
	l := &switchLabel{span: e.Span}
	if e.Pattern == nil {
		if sw.find(section, nil) != nil {
			b.report(e.Span, "CS0152", "The switch statement contains multiple cases with the label value 'default'")
		}
		return l
	}
	l.pattern = b.pattern(e.Pattern, sw.x.typ())
	if l.pattern == nil {
		l.pattern = &varPattern{}
		l.wrong = true
	}
	if e.When != nil {
		l.when = b.condition(e.When)
	}
	k, isConst := l.pattern.(*constPattern)
	switch {
	case l.wrong:
	case isConst && l.when == nil && sw.find(section, k.value) != nil:
		b.report(e.Span, "CS0152", "The switch statement contains multiple cases with the label value '%s'", constantText(k.value.value))
	case sw.handled(section, l.pattern):
		b.report(e.Span, "CS8120", "The switch case has already been handled by a previous case.")
	}
	return l
}

// find is the label of a constant, or of default, among the sections so far.
func (sw *boundSwitch) find(current *switchSection, value *boundConst) *switchLabel {
	_, l := sw.findSection(current, value)
	return l
}

func (sw *boundSwitch) findSection(current *switchSection, value *boundConst) (int, *switchLabel) {
	sections := sw.sections
	if current != nil {
		sections = append(sections[:len(sections):len(sections)], current)
	}
	for i, s := range sections {
		for _, l := range s.labels {
			if l.pattern == nil {
				if value == nil {
					return i, l
				}
				continue
			}
			if k, ok := l.pattern.(*constPattern); ok && value != nil && l.when == nil && sameConstant(k.value.value, value.value) {
				return i, l
			}
		}
	}
	return -1, nil
}

// handled reports whether an earlier label without when takes all that the
// pattern takes.
func (sw *boundSwitch) handled(current *switchSection, p boundPattern) bool {
	for _, s := range append(sw.sections[:len(sw.sections):len(sw.sections)], current) {
		for _, l := range s.labels {
			if l.pattern == nil || l.wrong || l.when != nil && !isTrue(l.when) {
				continue
			}
			switch earlier := l.pattern.(type) {
			case *varPattern:
				return true
			case *typePattern:
				if t := patternType(p); t != nil && inherits(t, earlier.t) {
					return true
				}
			}
		}
	}
	return false
}

// patternType is the type that what a pattern matches has; nil if that is open.
func patternType(p boundPattern) *Type {
	switch p := p.(type) {
	case *typePattern:
		return p.t
	case *constPattern:
		if p.value.value != nil {
			return p.value.t
		}
	}
	return nil
}

func isTrue(x bound) bool {
	k, ok := x.(*boundConst)
	return ok && k.value == true
}

func isFalse(x bound) bool {
	k, ok := x.(*boundConst)
	return ok && k.value == false
}

// sameConstant compares the values of two constants of one type.
func sameConstant(a, b any) bool {
	if x, ok := a.(dotnet.Decimal); ok {
		y, ok := b.(dotnet.Decimal)
		return ok && x.Equal(y)
	}
	return a == b
}

// resolveGotos finds the sections that goto case and goto default lead to.
func (b *binder) resolveGotos(sw *boundSwitch) {
	for _, g := range sw.gotos {
		section, l := sw.findSection(nil, g.value)
		switch {
		case l != nil:
			g.section = section
		case g.value == nil:
			b.report(g.src.Span(), "CS0159", "No such label 'default:' within the scope of the goto statement")
		default:
			b.report(g.src.Span(), "CS0159", "No such label 'case %s:' within the scope of the goto statement", constantText(g.value.value))
		}
	}
}
