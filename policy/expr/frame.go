package expr

// stack holds the variables of the functions under way and the arguments of the
// calls under way. A piece that is handed out stays where it is, so the stack
// grows by further chunks.
type stack struct {
	chunk []any
	below [][]any
	first [16]any // the first chunk: most expressions need no other
}

// push hands out n places, all null.
func (m *Machine) push(n int) []any {
	s := &m.values
	if s.chunk == nil {
		s.chunk = s.first[:0]
	}
	top := len(s.chunk)
	if top+n > cap(s.chunk) {
		s.below = append(s.below, s.chunk)
		s.chunk, top = make([]any, 0, 2*cap(s.chunk)+n), 0
	}
	s.chunk = s.chunk[:top+n]
	return s.chunk[top : top+n : top+n]
}

// pop takes back what push handed out last.
func (m *Machine) pop(places []any) {
	clear(places)
	s := &m.values
	s.chunk = s.chunk[:len(s.chunk)-len(places)]
	if len(s.chunk) == 0 && len(s.below) > 0 {
		s.chunk = s.below[len(s.below)-1]
		s.below = s.below[:len(s.below)-1]
	}
}

// frame is what a function that runs works on.
type frame struct {
	m    *Machine
	vars []any
	// types are the type arguments of a generic local function.
	types map[*Type]*Type
	// result is what return was given.
	result any
	// label and section are where goto and goto case lead.
	label   *label
	section int
	yield   func(any) bool // of an iterator
	next    *frame         // of those that are free
}

// newFrame is a frame of n variables, to be freed by m.release.
func (m *Machine) newFrame(n int) *frame {
	f := m.free
	if f == nil {
		f = &frame{m: m}
	} else {
		m.free = f.next
	}
	f.vars = m.push(n)
	return f
}

func (m *Machine) release(f *frame) {
	m.pop(f.vars)
	*f = frame{m: m, next: m.free}
	m.free = f
}

// typ is t with the type parameters of the generic local function that runs
// replaced.
func (f *frame) typ(t *Type) *Type { return t.substitute(f.types) }

// eval computes a value, exec runs a statement.
type (
	eval func(f *frame) (any, error)
	exec func(f *frame) (signal, error)
)

// signal says how a statement ended.
type signal uint8

const (
	onward signal = iota
	breaking
	continuing
	returning
	going       // to frame.label
	goingToCase // to frame.section
)

// functionValue is a lambda or a local function with what it shares with the
// functions around it.
type functionValue struct {
	code     *functionCode
	captured []any
	types    map[*Type]*Type
}

// functionCode is a compiled function.
type functionCode struct {
	fn     *function
	shared []int // the slots that captured values get
	params []paramCode
	enter  func(f *frame) // makes the cells of its scope
	expr   eval           // one of expr and body is set
	body   exec
	// yields is the type of what an iterator returns; nil of other functions.
	yields *Type
}

// paramCode is where an argument goes.
type paramCode struct {
	slot int
	cell bool // the variable is shared
	ref  bool // the argument is the variable itself
}

// open makes the function's frame.
func (v *functionValue) open(m *Machine, args []any) *frame {
	f := m.newFrame(v.code.fn.slots)
	v.fill(f, args)
	return f
}

// fill puts arguments and captured values in their slots.
func (v *functionValue) fill(f *frame, args []any) {
	f.types = v.types
	for i, slot := range v.code.shared {
		f.vars[slot] = v.captured[i]
	}
	if v.code.enter != nil {
		v.code.enter(f)
	}
	for i, p := range v.code.params {
		switch {
		case p.ref || !p.cell:
			f.vars[p.slot] = args[i]
		default:
			f.vars[p.slot] = &Ref{args[i]}
		}
	}
}

// call runs the function; the caller has counted the call.
func (v *functionValue) call(m *Machine, args []any) (any, error) {
	if v.code.yields != nil {
		return v.iterator(args), nil
	}
	f := v.open(m, args)
	result, err := v.run(f)
	m.release(f)
	return result, err
}

func (v *functionValue) run(f *frame) (any, error) {
	if v.code.expr != nil {
		return v.code.expr(f)
	}
	_, err := v.code.body(f)
	return f.result, err
}
