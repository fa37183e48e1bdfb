package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// A form that AsFormUrlEncodedContent read, as text again (expressions.yaml,
// ToFormUrlEncodedContent).
var _ = declare("static class FormExtensions", func() []memberDecl {
	return []memberDecl{
		member("static string ToFormUrlEncodedContent(this IDictionary<string, IList<string>> dictionary)", formText),
	}
})

func formText(m *Machine, a []any) (any, error) {
	var b strings.Builder
	err := m.each(a[0], nil, func(pair any) (bool, error) {
		p := pair.(*PairObject)
		name, _ := p.key.(string)
		if p.value == nil {
			return false, nil
		}
		return false, m.each(p.value, nil, func(value any) (bool, error) {
			text, _ := value.(string)
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(dotnet.URLEncode(name) + "=" + dotnet.URLEncode(text))
			return false, m.Allocate(len(name) + len(text))
		})
	})
	return b.String(), err
}
