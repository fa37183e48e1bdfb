package xlinq

import "github.com/apimulator/apimulator/policy/expr/dotnet"

// checker is what each kind of container refuses.
type checker interface {
	check(n, previous Node) error
	checkText(s string) error
}

// Add is XContainer.Add of one piece of content: a Node, an *Attribute or a
// string.
func Add(c Container, content any) error {
	switch content := content.(type) {
	case *Attribute:
		e, ok := c.(*Element)
		if !ok {
			return noAttribute()
		}
		return e.addAttribute(content)
	case string:
		if content == "" && First(c) == nil {
			c.content().filled = true
			return nil
		}
	}
	ins := Insertion{into: c, previous: Last(c)}
	if err := ins.Add(content); err != nil {
		return err
	}
	return ins.End()
}

func (e *Element) addAttribute(a *Attribute) error {
	if e.Attribute(a.name) != nil {
		return dotnet.InvalidOperation("Duplicate attribute.")
	}
	if a.parent != nil {
		a = &Attribute{name: a.name, value: a.value}
	}
	e.append(a)
	return nil
}

func noAttribute() error { return dotnet.Argument("An attribute cannot be added to content.", "") }

// Insertion puts content somewhere between a container's nodes. Texts that
// follow each other become one node, and join a text that stands before them.
type Insertion struct {
	into     Container
	previous Node
	text     string
	pending  bool // text is still to be inserted
}

// InsertFirst begins before the first node.
func InsertFirst(c Container) *Insertion { return &Insertion{into: c} }

// InsertAfter begins after n, which must have a parent.
func InsertAfter(n Node) (*Insertion, error) {
	if n.base().parent == nil {
		return nil, missingParent()
	}
	return &Insertion{into: n.base().parent, previous: n}, nil
}

// InsertBefore begins before n, which must have a parent.
func InsertBefore(n Node) (*Insertion, error) {
	if n.base().parent == nil {
		return nil, missingParent()
	}
	return &Insertion{into: n.base().parent, previous: n.base().prev}, nil
}

// Replace takes n out of its parent, which it must have, and begins in its place.
func Replace(n Node) (*Insertion, error) {
	ins, err := InsertBefore(n)
	if err == nil {
		unlink(n)
	}
	return ins, err
}

// Add inserts a Node or a string after what was inserted before.
func (ins *Insertion) Add(content any) error {
	switch content := content.(type) {
	case *Attribute:
		return noAttribute()
	case string:
		if err := ins.into.(checker).checkText(content); err != nil {
			return err
		}
		ins.text, ins.pending = ins.text+content, true
		return nil
	}
	n := content.(Node)
	if err := ins.into.(checker).check(n, ins.previous); err != nil {
		return err
	}
	if n.base().parent != nil || Root(ins.into) == Object(n) {
		n = Clone(n)
	}
	ins.flush()
	ins.insert(n)
	return nil
}

// End inserts the text that is pending.
func (ins *Insertion) End() error {
	if ins.pending && ins.text == "" && First(ins.into) == nil {
		ins.into.content().filled = true
	}
	ins.flush()
	return nil
}

func (ins *Insertion) flush() {
	if ins.text != "" {
		if t, ok := ins.previous.(*CharacterData); ok && !t.cdata {
			t.Value += ins.text
		} else {
			ins.insert(NewText(ins.text))
		}
	}
	ins.text, ins.pending = "", false
}

func (ins *Insertion) insert(n Node) {
	link(ins.into, ins.previous, n)
	ins.previous = n
}
