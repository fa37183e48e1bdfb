package expr

import (
	"crypto/x509/pkix"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// The parts of a certificate: names, its public key, extensions. All but the key
// are AsnEncodedData: bytes in DER.

// encodedObject is an AsnEncodedData.
type encodedObject struct {
	raw []byte
	oid *oidObject
}

// DotnetType is part of Object.
func (*encodedObject) DotnetType() *Type { return typeOf(cryptoNamespace + "AsnEncodedData") }

func (e *encodedObject) encoded() *encodedObject { return e }

func encodedArg(a []any) *encodedObject {
	return a[0].(interface{ encoded() *encodedObject }).encoded()
}

var _ = declare("class "+cryptoNamespace+"AsnEncodedData", func() []memberDecl {
	return []memberDecl{
		member("new(byte[] rawData)", func(_ *Machine, a []any) (any, error) {
			if err := notNull(a, "rawData"); err != nil {
				return nil, err
			}
			return &encodedObject{slices.Clone(bytesArg(a[0])), nil}, nil
		}),
		member("Oid Oid { get; }", func(_ *Machine, a []any) (any, error) {
			if oid := encodedArg(a).oid; oid != nil {
				return oid, nil
			}
			return nil, nil
		}),
		member("byte[] RawData { get; }", func(m *Machine, a []any) (any, error) { return bytesResult(m, slices.Clone(encodedArg(a).raw), nil) }),
		member("string Format(bool multiLine)", func(m *Machine, a []any) (any, error) {
			switch o := a[0].(type) {
			case *nameObject:
				if a[1].(bool) {
					return o.name.Decode(dotnet.NameUseNewLines) + "\n", nil
				}
				return o.name.Decode(0), nil
			case *extensionObject:
				return dotnet.FormatExtension(o.of.leaf, text(o.oid.value), o.raw), m.Allocate(4 * len(o.raw))
			}
			return upperHex(encodedArg(a).raw), m.Allocate(2 * len(encodedArg(a).raw))
		}),
	}
})

// nameObject is an X500DistinguishedName.
type nameObject struct {
	encodedObject
	name *dotnet.DistinguishedName
}

// DotnetType is part of Object.
func (*nameObject) DotnetType() *Type { return typeOf(certificateNamespace + "X500DistinguishedName") }

func newName(raw []byte) *nameObject {
	return &nameObject{encodedObject{raw, &oidObject{}}, dotnet.NewDistinguishedName(raw)}
}

var (
	_ = declareEnum("flags enum "+certificateNamespace+"X500DistinguishedNameFlags", EnumValue{"None", 0}, EnumValue{"Reversed", 1}, EnumValue{"UseSemicolons", 16},
		EnumValue{"DoNotUsePlusSign", 32}, EnumValue{"DoNotUseQuotes", 64}, EnumValue{"UseCommas", 128}, EnumValue{"UseNewLines", 256},
		EnumValue{"UseUTF8Encoding", 4096}, EnumValue{"UseT61Encoding", 8192}, EnumValue{"ForceUTF8Encoding", 16384})
	_ = declare("class "+certificateNamespace+"X500DistinguishedName : "+cryptoNamespace+"AsnEncodedData", func() []memberDecl {
		return []memberDecl{
			member("new(byte[] encodedDistinguishedName)", func(_ *Machine, a []any) (any, error) {
				if err := notNull(a, "rawData"); err != nil {
					return nil, err
				}
				return newName(slices.Clone(bytesArg(a[0]))), nil
			}),
			member("string Name { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*nameObject).name.String(), nil }),
			member("string Decode(X500DistinguishedNameFlags flag)", func(_ *Machine, a []any) (any, error) {
				return a[0].(*nameObject).name.Decode(a[1].(EnumObject).Value), nil
			}),
		}
	})
)

// publicKeyObject is a PublicKey.
type publicKeyObject struct {
	of   *certificateObject
	info dotnet.PublicKeyInfo
}

// DotnetType is part of Object.
func (*publicKeyObject) DotnetType() *Type { return typeOf(certificateNamespace + "PublicKey") }

var _ = declare("class "+certificateNamespace+"PublicKey", func() []memberDecl {
	return []memberDecl{
		member("Oid Oid { get; }", func(_ *Machine, a []any) (any, error) { return newOid(a[0].(*publicKeyObject).info.Algorithm), nil }),
		member("AsnEncodedData EncodedKeyValue { get; }", func(_ *Machine, a []any) (any, error) {
			info := a[0].(*publicKeyObject).info
			return &encodedObject{info.Key, newOid(info.Algorithm)}, nil
		}),
		member("AsnEncodedData EncodedParameters { get; }", func(_ *Machine, a []any) (any, error) {
			info := a[0].(*publicKeyObject).info
			return &encodedObject{info.Parameters, newOid(info.Algorithm)}, nil
		}),
		member("AsymmetricAlgorithm Key { get; }", func(_ *Machine, a []any) (any, error) {
			if key := rsaPublicOf(a[0].(*publicKeyObject).of, "RSACng"); key != nil {
				return key, nil
			}
			return nil, notSupported(otherAlgorithm)
		}),
	}
})

// extensionObject is an X509Extension.
type extensionObject struct {
	encodedObject
	of       *certificateObject
	critical bool
}

// DotnetType is part of Object.
func (*extensionObject) DotnetType() *Type { return typeOf(certificateNamespace + "X509Extension") }

var _ = declare("class "+certificateNamespace+"X509Extension : "+cryptoNamespace+"AsnEncodedData", func() []memberDecl {
	return []memberDecl{
		member("bool Critical { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*extensionObject).critical, nil }),
	}
})

// extensionsObject is an X509ExtensionCollection.
type extensionsObject struct{ of *certificateObject }

// DotnetType is part of Object.
func (*extensionsObject) DotnetType() *Type {
	return typeOf(certificateNamespace + "X509ExtensionCollection")
}

func (o *extensionsObject) all() []pkix.Extension { return o.of.leaf.Extensions }

func (o *extensionsObject) at(i int) any {
	e := o.all()[i]
	return &extensionObject{encodedObject{e.Value, newOid(e.Id.String())}, o.of, e.Critical}
}

// Enumerate is part of Enumerable.
func (o *extensionsObject) Enumerate(*Machine) (Iterator, error) {
	elems := make([]any, len(o.all()))
	for i := range elems {
		elems[i] = o.at(i)
	}
	return &sliceIterator{elems: elems}, nil
}

var _ = declare("class "+certificateNamespace+"X509ExtensionCollection : System.Collections.ICollection", func() []memberDecl {
	return []memberDecl{
		member("int Count { get; }", func(_ *Machine, a []any) (any, error) { return int32(len(a[0].(*extensionsObject).all())), nil }),
		member("X509Extension this[int index] { get; }", func(_ *Machine, a []any) (any, error) {
			o, i := a[0].(*extensionsObject), intArg(a[1])
			switch {
			case i < 0:
				return nil, dotnet.InvalidOperation("Enumeration has not started. Call MoveNext.")
			case i >= len(o.all()):
				return nil, indexOutOfRange("index")
			}
			return o.at(i), nil
		}),
		member("X509Extension this[string oid] { get; }", func(_ *Machine, a []any) (any, error) {
			o := a[0].(*extensionsObject)
			i := slices.IndexFunc(o.all(), func(e pkix.Extension) bool { return strings.EqualFold(e.Id.String(), text(a[1])) })
			if i < 0 {
				return nil, nil
			}
			return o.at(i), nil
		}),
		// Its enumerator is a class of its own in .NET, and typed.
		member("IEnumerator<X509Extension> GetEnumerator()", func(m *Machine, a []any) (any, error) {
			return newEnumerator(m, a[0], typeOf(certificateNamespace+"X509Extension"))
		}),
	}
})
