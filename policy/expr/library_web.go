package expr

import "github.com/apimulator/apimulator/policy/expr/dotnet"

var _ = declare("static class System.Net.WebUtility", func() []memberDecl {
	return []memberDecl{
		member("static string HtmlEncode(string value)", webText(dotnet.HTMLEncode, 8)),
		member("static string HtmlDecode(string value)", webText(dotnet.HTMLDecode, 1)),
		member("static string UrlEncode(string value)", webText(dotnet.URLEncode, 9)),
		member("static string UrlDecode(string encodedValue)", webText(dotnet.URLDecode, 3)),
		member("static byte[] UrlEncodeToBytes(byte[] value, int offset, int count)", webBytes(dotnet.URLEncodeBytes)),
		member("static byte[] UrlDecodeToBytes(byte[] encodedValue, int offset, int count)", webBytes(dotnet.URLDecodeBytes)),
	}
})

// webText is a function of texts that keeps null; the result is at most so many
// times as long.
func webText(f func(string) string, times int) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		if a[0] == nil {
			return nil, nil
		}
		s := a[0].(string)
		if len(s) > MaxAllocation/times {
			return nil, m.Allocate(MaxAllocation + 1)
		}
		if err := m.Spend(len(s) / 8); err != nil {
			return nil, err
		}
		return m.newText(f(s), nil)
	}
}

func webBytes(f func([]byte) []byte) func(*Machine, []any) (any, error) {
	return func(m *Machine, a []any) (any, error) {
		offset, n := intArg(a[1]), intArg(a[2])
		if a[0] == nil {
			if n == 0 {
				return nil, nil
			}
			return nil, dotnet.ArgumentNull("bytes")
		}
		b := array(a[0]).Bytes()
		switch {
		case offset < 0 || offset > len(b):
			return nil, dotnet.ArgumentOutOfRange("offset", outOfRange)
		case n < 0 || offset+n > len(b):
			return nil, dotnet.ArgumentOutOfRange("count", outOfRange)
		}
		if err := m.Allocate(3 * n); err != nil {
			return nil, err
		}
		return NewBytes(f(b[offset : offset+n])), m.Spend(n / 8)
	}
}
