package dotnet

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// DistinguishedName is an X500DistinguishedName: a name as it stands in a
// certificate.
type DistinguishedName struct {
	Raw  []byte
	rdns pkix.RDNSequence
}

// NewDistinguishedName reads a name in DER.
func NewDistinguishedName(raw []byte) *DistinguishedName {
	n := &DistinguishedName{Raw: raw}
	if rest, err := asn1.Unmarshal(raw, &n.rdns); err != nil || len(rest) > 0 {
		n.rdns = nil
	}
	return n
}

// Flags of X500DistinguishedName.Decode.
const (
	NameReversed      = 1
	NameSemicolons    = 16
	NameNoPlusSign    = 32
	NameNoQuotes      = 64
	NameUseCommas     = 128
	NameUseNewLines   = 256
	nameKnownSpelling = NameSemicolons | NameUseCommas | NameUseNewLines
)

// String is Name: the parts from the last to the first.
func (n *DistinguishedName) String() string { return n.Decode(NameReversed) }

// Decode is the name as the flags want it.
func (n *DistinguishedName) Decode(flags int64) string {
	separator := ", "
	switch flags & nameKnownSpelling {
	case NameSemicolons, NameSemicolons | NameUseCommas:
		separator = "; "
	case NameUseNewLines, NameUseNewLines | NameUseCommas:
		separator = "\n"
	}
	plus := " + "
	if flags&NameNoPlusSign != 0 {
		plus = " "
	}
	parts := make([]string, len(n.rdns))
	for i, rdn := range n.rdns {
		values := make([]string, len(rdn))
		for j, v := range rdn {
			oid := v.Type.String()
			name := OidName(oid)
			if name == "" {
				name = "OID." + oid
			}
			value := attributeText(v.Value)
			if flags&NameNoQuotes == 0 && needsQuotes(value) {
				value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
			}
			values[j] = name + "=" + value
		}
		parts[i] = strings.Join(values, plus)
	}
	if flags&NameReversed != 0 {
		slices.Reverse(parts)
	}
	return strings.Join(parts, separator)
}

func attributeText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return "#" + strings.ToUpper(hex.EncodeToString(v))
	}
	return fmt.Sprint(v)
}

func needsQuotes(s string) bool {
	return s == "" || strings.ContainsAny(s, ",+=\"\n<>#;") || strings.TrimSpace(s) != s
}

// Attribute is the first value of an object identifier.
func (n *DistinguishedName) Attribute(oid string) (string, bool) {
	for _, rdn := range n.rdns {
		for _, v := range rdn {
			if v.Type.String() == oid {
				return attributeText(v.Value), true
			}
		}
	}
	return "", false
}

// SimpleName is what a name is shown as: its common name, or unit, organization
// or address.
func (n *DistinguishedName) SimpleName() string {
	for _, oid := range []string{"2.5.4.3", "2.5.4.11", "2.5.4.10", "1.2.840.113549.1.9.1"} {
		if v, ok := n.Attribute(oid); ok {
			return v
		}
	}
	return ""
}
