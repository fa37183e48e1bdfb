package expr

import (
	"hash/maphash"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// equalNamed is Equals of the reference types of package dotnet that have one of
// their own.
func equalNamed(a, b any) (equal, own bool) {
	switch a := a.(type) {
	case *dotnet.URI:
		switch b := b.(type) {
		case *dotnet.URI:
			return a.Equal(b), true
		case string: // Uri.Equals takes a text for a URI
			u := dotnet.TryURI(b, dotnet.RelativeOrAbsolute)
			return u != nil && a.Equal(u), true
		}
		return false, true
	case *dotnet.Encoding:
		other, ok := b.(*dotnet.Encoding)
		return ok && a.Equal(other), true
	case *dotnet.IPAddress:
		other, ok := b.(*dotnet.IPAddress)
		return ok && a.Equal(other), true
	}
	return false, false
}

// hashNamed is a hash for them.
func hashNamed(v any) (code int32, own bool) {
	switch v := v.(type) {
	case *dotnet.URI:
		// What Equal compares, without regard to case, which it has for paths of
		// Windows only.
		const request = dotnet.SchemeComponent | dotnet.HostComponent | dotnet.PortComponent | dotnet.PathComponent | dotnet.QueryComponent
		s, err := v.Components(request, dotnet.SafeUnescaped)
		if err != nil {
			s = v.OriginalString()
		}
		return int32(maphash.String(hashSeed, strings.ToLower(s))), true
	case *dotnet.Encoding:
		return int32(v.CodePage()), true
	case *dotnet.IPAddress:
		return int32(maphash.Bytes(hashSeed, v.Bytes())), true
	}
	return 0, false
}
