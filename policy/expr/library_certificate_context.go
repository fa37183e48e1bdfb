package expr

import (
	"maps"
	"slices"

	"github.com/apimulator/apimulator/policy/exchange"
)

// The certificates of context.

var _ = extend("IRequest", func() []memberDecl {
	return []memberDecl{
		member("X509Certificate2 Certificate { get; }", func(_ *Machine, a []any) (any, error) {
			return NewCertificate(&exchange.Certificate{Leaf: requestOf(a).Certificate}), nil
		}),
	}
})

var _ = extend("IDeployment", func() []memberDecl {
	return []memberDecl{
		property("IReadOnlyDictionary<string, X509Certificate2> Certificates", func(d *exchange.Deployment) any { return certificatesOf(d.Certificates) }),
	}
})

// certificatesOf are the service's certificates by thumbprint, in order.
func certificatesOf(held map[string]*exchange.Certificate) *listed {
	l := &listed{typ: dictionaryOf(typeOf(certificateNamespace + "X509Certificate2"))}
	for _, thumbprint := range slices.Sorted(maps.Keys(held)) {
		l.names, l.values = append(l.names, thumbprint), append(l.values, NewCertificate(held[thumbprint]))
	}
	return l
}
