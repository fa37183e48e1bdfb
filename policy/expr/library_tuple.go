package expr

import "strings"

// System.TupleExtensions makes a tuple of the language of a Tuple and the other
// way.
var _ = declare("static class System.TupleExtensions", tupleExtensions)

func tupleExtensions() []memberDecl {
	var members []memberDecl
	for n := 1; n <= 7; n++ {
		types := tupleParams(n, false)
		generics := "<" + strings.Join(types, ", ") + ">"
		value := strings.Join(types, ", ")
		members = append(members,
			member("static System.ValueTuple<"+value+"> ToValueTuple"+generics+"(this "+tupleType+generics+" value)", func(_ *Machine, types []*Type, a []any) (any, error) {
				return newRecord(tupleOf(types, nil), append([]any(nil), a[0].(*tupleObject).elems...)), nil
			}),
			member("static "+tupleType+generics+" ToTuple"+generics+"(this System.ValueTuple<"+value+"> value)", func(m *Machine, types []*Type, a []any) (any, error) {
				return newTuple(m, types, append([]any(nil), a[0].(*RecordObject).elems...))
			}))
	}
	return members
}

func deconstructTuple(_ *Machine, _ []*Type, a []any) (any, error) {
	for i, v := range a[0].(*tupleObject).elems {
		a[1+i].(*Ref).Value = v
	}
	return nil, nil
}
