package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

func (c *compiler) element(x *boundElement) eval {
	if len(x.indexes) > 1 || x.indexes[0].typ() != basic.int {
		p := c.elementPlace(x)
		return func(f *frame) (any, error) {
			if err := p.prepare(f); err != nil {
				return nil, err
			}
			return p.get(f)
		}
	}
	array, index := c.expr(x.array), c.int(x.indexes[0])
	return func(f *frame) (any, error) {
		v, err := array(f)
		if err != nil {
			return nil, err
		}
		i, err := index(f)
		if err != nil {
			return nil, err
		}
		a, ok := v.(*ArrayObject)
		switch {
		case !ok:
			return nil, dotnet.NullReference()
		case i < 0 || int(i) >= a.Len():
			return nil, dotnet.IndexOutOfRange()
		}
		return a.At(int(i)), nil
	}
}

func (c *compiler) field(x *boundField) eval {
	record, i := c.expr(x.record), x.i
	return func(f *frame) (any, error) {
		v, err := record(f)
		if err != nil {
			return nil, err
		}
		r, ok := v.(*RecordObject)
		if !ok {
			return nil, dotnet.NullReference()
		}
		return r.elems[i], nil
	}
}

func (c *compiler) record(x *boundRecord) eval {
	elems, t := c.exprs(x.elems), x.t.underlying()
	return func(f *frame) (any, error) {
		values := make([]any, len(elems))
		for i, e := range elems {
			v, err := e(f)
			if err != nil {
				return nil, err
			}
			values[i] = v
		}
		return newRecord(f.typ(t), values), f.m.Allocate(16 * len(values))
	}
}

func (c *compiler) newArray(x *boundNewArray) eval {
	t := x.t
	if x.lengths != nil {
		lengths := c.exprs(x.lengths)
		return func(f *frame) (any, error) {
			dims := make([]int, len(lengths))
			for i, length := range lengths {
				n, err := length(f)
				if err != nil {
					return nil, err
				}
				dims[i] = int(arrayIndex(n))
			}
			return newZeroArray(f.m, f.typ(t), dims)
		}
	}
	elems, dims := c.exprs(x.elems), x.dims
	return func(f *frame) (any, error) {
		values := make([]any, len(elems))
		for i, e := range elems {
			v, err := e(f)
			if err != nil {
				return nil, err
			}
			values[i] = v
		}
		array := NewArray(f.typ(t).elem, values)
		if dims != nil {
			array.typ, array.dims = f.typ(t), dims
		}
		return array, f.m.Allocate(16 * len(values))
	}
}

func (c *compiler) init(x *boundInit) eval {
	object, slot := c.expr(x.make), c.place(x.object)
	steps := c.exprs(x.steps)
	return func(f *frame) (any, error) {
		v, err := object(f)
		if err != nil {
			return nil, err
		}
		f.vars[slot] = v
		for _, step := range steps {
			if _, err := step(f); err != nil {
				return nil, err
			}
		}
		return f.vars[slot], nil
	}
}

// concat puts texts together; a chain of + at once.
func (c *compiler) concat(x *boundConcat) eval {
	parts := c.exprs(c.concatParts(x, nil))
	return func(f *frame) (any, error) {
		var buffer [8]string
		texts := buffer[:0]
		length := 0
		for _, part := range parts {
			v, err := part(f)
			if err != nil {
				return nil, err
			}
			s, ok := v.(string)
			if !ok {
				if s, err = f.m.Text(v); err != nil {
					return nil, err
				}
			}
			texts = append(texts, s)
			length += len(s)
		}
		if err := f.m.Allocate(length); err != nil {
			return nil, err
		}
		return dotnet.Concat(texts...), nil
	}
}

// concatParts are the texts of a chain of +, as one list unless each + reports
// its own value.
func (c *compiler) concatParts(x *boundConcat, parts []bound) []bound {
	for _, p := range x.parts {
		if inner, ok := p.(*boundConcat); ok && !c.observed {
			parts = c.concatParts(inner, parts)
		} else {
			parts = append(parts, p)
		}
	}
	return parts
}

// hole is a compiled part of an interpolated string.
type hole struct {
	text      string
	value     eval
	alignment int
	format    string
}

func (c *compiler) interpolated(x *boundInterpolated) eval {
	holes := make([]hole, len(x.parts))
	for i, p := range x.parts {
		holes[i] = hole{text: p.text, alignment: p.alignment, format: p.format}
		if p.x != nil {
			holes[i].value = c.expr(p.x)
		}
	}
	return func(f *frame) (any, error) {
		var buffer [8]string
		texts := buffer[:0]
		length := 0
		for i := range holes {
			s, err := holes[i].fill(f)
			if err != nil {
				return nil, err
			}
			texts = append(texts, s)
			length += len(s)
		}
		if err := f.m.Allocate(length); err != nil {
			return nil, err
		}
		return dotnet.Concat(texts...), nil
	}
}

func (h *hole) fill(f *frame) (string, error) {
	if h.value == nil {
		return h.text, nil
	}
	v, err := h.value(f)
	if err != nil {
		return "", err
	}
	s, ok := v.(string)
	if !ok {
		if s, err = f.m.Format(v, h.format); err != nil {
			return "", err
		}
	}
	if h.alignment == 0 {
		return s, nil
	}
	return align(f.m, s, h.alignment)
}

// align pads a text to a width: on the left, or on the right if the width is
// negative.
func align(m *Machine, s string, width int) (string, error) {
	missing := max(width, -width) - dotnet.Length(s)
	if missing <= 0 {
		return s, nil
	}
	if err := m.Allocate(missing); err != nil {
		return "", err
	}
	if width > 0 {
		return strings.Repeat(" ", missing) + s, nil
	}
	return s + strings.Repeat(" ", missing), nil
}
