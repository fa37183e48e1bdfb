package jsonschema

// array judges an array: its items in their order, then what is asked of the whole.
func (r *run) array(s *Schema, v *node) {
	r.ofType(s, v, arrayType)
	contained := containedItems{schema: s}
	for i, item := range v.items {
		r.intoItem(i)
		r.item(s, i, item)
		r.out()
		contained.judge(r, i, item)
	}
	if s.uniqueItems {
		r.unique(v)
	}
	r.oneOfValues(s, v)
	r.combined(s, v)
	if n := len(v.items); s.maxItems != nil && n > *s.maxItems {
		r.fail(v.end, nil, "Array item count %d exceeds maximum count of %d.", n, *s.maxItems)
	}
	if n := len(v.items); s.minItems != nil && n < *s.minItems {
		r.fail(v.end, nil, "Array item count %d is less than minimum count of %d.", n, *s.minItems)
	}
	contained.count(r, v)
	if s.unevaluatedItems != nil {
		r.unevaluatedItems(s, v)
	}
}

// item judges an item by the schema of its index, or that of the others.
func (r *run) item(s *Schema, i int, item *node) {
	child := s.items
	if i < len(s.prefixItems) {
		child = s.prefixItems[i]
	}
	switch {
	case child == nil:
		return
	case child.never && i >= len(s.prefixItems) && len(s.prefixItems) > 0:
		r.fail(item.at, nil, "Index %d has not been defined and the schema does not allow additional items.", i+1)
	default:
		r.validate(child, item)
	}
	r.see(i)
}

// unique judges whether all items differ.
func (r *run) unique(v *node) {
	met := make(map[string]bool, len(v.items))
	for i, item := range v.items {
		value := r.canonical(item)
		if met[value] {
			r.fail(item.end, nil, "Non-unique array item at index %d.", i)
		}
		met[value] = true
	}
}

// containedItems counts the items that contains wants.
type containedItems struct {
	schema *Schema
	n      int
	causes []Error // why others are none
}

func (c *containedItems) judge(r *run, i int, item *node) {
	if c.schema.contains == nil {
		return
	}
	r.intoItem(i)
	causes, _, fits := r.apart(c.schema.contains, item)
	r.out()
	if !fits {
		c.causes = append(c.causes, causes[:min(len(causes), MaxErrors-min(len(c.causes), MaxErrors))]...)
		return
	}
	c.n++
	if c.schema.resource.draft != draft2019 { // there it evaluates nothing
		r.see(i)
	}
}

func (c *containedItems) count(r *run, v *node) {
	s := c.schema
	switch {
	case s.contains == nil:
		return
	case s.minContains != nil && c.n < *s.minContains:
		r.fail(v.end, c.causes, "Contains match count %d is less than minimum contains count of %d.", c.n, *s.minContains)
	case s.minContains == nil && c.n == 0:
		r.fail(v.end, c.causes, "No items match contains.")
	}
	if s.maxContains != nil && c.n > *s.maxContains {
		r.fail(v.end, c.causes, "Contains match count %d exceeds maximum contains count of %d.", c.n, *s.maxContains)
	}
}

// unevaluatedItems judges the items that no schema beside has evaluated.
func (r *run) unevaluatedItems(s *Schema, v *node) {
	for i, item := range v.items {
		if !r.unseen(i) {
			continue
		}
		r.intoItem(i)
		causes, _, fits := r.apart(s.unevaluatedItems, item)
		r.out()
		if !fits {
			if s.unevaluatedItems.never {
				causes = nil
			}
			r.fail(v.end, causes, "Item at index %d has not been successfully evaluated and the schema does not allow unevaluated items.", i)
		}
		r.see(i)
	}
}
