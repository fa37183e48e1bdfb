package expr

// add notes a bound if formal is an unfixed type parameter; false if it is none.
func (inf *inference) add(formal *Type, list func(*bounds) *[]*Type, t *Type) bool {
	for i, p := range inf.params {
		if p == formal {
			if inf.fixed[i] == nil {
				to := list(&inf.bounds[i])
				*to = append(*to, t)
			}
			return true
		}
	}
	return false
}

func exactList(b *bounds) *[]*Type { return &b.exact }
func lowerList(b *bounds) *[]*Type { return &b.lower }
func upperList(b *bounds) *[]*Type { return &b.upper }

// exactBound infers from t where formal must be just that.
func (inf *inference) exactBound(t, formal *Type) {
	if inf.add(formal, exactList, t) || !inf.hasUnfixed(formal) {
		return
	}
	switch {
	case formal.kind == Array && t.kind == Array && formal.rank == t.rank, formal.kind == Nullable && t.kind == Nullable:
		inf.exactBound(t.elem, formal.elem)
	case formal.def != nil && formal.def == t.def || formal.kind == Tuple && t.kind == Tuple && len(formal.args) == len(t.args):
		for i, a := range formal.args {
			inf.exactBound(t.args[i], a)
		}
	}
}

// lowerBound infers from t where formal must be a type that t converts to.
func (inf *inference) lowerBound(t, formal *Type) {
	if inf.add(formal, lowerList, t) || !inf.hasUnfixed(formal) {
		return
	}
	switch {
	case formal.kind == Nullable:
		if t.kind == Nullable {
			inf.lowerBound(t.elem, formal.elem)
		}
	case formal.kind == Array:
		if t.kind == Array && t.rank == formal.rank {
			inf.elementBound(t.elem, formal.elem)
		}
	case formal.kind == Tuple:
		if t.kind == Tuple && len(t.args) == len(formal.args) {
			for i, a := range formal.args {
				inf.lowerBound(t.args[i], a)
			}
		}
	case formal.def != nil:
		inf.lowerDeclared(t, formal)
	}
}

func (inf *inference) elementBound(t, formal *Type) {
	if t.isReference() {
		inf.lowerBound(t, formal)
	} else {
		inf.exactBound(t, formal)
	}
}

// lowerDeclared infers from what t is of formal's declared type: itself, a base
// or the one interface.
func (inf *inference) lowerDeclared(t, formal *Type) {
	var is *Type
	switch formal.kind {
	case Interface:
		is = t.asInterface(formal.def)
	case Delegate:
		if t.def == formal.def {
			is = t
		}
	default:
		for is = t; is != nil && is.def != formal.def; {
			is = is.baseType()
		}
	}
	if is == nil {
		return
	}
	for i, a := range formal.args {
		actual := is.args[i]
		switch variance := formal.def.variance[i]; {
		case !actual.isReference() || variance == 0:
			inf.exactBound(actual, a)
		case variance > 0:
			inf.lowerBound(actual, a)
		default:
			inf.upperBound(actual, a)
		}
	}
}

// upperBound infers from t where formal must be a type that converts to t.
func (inf *inference) upperBound(t, formal *Type) {
	if inf.add(formal, upperList, t) || !inf.hasUnfixed(formal) {
		return
	}
	switch {
	case formal.kind == Array && t.kind == Array && t.rank == formal.rank:
		if t.elem.isReference() {
			inf.upperBound(t.elem, formal.elem)
		} else {
			inf.exactBound(t.elem, formal.elem)
		}
	case formal.def != nil && formal.def == t.def:
		for i, a := range formal.args {
			switch variance := formal.def.variance[i]; {
			case !t.args[i].isReference() || variance == 0:
				inf.exactBound(t.args[i], a)
			case variance > 0:
				inf.upperBound(t.args[i], a)
			default:
				inf.lowerBound(t.args[i], a)
			}
		}
	}
}
