package xpath

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// maxDepth is how deep an expression may be nested.
const maxDepth = 200

// Expr is an expression that was compiled.
type Expr struct {
	text string
	tree expr
}

// Compile reads an expression. A prefix that resolve does not know is an error;
// resolve may be nil.
func Compile(text string, resolve Resolver) (*Expr, error) {
	if text == "" {
		return nil, exception("'' is an invalid expression.")
	}
	p := &parser{lexer: lexer{s: text}, resolve: resolve}
	if err := p.next(); err != nil {
		return nil, err
	}
	tree, err := p.or()
	if err == nil && p.token.kind != end {
		err = p.invalid()
	}
	if err != nil {
		return nil, err
	}
	return &Expr{text, tree}, nil
}

type parser struct {
	lexer
	resolve Resolver
	depth   int
}

func (p *parser) is(s string) bool { return p.token.kind == symbol && p.token.text == s }

// word tells whether the token is the operator of that name.
func (p *parser) word(s string) bool {
	return p.token.kind == name && p.token.prefix == "" && p.token.text == s
}

func (p *parser) expect(s string) error {
	if !p.is(s) {
		return p.invalid()
	}
	return p.next()
}

// binaryLevels are the operators that take two operands, from the loosest on.
var binaryLevels = [][]string{{"or"}, {"and"}, {"=", "!="}, {"<", "<=", ">", ">="}, {"+", "-"}, {"*", "div", "mod"}}

func (p *parser) or() (expr, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, exception("The xpath query is too complex.")
	}
	defer func() { p.depth-- }()
	return p.binary(0)
}

func (p *parser) binary(level int) (expr, error) {
	if level == len(binaryLevels) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	for err == nil {
		op := ""
		for _, o := range binaryLevels[level] {
			if p.is(o) || p.word(o) {
				op = o
			}
		}
		if op == "" {
			return left, nil
		}
		if err = p.next(); err != nil {
			break
		}
		var right expr
		if right, err = p.binary(level + 1); err == nil {
			left = &binary{op, left, right}
		}
	}
	return nil, err
}

func (p *parser) unary() (expr, error) {
	minus := 0
	for p.is("-") {
		minus++
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	x, err := p.union()
	if err == nil && minus > 0 {
		return &negation{x, minus%2 == 1}, nil
	}
	return x, err
}

func (p *parser) union() (expr, error) {
	left, err := p.path()
	for err == nil && p.is("|") {
		if err = p.next(); err != nil {
			break
		}
		var right expr
		if right, err = p.path(); err != nil {
			break
		}
		if err = needNodes(left, right); err == nil {
			left = &union{left, right}
		}
	}
	if err != nil {
		return nil, err
	}
	return left, nil
}

func needNodes(all ...expr) error {
	for _, x := range all {
		if x.kind() != kindNodes {
			return exception("Expression must evaluate to a node-set.")
		}
	}
	return nil
}

// path reads a location path, or another expression with predicates and a path
// behind.
func (p *parser) path() (expr, error) {
	switch {
	case p.is("/") || p.is("//"):
		var from expr = &root{}
		if p.is("//") {
			return p.steps(from)
		}
		if err := p.next(); err != nil {
			return nil, err
		}
		if !p.startsStep() {
			return from, nil
		}
		x, err := p.step(from)
		if err != nil {
			return nil, err
		}
		return p.steps(x)
	case p.startsPrimary():
		x, err := p.primary()
		if err != nil {
			return nil, err
		}
		for p.is("[") {
			if err := needNodes(x); err != nil {
				return nil, err
			}
			condition, err := p.predicate()
			if err != nil {
				return nil, err
			}
			x = &filter{x, condition}
		}
		if p.is("/") || p.is("//") {
			if err := needNodes(x); err != nil {
				return nil, err
			}
		}
		return p.steps(x)
	case !p.startsStep():
		return nil, exception("Expression must evaluate to a node-set.")
	}
	x, err := p.step(&context{})
	if err != nil {
		return nil, err
	}
	return p.steps(x)
}

// steps reads /step and //step.
func (p *parser) steps(from expr) (expr, error) {
	for p.is("/") || p.is("//") {
		if p.is("//") {
			from = &step{from: from, axis: "descendant-or-self", test: test{kind: anyNode}}
		}
		if err := p.next(); err != nil {
			return nil, err
		}
		if !p.startsStep() {
			return nil, exception("Expression must evaluate to a node-set.")
		}
		x, err := p.step(from)
		if err != nil {
			return nil, err
		}
		from = x
	}
	return from, nil
}

func (p *parser) startsStep() bool {
	return p.token.kind == name || p.is(".") || p.is("..") || p.is("@") || p.is("*")
}

func isNodeTest(t token) bool {
	switch t.text {
	case "node", "text", "comment", "processing-instruction":
		return t.prefix == ""
	}
	return false
}

func (p *parser) startsPrimary() bool {
	switch p.token.kind {
	case number, literal:
		return true
	case name:
		return p.token.call && !isNodeTest(p.token)
	}
	return p.is("(") || p.is("$")
}

func (p *parser) predicate() (expr, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	x, err := p.or()
	if err != nil {
		return nil, err
	}
	return x, p.expect("]")
}

// primary reads a literal, number, call or expression in parentheses.
func (p *parser) primary() (expr, error) {
	t := p.token
	switch {
	case t.kind == literal:
		return &constant{t.text}, p.next()
	case t.kind == number:
		return &constant{t.valueNumber}, p.next()
	case p.is("$"):
		if err := p.next(); err != nil {
			return nil, err
		}
		if p.token.kind != name {
			return nil, p.invalid()
		}
		return nil, p.needContext()
	case t.kind == name:
		return p.call()
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	x, err := p.or()
	if err != nil {
		return nil, err
	}
	if x.kind() == kindNodes {
		x = &group{x}
	}
	return x, p.expect(")")
}

// needContext tells of what only an XSLT processor knows.
func (p *parser) needContext() error {
	if p.resolve == nil {
		return needResolver()
	}
	return exception("XsltContext is needed for this query because of an unknown function.")
}

func (p *parser) call() (expr, error) {
	t := p.token
	if err := p.next(); err != nil {
		return nil, err
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var args []expr
	for !p.is(")") {
		if len(args) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		x, err := p.or()
		if err != nil {
			return nil, err
		}
		args = append(args, x)
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	f, known := functions()[t.text]
	if !known || t.prefix != "" {
		return nil, p.needContext()
	}
	if len(args) < f.least || len(args) > f.most {
		return nil, exception("Function '" + t.text + "' in '" + p.s + "' has an invalid number of arguments.")
	}
	if f.nodes && len(args) > 0 && args[0].kind() != kindNodes {
		return nil, exception("The argument to function '" + t.text + "' in '" + p.s + "' cannot be converted to a node-set.")
	}
	if t.text == "id" {
		return nil, dotnet.NewException("System.NotSupportedException", "This XPathNavigator does not support IDs.")
	}
	return &call{f, args}, nil
}
