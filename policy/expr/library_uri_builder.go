package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

var _ = declare("class System.UriBuilder", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return dotnet.NewURIBuilder(), nil }),
		member("new(string uri)", func(m *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("uriString")
			}
			if err := m.uriWork(a[0].(string)); err != nil {
				return nil, err
			}
			return orNil(dotnet.ParseURIBuilder(a[0].(string)))
		}),
		member("new(Uri uri)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("uri")
			}
			if err := uri(a[0]).NotAbsolute(); err != nil {
				return nil, err
			}
			return dotnet.URIBuilderOf(uri(a[0])), nil
		}),
		member("new(string schemeName, string hostName)", newURIBuilder),
		member("new(string scheme, string host, int portNumber)", newURIBuilder),
		member("new(string scheme, string host, int port, string pathValue)", newURIBuilder),
		member("new(string scheme, string host, int port, string path, string extraValue)", newURIBuilder),
		member("string Scheme { get; set; }", ofURIBuilder((*dotnet.URIBuilder).Scheme), func(_ *Machine, a []any) (any, error) {
			return nil, uriBuilder(a).SetScheme(text(a[1]))
		}),
		member("string UserName { get; set; }", ofURIBuilder((*dotnet.URIBuilder).UserName), setURIBuilder((*dotnet.URIBuilder).SetUserName)),
		member("string Password { get; set; }", ofURIBuilder((*dotnet.URIBuilder).Password), setURIBuilder((*dotnet.URIBuilder).SetPassword)),
		member("string Host { get; set; }", ofURIBuilder((*dotnet.URIBuilder).Host), setURIBuilder((*dotnet.URIBuilder).SetHost)),
		member("int Port { get; set; }", func(_ *Machine, a []any) (any, error) { return int32(uriBuilder(a).Port()), nil }, func(_ *Machine, a []any) (any, error) {
			return nil, uriBuilder(a).SetPort(intArg(a[1]))
		}),
		member("string Path { get; set; }", ofURIBuilder((*dotnet.URIBuilder).Path), setURIBuilder((*dotnet.URIBuilder).SetPath)),
		member("string Query { get; set; }", ofURIBuilder((*dotnet.URIBuilder).Query), setURIBuilder((*dotnet.URIBuilder).SetQuery)),
		member("string Fragment { get; set; }", ofURIBuilder((*dotnet.URIBuilder).Fragment), setURIBuilder((*dotnet.URIBuilder).SetFragment)),
		member("Uri Uri { get; }", func(_ *Machine, a []any) (any, error) { return orNil(uriBuilder(a).URI()) }),
		member("string ToString()", func(_ *Machine, a []any) (any, error) { return orNil(uriBuilder(a).Text()) }),
		member("bool Equals(object rparam)", func(m *Machine, a []any) (any, error) {
			if a[1] == nil {
				return false, nil
			}
			u, err := uriBuilder(a).URI()
			if err != nil {
				return nil, err
			}
			text, err := m.Text(a[1])
			if err != nil {
				return nil, err
			}
			equal, _ := equalNamed(u, text)
			return equal, nil
		}),
		member("int GetHashCode()", func(m *Machine, a []any) (any, error) {
			u, err := uriBuilder(a).URI()
			if err != nil {
				return nil, err
			}
			return orNil(hashOf(m, u))
		}),
	}
})

func uriBuilder(a []any) *dotnet.URIBuilder { return a[0].(*dotnet.URIBuilder) }

func ofURIBuilder(f func(*dotnet.URIBuilder) string) func(*Machine, []any) (any, error) {
	return func(_ *Machine, a []any) (any, error) { return f(uriBuilder(a)), nil }
}

func setURIBuilder(f func(b *dotnet.URIBuilder, value string)) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		f(uriBuilder(a), text(a[1]))
		return nil, m.uriWork(text(a[1]))
	}
}

// newURIBuilder makes one of scheme, host, port, path and what follows it.
func newURIBuilder(_ *Machine, a []any) (any, error) {
	b := dotnet.NewURIBuilder()
	if err := b.SetScheme(text(a[0])); err != nil {
		return nil, err
	}
	b.SetHost(text(a[1]))
	if len(a) > 2 {
		if err := b.SetPort(intArg(a[2])); err != nil {
			return nil, err
		}
	}
	if len(a) > 3 {
		b.SetPath(text(a[3]))
	}
	if len(a) > 4 {
		if err := b.SetExtra(text(a[4])); err != nil {
			return nil, err
		}
	}
	return b, nil
}
