package openapi

// kind is what a value of a document is.
type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	list
	mapping
)

// String is how messages call it.
func (k kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "a text", "a list", "a mapping"}[k]
}

// place is where something stands in a document. Both numbers count from 1, the column in
// characters.
type place struct{ line, col int32 }

// node is a value of a document, whichever notation that is in.
type node struct {
	kind kind
	// inline says that a message has this for its schema.
	inline bool
	// held are the shapes that the node was held against, a bit each.
	held uint16
	at   place
	// text is that of a text, a number as JSON writes it, true or false.
	text string
	// members are those of a mapping, or the items of a list, in the order of the document.
	members []member
	// index is the members of a large mapping by name, made when one is asked for.
	index map[string]*member
}

// member is one of a mapping, or an item of a list, which has no name.
type member struct {
	name  string
	at    place // of the name
	value *node
}

// get is a member of a mapping; nil if it has none of that name, or nothing stands there.
func (n *node) get(name string) *node {
	if m := n.member(name); m != nil && m.value.kind != null {
		return m.value
	}
	return nil
}

func (n *node) member(name string) *member {
	if n == nil || n.kind != mapping {
		return nil
	}
	if len(n.members) > few {
		return n.indexed()[name]
	}
	for i := range n.members {
		if n.members[i].name == name {
			return &n.members[i]
		}
	}
	return nil
}

// few is how many names are compared one by one rather than looked up.
const few = 16

func (n *node) indexed() map[string]*member {
	if n.index == nil {
		n.index = make(map[string]*member, len(n.members))
		for i := range n.members {
			n.index[n.members[i].name] = &n.members[i]
		}
	}
	return n.index
}

// textOf is a member that is a text; "" if there is none.
func (n *node) textOf(name string) string {
	if m := n.get(name); m != nil && m.kind == text {
		return m.text
	}
	return ""
}

// isTrue reports whether a member is true.
func (n *node) isTrue(name string) bool {
	m := n.get(name)
	return m != nil && m.kind == boolean && m.text == "true"
}

// items are those of a member that is a list; none if it is none.
func (n *node) items(name string) []member {
	if m := n.get(name); m != nil && m.kind == list {
		return m.members
	}
	return nil
}

// entries are the members of a member that is a mapping.
func (n *node) entries(name string) []member {
	if m := n.get(name); m != nil && m.kind == mapping {
		return m.members
	}
	return nil
}
