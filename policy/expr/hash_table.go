package expr

// hashTable is what a Dictionary and a HashSet keep their elements in. It gives
// them in .NET's order: that of their addition, but a new element takes the
// place that was freed last.
type hashTable struct {
	by      equivalence
	entries []entry
	first   map[int32]int // the last entry of a hash
	free    []int         // places that are free
	// version counts the changes that end an enumeration.
	version int
}

type entry struct {
	key, value any
	hash       int32
	next       int // the entry before of the same hash; -1 if none
	used       bool
}

func newHashTable(by equivalence) *hashTable { return &hashTable{by: by, first: make(map[int32]int)} }

// Len is the number of elements.
func (h *hashTable) Len() int { return len(h.entries) - len(h.free) }

// find is the place of a key, -1 if there is none, and the key's hash.
func (h *hashTable) find(m *Machine, key any) (place int, hash int32, err error) {
	if err := m.Spend(1); err != nil {
		return -1, 0, err
	}
	if key != nil { // a set's null is not shown to a comparer
		if hash, err = h.by.HashOf(m, key); err != nil {
			return -1, 0, err
		}
	}
	place, ok := h.first[hash]
	if !ok {
		return -1, hash, nil
	}
	for ; place >= 0; place = h.entries[place].next {
		if err := m.Spend(1); err != nil {
			return -1, 0, err
		}
		if equal, err := h.by.Equivalent(m, h.entries[place].key, key); err != nil || equal {
			return place, hash, err
		}
	}
	return -1, hash, nil
}

// add adds a key that is not there and has this hash.
func (h *hashTable) add(m *Machine, key, value any, hash int32) error {
	if err := m.Allocate(80); err != nil {
		return err
	}
	h.version++
	e := entry{key, value, hash, -1, true}
	if before, ok := h.first[hash]; ok {
		e.next = before
	}
	place := len(h.entries)
	if n := len(h.free); n > 0 {
		place, h.free = h.free[n-1], h.free[:n-1]
		h.entries[place] = e
	} else {
		h.entries = append(h.entries, e)
	}
	h.first[hash] = place
	return nil
}

// remove takes the element at a place out.
func (h *hashTable) remove(place int) {
	e := h.entries[place]
	if h.first[e.hash] == place {
		if e.next >= 0 {
			h.first[e.hash] = e.next
		} else {
			delete(h.first, e.hash)
		}
	} else {
		at := h.first[e.hash]
		for h.entries[at].next != place {
			at = h.entries[at].next
		}
		h.entries[at].next = e.next
	}
	h.entries[place] = entry{next: -1}
	h.free = append(h.free, place)
}

func (h *hashTable) clear() {
	h.entries, h.free = nil, nil
	clear(h.first)
}

// iterator goes through the elements; make makes what is given of them.
func (h *hashTable) iterator(modified string, make func(e *entry) any) Iterator {
	return &tableIterator{table: h, version: h.version, modified: modified, make: make}
}

type tableIterator struct {
	table    *hashTable
	next     int
	version  int
	modified string
	make     func(e *entry) any
}

// Next is part of Iterator.
func (it *tableIterator) Next(m *Machine) (any, bool, error) {
	if it.version != it.table.version {
		return nil, false, invalidOperation(it.modified)
	}
	for it.next < len(it.table.entries) {
		e := &it.table.entries[it.next]
		it.next++
		if err := m.Spend(1); err != nil {
			return nil, false, err
		}
		if e.used {
			return it.make(e), true, nil
		}
	}
	return nil, false, nil
}

// Close is part of Iterator.
func (it *tableIterator) Close() {}
