package newtonsoft

// ArrayHandling is MergeArrayHandling: what becomes of two arrays.
type ArrayHandling int

// The members of MergeArrayHandling.
const (
	Concat ArrayHandling = iota
	Union
	ReplaceArray
	MergeItems
)

// MergeSettings are JsonMergeSettings.
type MergeSettings struct {
	Arrays ArrayHandling
	// Nulls lets a null replace a value (MergeNullValueHandling.Merge).
	Nulls bool
	// Equal compares names of properties; nil compares them as they are.
	Equal func(a, b string) bool
}

// Merge is JContainer.Merge: into is changed.
func Merge(into Container, from Token, s MergeSettings) error {
	switch c := into.(type) {
	case *Object:
		return c.merge(from, s)
	case *Array:
		if other, ok := from.(*Array); ok {
			return mergeItems(c, other, s)
		}
	case *Constructor:
		if other, ok := from.(*Constructor); ok {
			if other.Name != "" {
				c.Name = other.Name
			}
			return mergeItems(c, other, s)
		}
	case *Property:
		if other, ok := from.(*Property); ok && other.value.Type() != NullType {
			return c.SetValue(other.value)
		}
	}
	return nil
}

func (o *Object) merge(from Token, s MergeSettings) error {
	other, ok := from.(*Object)
	if !ok {
		return nil
	}
	for _, t := range other.properties {
		p := t.(*Property)
		mine := o.Property(p.name)
		if mine == nil && s.Equal != nil {
			mine = o.Match(p.name, s.Equal)
		}
		var err error
		if mine == nil {
			err = o.Add(p.name, p.value)
		} else if c, ok := mine.value.(Container); ok && c.Type() == p.value.Type() {
			err = Merge(c, p.value, s)
		} else if v := valueOf(p.value); s.Nulls || v == nil || v.kind != NullType && (v.kind != StringType || v.value != nil) {
			err = mine.SetValue(p.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func mergeItems(into, from Container, s MergeSettings) error {
	items := append([]Token(nil), from.Children()...)
	switch s.Arrays {
	case ReplaceArray:
		if err := into.Clear(); err != nil {
			return err
		}
	case MergeItems:
		return mergeByIndex(into, items, s)
	}
	for _, t := range items {
		if s.Arrays == Union && contains(into, t) {
			continue
		}
		if err := into.Insert(len(into.Children()), t); err != nil {
			return err
		}
	}
	return nil
}

func contains(c Container, t Token) bool {
	for _, child := range c.Children() {
		if DeepEquals(child, t) {
			return true
		}
	}
	return false
}

func mergeByIndex(into Container, items []Token, s MergeSettings) error {
	for i, t := range items {
		var err error
		if i >= len(into.Children()) {
			err = into.Insert(i, t)
		} else if c, ok := into.Children()[i].(Container); ok {
			err = Merge(c, t, s)
		} else if t.Type() != NullType {
			err = into.Replace(i, t)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
