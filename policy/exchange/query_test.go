package exchange

import (
	"slices"
	"testing"
)

func TestQueryValues(t *testing.T) {
	for _, c := range []struct {
		raw, name string
		want      []string
	}{
		{"", "a", nil},
		{"a=1&b=2&A=3&%61=4", "a", []string{"1", "3", "4"}},
		{"a", "a", []string{""}},
		{"a=", "a", []string{""}},
		{"a==&a=b=c", "a", []string{"=", "b=c"}},
		{"a=x+y%20z%2B", "a", []string{"x y z+"}},
		{"a=%zz", "a", []string{"%zz"}}, // what can't be decoded is taken as it is
		{"%zz=1", "%zz", []string{"1"}},
		{"a=1;b=2", "a", []string{"1;b=2"}},
		{"&&", "", nil},
		{"=1", "", []string{"1"}},
		{"ab=1", "a", nil},
	} {
		if got := QueryValues(c.raw, c.name); !slices.Equal(got, c.want) {
			t.Errorf("%q of %q: got %q, want %q", c.name, c.raw, got, c.want)
		}
		if got := QueryHas(c.raw, c.name); got != (c.want != nil) {
			t.Errorf("QueryHas %q of %q: got %v", c.name, c.raw, got)
		}
	}
}

func TestQueryDelete(t *testing.T) {
	for _, c := range []struct{ raw, name, want string }{
		{"", "a", ""},
		{"a=1", "a", ""},
		{"a=1&b=2&A=3", "a", "b=2"},
		{"b=2&%41=3&c", "a", "b=2&c"},
		{"z=%7e+x&&a=1&&b&=&", "a", "z=%7e+x&&&b&=&"}, // the rest stays byte for byte
		{"=1&a", "", "a"},
		{"&=1&&a&", "", "&&a&"}, // an empty piece is no parameter without a name
		{"a;b=1", "a", "a;b=1"},
	} {
		if got := QueryDelete(c.raw, c.name); got != c.want {
			t.Errorf("%q from %q: got %q, want %q", c.name, c.raw, got, c.want)
		}
	}
}

func TestQueryAppend(t *testing.T) {
	for _, c := range []struct {
		raw, name string
		values    []string
		want      string
	}{
		{"", "a", nil, ""},
		{"", "a", []string{""}, "a="},
		{"x", "a", []string{"1", "2"}, "x&a=1&a=2"},
		{"x&", "a b", []string{"ä+ &=%?/#\n"}, "x&&a%20b=%C3%A4%2B%20%26%3D%25%3F%2F%23%0A"},
	} {
		if got := QueryAppend(c.raw, c.name, c.values...); got != c.want {
			t.Errorf("%q=%q to %q: got %q, want %q", c.name, c.values, c.raw, got, c.want)
		}
	}
}

func FuzzQuery(f *testing.F) {
	f.Add("a=1&&b=%20+&=&a", "a", "x y")
	f.Fuzz(func(t *testing.T, raw, name, value string) {
		if got := QueryFilter(raw, func(string) bool { return true }); got != raw {
			t.Errorf("kept whole, %q becomes %q", raw, got)
		}
		without := QueryDelete(raw, name)
		if QueryHas(without, name) {
			t.Errorf("%q is still in %q", name, without)
		}
		values := QueryValues(QueryAppend(without, name, value), name)
		if !slices.Equal(values, []string{value}) {
			t.Errorf("%q=%q added to %q: got %q", name, value, without, values)
		}
	})
}
