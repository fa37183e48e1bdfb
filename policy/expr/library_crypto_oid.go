package expr

import (
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// oidObject is an Oid: strings, or nil for null.
type oidObject struct{ value, name any }

// DotnetType is part of Object.
func (*oidObject) DotnetType() *Type { return typeOf(cryptoNamespace + "Oid") }

// newOid is the Oid of an object identifier.
func newOid(value string) *oidObject { return &oidObject{value, textOrNull(dotnet.OidName(value))} }

var _ = declareEnum("enum "+cryptoNamespace+"OidGroup", EnumValue{"All", 0}, EnumValue{"HashAlgorithm", 1}, EnumValue{"EncryptionAlgorithm", 2},
	EnumValue{"PublicKeyAlgorithm", 3}, EnumValue{"SignatureAlgorithm", 4}, EnumValue{"Attribute", 5}, EnumValue{"ExtensionOrAttribute", 6},
	EnumValue{"EnhancedKeyUsage", 7}, EnumValue{"Policy", 8}, EnumValue{"Template", 9}, EnumValue{"KeyDerivationFunction", 10})

var _ = declare("class "+cryptoNamespace+"Oid", func() []memberDecl {
	return []memberDecl{
		member("new()", func(*Machine, []any) (any, error) { return &oidObject{}, nil }),
		member("new(string oid)", func(_ *Machine, a []any) (any, error) {
			if a[0] == nil {
				return nil, dotnet.ArgumentNull("friendlyName")
			}
			if value := dotnet.OidValue(a[0].(string)); value != "" {
				return newOid(value), nil
			}
			return newOid(a[0].(string)), nil
		}),
		member("new(string value, string friendlyName)", func(_ *Machine, a []any) (any, error) { return &oidObject{a[0], a[1]}, nil }),
		member("new(Oid oid)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a, "oid"); err != nil {
				return nil, err
			}
			copied := *a[0].(*oidObject)
			return &copied, nil
		}),
		member("string Value { get; set; }", func(_ *Machine, a []any) (any, error) { return a[0].(*oidObject).value, nil }, func(_ *Machine, a []any) (any, error) {
			o := a[0].(*oidObject)
			o.value, o.name = a[1], textOrNull(dotnet.OidName(text(a[1])))
			return nil, nil
		}),
		member("string FriendlyName { get; set; }", func(_ *Machine, a []any) (any, error) { return a[0].(*oidObject).name, nil }, func(_ *Machine, a []any) (any, error) {
			o := a[0].(*oidObject)
			if o.name = a[1]; dotnet.OidValue(text(a[1])) != "" {
				o.value = dotnet.OidValue(text(a[1]))
			}
			return nil, nil
		}),
		member("static Oid FromFriendlyName(string friendlyName, OidGroup group)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a, "friendlyName"); err != nil {
				return nil, err
			}
			if value := dotnet.OidValue(a[0].(string)); value != "" {
				return &oidObject{value, a[0]}, nil
			}
			return nil, dotnet.CryptographicException("No OID value matches this name.")
		}),
		member("static Oid FromOidValue(string oidValue, OidGroup group)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a, "oidValue"); err != nil {
				return nil, err
			}
			if dotnet.OidName(a[0].(string)) == "" {
				return nil, dotnet.CryptographicException("The OID value is invalid.")
			}
			return newOid(a[0].(string)), nil
		}),
	}
})
