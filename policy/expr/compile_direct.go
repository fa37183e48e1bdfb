package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// Most expressions of policies ask the same few members: a header, a variable,
// whether a text begins with another. Those have, beside their implementation, a
// direct one: a Go function on the values themselves, without the stack of
// arguments and the search for the receiver's type. It does what the
// implementation does; where it does not know the receiver, or something is
// wrong, the implementation runs. Its work is small and counts no step: what
// repeats it does.

// The kinds of direct implementations.
type (
	// directPart is a property that is there already.
	directPart func(receiver any) any
	// directText is a text under a name; known says that the receiver is of the kind
	// it knows.
	directText func(receiver any, name string) (value string, found, known bool)
	// directValue is directText for any value: of an indexer, of ContainsKey, of
	// GetValueOrDefault<T>.
	directValue func(receiver any, name string) (value any, found, known bool)
	// directTest compares two texts, of which t is in plain ASCII; ok says that s is
	// short and simple enough, too.
	directTest func(s, t string) (holds, ok bool)
	// directNullTest looks at a text that may be null.
	directNullTest func(s string) bool
)

// directly adds a direct implementation to a declaration.
func (d memberDecl) directly(f any) memberDecl {
	d.direct = f
	return d
}

// contextProperty declares a property of a context object of the Go type T.
func contextProperty[T any](signature string, get func(T) any) memberDecl {
	return member(signature+" { get; }", func(_ *Machine, a []any) (any, error) { return get(a[0].(T)), nil }).
		directly(directPart(func(receiver any) any { return get(receiver.(T)) }))
}

// direct compiles a call by its direct implementation; nil if it has none.
func (c *compiler) direct(x *boundCall) eval {
	if c.observed || x.order != nil || x.lifted || x.method.direct == nil {
		return nil
	}
	switch d := x.method.direct.(type) {
	case directPart:
		return c.directPart(x, d)
	case directText:
		value := c.directText(x, d)
		return func(f *frame) (any, error) {
			s, null, err := value(f)
			if err != nil || null {
				return nil, err
			}
			return s, nil
		}
	case directValue:
		return c.directValue(x, d)
	}
	if holds := c.directTest(x); holds != nil {
		return func(f *frame) (any, error) { return boxed(holds(f)) }
	}
	return nil
}

// directPart compiles a chain of properties, such as context.Request.Headers.
func (c *compiler) directPart(x *boundCall, get directPart) eval {
	gets := []directPart{get}
	receiver, path := x.recv, x.method.Name
	for {
		inner, ok := receiver.(*boundCall)
		if !ok || inner.order != nil || inner.lifted {
			break
		}
		before, ok := inner.method.direct.(directPart)
		if !ok {
			break
		}
		gets, receiver = append([]directPart{before}, gets...), inner.recv
		path = inner.method.Name + "." + path
	}
	if _, ok := receiver.(*boundRoot); ok && len(gets) <= 2 {
		return rootPart(gets, path)
	}
	value := c.expr(receiver)
	return func(f *frame) (any, error) {
		v, err := value(f)
		if err != nil {
			return nil, err
		}
		for _, get := range gets {
			if v == nil {
				return nil, dotnet.NullReference()
			}
			v = get(v)
		}
		return v, nil
	}
}

// shortcuts are the ways that expressions go most, in one step.
var shortcuts = map[string]func(c *contextObject) any{
	"Request.Headers": func(c *contextObject) any { return &c.requestHeaders },
	"Variables":       func(c *contextObject) any { return &c.variables },
}

// rootPart is directPart of context itself.
func rootPart(gets []directPart, path string) eval {
	if get := shortcuts[path]; get != nil {
		return func(f *frame) (any, error) {
			c, ok := f.m.Root.(*contextObject)
			if !ok {
				return nil, dotnet.NullReference()
			}
			return get(c), nil
		}
	}
	first, last := gets[0], gets[len(gets)-1]
	if len(gets) == 1 {
		return func(f *frame) (any, error) {
			if f.m.Root == nil {
				return nil, dotnet.NullReference()
			}
			return first(f.m.Root), nil
		}
	}
	return func(f *frame) (any, error) {
		v := f.m.Root
		if v != nil {
			v = first(v)
		}
		if v == nil {
			return nil, dotnet.NullReference()
		}
		return last(v), nil
	}
}

// directValue compiles an indexer, ContainsKey or GetValueOrDefault<T>.
func (c *compiler) directValue(x *boundCall, get directValue) eval {
	args := x.args
	if x.recv != nil {
		args = append([]bound{x.recv}, args...)
	}
	evals, general := c.exprs(args), c.callOf(x)
	var is func(f *frame, v any) bool
	if x.method.generic != nil {
		is = c.instance(x.types[0].underlying())
	}
	contains := x.method.Name == "ContainsKey"
	if name, ok := args[1].(*boundConst); ok && is == nil && !contains {
		if name, ok := name.value.(string); ok {
			if isRootPart(args[0], "Variables") {
				return contextVariable(name, evals[0], general)
			}
			return c.directEntry(evals[0], name, get, general)
		}
	}
	zero := c.zero(x.t)
	return func(f *frame) (any, error) {
		var room [3]any
		values := room[:len(evals)]
		for i, e := range evals {
			var err error
			if values[i], err = e(f); err != nil {
				return nil, err
			}
		}
		if name, ok := values[1].(string); ok {
			switch v, found, known := get(values[0], name); {
			case !known:
			case contains:
				return found, nil
			case is == nil && found:
				return v, nil
			case is != nil && found && v != nil && is(f, v):
				return v, nil
			case is != nil && len(values) > 2:
				return values[2], nil
			case is != nil:
				return zero(f)
			}
		}
		return generally(f, general, values)
	}
}

// directEntry compiles an indexer with a name that is written.
func (c *compiler) directEntry(receiver eval, name string, get directValue, general callable) eval {
	return func(f *frame) (any, error) {
		r, err := receiver(f)
		if err != nil {
			return nil, err
		}
		if v, found, known := get(r, name); known && found {
			return v, nil
		}
		return generally(f, general, []any{r, name})
	}
}

// generally calls the implementation with arguments that must not be kept.
func generally(f *frame, call callable, values []any) (any, error) {
	args := f.m.push(len(values))
	copy(args, values)
	v, err := call(f, args)
	f.m.pop(args)
	return v, err
}

// callOf is the implementation of a call, with the check of its receiver.
func (c *compiler) callOf(x *boundCall) callable {
	call, check := c.implementation(x.method.Member, x.types), mayBeNull(x)
	return func(f *frame, args []any) (any, error) {
		if check && args[0] == nil {
			return nil, dotnet.NullReference()
		}
		return call(f, args)
	}
}

// textual is a text, or null; it is not boxed.
type textual func(f *frame) (s string, null bool, err error)

// text compiles an expression of the type string.
func (c *compiler) text(x bound) textual {
	if !c.observed {
		switch x := x.(type) {
		case *boundConst:
			if s, ok := x.value.(string); ok {
				return func(*frame) (string, bool, error) { return s, false, nil }
			}
		case *boundCall:
			if d, ok := x.method.direct.(directText); ok && x.order == nil && !x.lifted {
				return c.directText(x, d)
			}
		}
	}
	value := c.expr(x)
	return func(f *frame) (string, bool, error) {
		v, err := value(f)
		if err != nil || v == nil {
			return "", true, err
		}
		return v.(string), false, nil
	}
}

// directText compiles GetValueOrDefault of headers and their like.
func (c *compiler) directText(x *boundCall, get directText) textual {
	args := x.args
	if x.recv != nil {
		args = append([]bound{x.recv}, args...)
	}
	receiver, name, general := c.expr(args[0]), c.text(args[1]), c.callOf(x)
	otherwise := func(*frame) (string, bool, error) { return "", true, nil }
	if len(args) > 2 {
		otherwise = c.text(args[2])
	}
	if key, ok := textConstant(args[1]); ok && len(args) > 2 {
		if instead, ok := textConstant(args[2]); ok && isRootPart(args[0], "Request.Headers") {
			return requestHeader(key, instead, receiver, general)
		} else if ok {
			return directConstants(receiver, key, instead, get, general)
		}
	}
	return func(f *frame) (string, bool, error) {
		v, err := receiver(f)
		if err != nil {
			return "", true, err
		}
		key, null, err := name(f)
		if err != nil {
			return "", true, err
		}
		instead, missing, err := otherwise(f)
		if err != nil {
			return "", true, err
		}
		if !null {
			if s, found, known := get(v, key); found {
				return s, false, nil
			} else if known {
				return instead, missing, nil
			}
		}
		return generalText(f, general, []any{v, textOrNone(key, null), textOrNone(instead, missing)}[:len(args)])
	}
}

// textConstant is a text that is written.
func textConstant(x bound) (string, bool) {
	k, ok := x.(*boundConst)
	if !ok {
		return "", false
	}
	s, ok := k.value.(string)
	return s, ok
}

// directConstants is directText where name and default are written.
func directConstants(receiver eval, key, instead string, get directText, general callable) textual {
	return func(f *frame) (string, bool, error) {
		v, err := receiver(f)
		if err != nil {
			return "", true, err
		}
		s, found, known := get(v, key)
		switch {
		case found:
			return s, false, nil
		case known:
			return instead, false, nil
		}
		return generalText(f, general, []any{v, key, instead})
	}
}

// isRootPart reports whether x is that part of context: two properties, or one.
func isRootPart(x bound, path string) bool {
	call, ok := x.(*boundCall)
	if !ok {
		return false
	}
	before, name, nested := strings.Cut(path, ".")
	if !nested {
		before, name = "", before
	}
	if _, direct := call.method.direct.(directPart); !direct || call.method.Name != name || call.lifted {
		return false
	}
	if before != "" {
		return isRootPart(call.recv, before)
	}
	_, root := call.recv.(*boundRoot)
	return root
}

// requestHeader reads a header of the request: what policies ask most.
func requestHeader(key, instead string, receiver eval, general callable) textual {
	return func(f *frame) (string, bool, error) {
		if c, ok := f.m.Root.(*contextObject); ok {
			if s, found := c.requestHeaders.joined(key); found {
				return s, false, nil
			}
			return instead, false, nil
		}
		v, err := receiver(f)
		if err != nil {
			return "", true, err
		}
		return generalText(f, general, []any{v, key, instead})
	}
}

// contextVariable reads a variable.
func contextVariable(name string, receiver eval, general callable) eval {
	return func(f *frame) (any, error) {
		if c, ok := f.m.Root.(*contextObject); ok {
			if v, found := c.x.Variables.Get(name); found {
				return shown(v), nil
			}
		}
		v, err := receiver(f)
		if err != nil {
			return nil, err
		}
		return generally(f, general, []any{v, name})
	}
}

// generalText calls an implementation that gives a text.
func generalText(f *frame, call callable, values []any) (string, bool, error) {
	result, err := generally(f, call, values)
	if err != nil || result == nil {
		return "", true, err
	}
	return result.(string), false, nil
}

func textOrNone(s string, null bool) any {
	if null {
		return nil
	}
	return s
}

// directTest compiles a comparison of texts; nil if it has no direct
// implementation.
func (c *compiler) directTest(x *boundCall) test {
	if c.observed || x.order != nil || x.lifted {
		return nil
	}
	args := x.args
	if x.recv != nil {
		args = append([]bound{x.recv}, args...)
	}
	switch holds := x.method.direct.(type) {
	case directNullTest:
		value := c.text(args[0])
		return func(f *frame) (bool, error) {
			s, _, err := value(f)
			return err == nil && holds(s), err
		}
	case directTest:
		first, second, general := c.text(args[0]), c.text(args[1]), c.callOf(x)
		if t, ok := textConstant(args[1]); ok && dotnet.PlainASCII(t) {
			return func(f *frame) (bool, error) {
				s, null, err := first(f)
				if err != nil {
					return false, err
				}
				if !null {
					if holds, ok := holds(s, t); ok {
						return holds, nil
					}
				}
				return generalTest(f, general, []any{textOrNone(s, null), t})
			}
		}
		return func(f *frame) (bool, error) {
			s, noText, err := first(f)
			if err != nil {
				return false, err
			}
			t, noOther, err := second(f)
			if err != nil {
				return false, err
			}
			if !noText && !noOther && len(t) <= shortText && dotnet.PlainASCII(t) {
				if holds, ok := holds(s, t); ok {
					return holds, nil
				}
			}
			return generalTest(f, general, []any{textOrNone(s, noText), textOrNone(t, noOther)})
		}
	}
	return nil
}

// generalTest calls an implementation that gives a bool.
func generalTest(f *frame, call callable, values []any) (bool, error) {
	v, err := generally(f, call, values)
	if err != nil {
		return false, err
	}
	return v.(bool), nil
}

// shortText is the most bytes of a text that a direct test looks at; what goes
// through longer ones is counted.
const shortText = 4 << 10

// The tests: what they look at of s has to be in plain ASCII, which no culture
// reads otherwise. Behind a beginning that is one character more, which might
// combine with the one before.

func plainPrefix(s, t string) (holds, ok bool) {
	if strings.HasPrefix(s, t) {
		return true, len(s) == len(t) || s[len(t)] >= ' ' && s[len(t)] < 0x7F
	}
	window := s[:min(len(s), len(t)+1)]
	return false, len(window) <= shortText && dotnet.PlainASCII(window)
}

func plainSuffix(s, t string) (holds, ok bool) {
	if strings.HasSuffix(s, t) {
		return true, true
	}
	window := s[max(0, len(s)-len(t)):]
	return false, len(window) <= shortText && dotnet.PlainASCII(window)
}

func plainContains(s, t string) (holds, ok bool) {
	if len(s) > shortText || !dotnet.PlainASCII(s) {
		return false, false
	}
	return strings.Contains(s, t), true
}
