package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// The members of the untyped IDictionary, which is what Exception.Data is.
var _ = extend("System.Collections.IDictionary", func() []memberDecl {
	return []memberDecl{
		member("object this[object key] { get; set; }", func(m *Machine, a []any) (any, error) {
			d, err := untypedDictionary(a[0])
			if err != nil {
				return nil, err
			}
			v, _, err := d.Get(m, a[1])
			return v, err
		}, func(m *Machine, a []any) (any, error) {
			d, err := untypedDictionary(a[0])
			if err != nil {
				return nil, err
			}
			return nil, d.Set(m, a[1], a[2])
		}),
		member("void Add(object key, object value)", func(m *Machine, a []any) (any, error) {
			d, err := untypedDictionary(a[0])
			if err != nil {
				return nil, err
			}
			if _, found, err := d.Get(m, a[1]); err != nil || found {
				return nil, orDuplicate(m, err, a[1])
			}
			return nil, d.Set(m, a[1], a[2])
		}),
		member("bool Contains(object key)", func(m *Machine, a []any) (any, error) {
			d, err := untypedDictionary(a[0])
			if err != nil {
				return nil, err
			}
			_, found, err := d.Get(m, a[1])
			return found, err
		}),
		member("void Remove(object key)", func(m *Machine, a []any) (any, error) {
			d, err := untypedDictionary(a[0])
			if err != nil {
				return nil, err
			}
			_, _, err = d.remove(m, a[1])
			return nil, err
		}),
	}
})

func orDuplicate(m *Machine, err error, key any) error {
	if err != nil {
		return err
	}
	s, err := m.Text(key)
	if err != nil {
		return err
	}
	return dotnet.Argument("Item has already been added. Key in dictionary: '"+s+"'  Key being added: '"+s+"'", "")
}

// untypedDictionary is a dictionary that takes any key and value.
func untypedDictionary(v any) (*DictionaryObject, error) {
	d, ok := v.(*DictionaryObject)
	if !ok || d.typ.args[0] != basic.object || d.typ.args[1] != basic.object {
		return nil, dotnet.NewException("System.NotSupportedException", "Only Exception.Data can be used as an IDictionary without types.")
	}
	return d, nil
}
