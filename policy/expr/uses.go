package expr

import "github.com/apimulator/apimulator/policy/expr/syntax"

// Uses are what an expression has to do with the exchange, as far as its text
// tells: what a linter asks for. Spans lie in the expression's source.
type Uses struct {
	Variables []VariableUse
	// AllVariables says that context.Variables is used as a whole, or by a name
	// that is not constant: any variable may be read.
	AllVariables bool
	Bodies       []BodyRead
	Inputs       []Input
	// Constant says that the value is the same for all requests: Value.
	Constant bool
	Value    any
}

// VariableUse is one use of a variable of context.
type VariableUse struct {
	Name string
	Span syntax.Span
	// Wanted is the type that the value is cast to, or asked for; nil: any.
	Wanted *Type
	// Test says that it is only asked whether the variable is there.
	Test bool
	// Optional says that it need not be there: a default is given, or null.
	Optional bool
	// Guarded says that the expression asks, too, whether it is there.
	Guarded bool
}

// BodyRead is a call that reads a message's body.
type BodyRead struct {
	Span syntax.Span
	// Of is "request", "response", or "$" and the variable that holds a response.
	Of string
	// As is the type that it is read as.
	As *Type
	// Preserve says that it stays for whoever reads it next.
	Preserve bool
}

// InputKind is a part of the request that the caller writes as he likes.
type InputKind uint8

// The kinds of inputs.
const (
	HeaderInput InputKind = iota
	QueryInput
	TokenInput // claims of a token that the expression itself takes apart, unchecked
	BodyInput
	AddressInput // context.Request.IpAddress, which the gateway sets
)

// Input is a part of the request that an expression reads.
type Input struct {
	Kind InputKind
	// Name is a header's or a parameter's; "" where it is not constant.
	Name string
	Span syntax.Span
}

// Uses computes them of the bound tree.
func (e *Expression) Uses() Uses {
	c := &useCollector{places: make(map[bound]bound), inits: make(map[*variable]bound), wanted: make(map[bound]*Type), named: make(map[bound]bool)}
	v := &visitor{expr: c.expr, declare: func(d *boundDeclare) { c.inits[d.v] = d.init }}
	result := e.expr
	if result != nil {
		v.visit(result)
	} else {
		v.stmt(e.block)
		if len(e.block.stmts) == 1 {
			if r, ok := e.block.stmts[0].(*boundReturn); ok {
				result = r.x
			}
		}
	}
	c.guard()
	if value, ok := constantOf(result); ok {
		c.uses.Constant, c.uses.Value = true, value
	}
	return c.uses
}

type useCollector struct {
	uses   Uses
	places map[bound]bound     // what placeholders stand for
	inits  map[*variable]bound // of local variables
	wanted map[bound]*Type     // what the value of a node is cast to
	named  map[bound]bool      // context.Variables where a name follows
}

func (c *useCollector) expr(x bound) {
	switch x := x.(type) {
	case *boundAccess:
		c.places[x.value] = x.x
	case *boundCoalesce:
		c.places[x.value] = x.x
	case *boundConvert:
		c.wanted[x.x] = x.t
	case *boundAs:
		c.wanted[x.x] = x.target
	case *boundIs:
		if p, ok := x.pattern.(*typePattern); ok {
			c.wanted[x.x] = p.t
		}
	case *boundCall:
		c.call(x)
	}
}

func (c *useCollector) call(x *boundCall) {
	args := x.args
	recv := x.recv
	if recv == nil && x.method.Extension && len(args) > 0 {
		recv, args = args[0], args[1:]
	}
	switch x.method.Of.Name {
	case "IExpressionContext":
		if x.method.Name == "Variables" && !c.named[x] {
			c.uses.AllVariables = true
		}
	case "IRequest":
		if x.method.Name == "IpAddress" {
			c.input(AddressInput, "", x)
		}
	case "IMessageBody":
		c.body(x, recv, args)
	}
	switch x.method.Name {
	case "AsJwt", "TryParseJwt":
		c.input(TokenInput, "", x)
	}
	if recv == nil {
		return
	}
	switch of, _ := c.resolve(recv).(*boundCall); {
	case of == nil:
	case isMember(of, "IExpressionContext", "Variables"):
		c.variable(x, of, args)
	case isMember(of, "IRequest", "Headers"):
		c.input(HeaderInput, anyName(args), x)
	case isMember(of, "IUrl", "Query"):
		c.input(QueryInput, anyName(args), x)
	}
}

func (c *useCollector) input(kind InputKind, name string, x bound) {
	span, _ := placeOf(x)
	c.uses.Inputs = append(c.uses.Inputs, Input{kind, name, span})
}

// variable notes a call on context.Variables.
func (c *useCollector) variable(x *boundCall, variables bound, args []bound) {
	name, constant := nameIn(args)
	if !constant {
		return
	}
	use := VariableUse{Name: name}
	use.Span, _ = placeOf(x)
	switch x.method.Name {
	case "this":
		use.Wanted = c.wanted[x]
	case "GetValueOrDefault":
		use.Wanted, use.Optional = x.t, true
	case "ContainsKey":
		use.Test = true
	case "TryGetValue":
		use.Optional = true
	default:
		return
	}
	if use.Wanted == basic.object || use.Wanted == basic.bad {
		use.Wanted = nil
	}
	c.named[variables] = true
	c.uses.Variables = append(c.uses.Variables, use)
}

// guard marks the uses of variables that the expression asks after.
func (c *useCollector) guard() {
	asked := make(map[string]bool)
	for _, u := range c.uses.Variables {
		asked[u.Name] = asked[u.Name] || u.Test
	}
	for i := range c.uses.Variables {
		c.uses.Variables[i].Guarded = asked[c.uses.Variables[i].Name]
	}
}

// body notes a call that reads a body.
func (c *useCollector) body(x *boundCall, recv bound, args []bound) {
	read := BodyRead{As: x.t}
	read.Span, _ = placeOf(x)
	if len(args) > 0 {
		value, _ := constantOf(args[len(args)-1])
		preserve, known := value.(bool)
		read.Preserve = preserve || !known
	}
	message, _ := c.resolve(recv).(*boundCall) // the property Body
	if message == nil || message.recv == nil {
		return
	}
	of, _ := c.resolve(message.recv).(*boundCall)
	switch {
	case of == nil:
		return
	case isMember(of, "IExpressionContext", "Request"):
		read.Of = "request"
		c.input(BodyInput, "", x)
	case isMember(of, "IExpressionContext", "Response"):
		read.Of = "response"
	default:
		args := of.args
		if of.recv == nil && len(args) > 0 {
			args = args[1:]
		}
		name, ok := nameIn(args)
		if !ok || of.method.Name != "this" && of.method.Name != "GetValueOrDefault" {
			return
		}
		read.Of = "$" + name
	}
	c.uses.Bodies = append(c.uses.Bodies, read)
}

// resolve is what x stands for: without conversions, and what local variables
// begin with in their places.
func (c *useCollector) resolve(x bound) bound {
	for range 20 {
		switch n := x.(type) {
		case *boundConvert:
			x = n.x
		case *boundAs:
			x = n.x
		case *boundPlaceholder:
			x = c.places[n]
		case *boundVariable:
			x = c.inits[n.v]
		case *boundAccess:
			x = n.access
		default:
			return x
		}
	}
	return x
}

func isMember(x *boundCall, of, name string) bool {
	return x.method.Name == name && x.method.Of.Name == of
}

func anyName(args []bound) string {
	name, _ := nameIn(args)
	return name
}

// nameIn is the first argument, if it is a constant text.
func nameIn(args []bound) (string, bool) {
	if len(args) == 0 {
		return "", false
	}
	value, _ := constantOf(args[0])
	name, ok := value.(string)
	return name, ok
}

// constantOf is the value of x if it is always the same: beyond what C# calls a
// constant, x || true.
func constantOf(x bound) (value any, ok bool) {
	switch x := x.(type) {
	case *boundConst:
		return x.value, true
	case *boundConvert:
		if x.conv.kind == identityConversion {
			return constantOf(x.x)
		}
	case *boundLogical:
		left, okLeft := constantOf(x.x)
		right, okRight := constantOf(x.y)
		switch {
		case okLeft && left == any(x.or), okRight && right == any(x.or):
			return x.or, true
		case okLeft && okRight:
			return !x.or, true
		}
	}
	return nil, false
}

// MayHold reports whether a value of the static type value can be what a cast from
// object to t takes.
func (t *Type) MayHold(value *Type) bool {
	if value == nil || t == nil || value.kind == Null || value.kind == TypeParam {
		return true
	}
	to, from := t.underlying(), value.underlying()
	switch {
	case to == from || from == basic.object || to == basic.object || from == basic.bad || to == basic.bad:
		return true
	case from.kind == Interface, from.kind == Tuple, from.kind == Anonymous, from.kind == Delegate:
		return true
	case to.kind == Interface:
		return inherits(from, to) || from.kind == Class && from != basic.string
	}
	return inherits(from, to) || inherits(to, from)
}

// IsBool reports whether t is bool or bool?.
func (t *Type) IsBool() bool { return t.underlying() == basic.bool }

// Text is the type of texts.
func Text() *Type { table(); return basic.string }
