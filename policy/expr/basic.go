package expr

// basic are the types that have a keyword, and the type of null. They are there
// once the table is built.
var basic = &basicTypes{null: &Type{kind: Null, full: "null"}, bad: &Type{kind: invalid, full: "?"}}

type basicTypes struct {
	object, string, bool, char, sbyte, byte, short, ushort, int, uint, long, ulong, float, double, decimal, void, null *Type
	// bad is the type of what could not be bound.
	bad *Type
}

func (b *basicTypes) fill(l *library) {
	for keyword, field := range map[string]**Type{
		"object": &b.object, "string": &b.string, "bool": &b.bool, "char": &b.char, "sbyte": &b.sbyte, "byte": &b.byte, "short": &b.short,
		"ushort": &b.ushort, "int": &b.int, "uint": &b.uint, "long": &b.long, "ulong": &b.ulong, "float": &b.float, "double": &b.double,
		"decimal": &b.decimal, "void": &b.void,
	} {
		*field = l.mustLookup(keywords[keyword]).of()
	}
}
