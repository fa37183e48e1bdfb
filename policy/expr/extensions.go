package expr

import "slices"

// extending are the types with extension methods and the names of these. The methods of a
// name are looked for in all of them, which would have to be made to be asked.
// TestDeclarations finds what is missing here or too much.
var extending = []struct {
	of      string
	methods []string
}{
	{"CertificateExtensions", []string{"VerifyNoRevocation"}},
	{"ContextExtensions", []string{"GetValueOrDefault"}},
	{"CredentialExtensions", []string{"AsBasic", "AsJwt", "TryParseBasic", "TryParseJwt"}},
	{"CryptographyExtensions", []string{"Decrypt", "Encrypt"}},
	{"FormExtensions", []string{"ToFormUrlEncodedContent"}},
	{"Newtonsoft.Json.Linq.Extensions", []string{
		"Ancestors", "AncestorsAndSelf", "AsJEnumerable", "Children", "Descendants", "DescendantsAndSelf", "Properties", "Value", "Values",
	}},
	{"System.Collections.Generic.CollectionExtensions", []string{"GetValueOrDefault", "Remove", "TryAdd"}},
	{"System.Linq.Enumerable", []string{
		"Aggregate", "All", "Any", "Append", "AsEnumerable", "Average", "Cast", "Concat", "Contains", "Count", "DefaultIfEmpty", "Distinct",
		"ElementAt", "ElementAtOrDefault", "Except", "First", "FirstOrDefault", "GroupBy", "GroupJoin", "Intersect", "Join", "Last",
		"LastOrDefault", "LongCount", "Max", "Min", "OfType", "OrderBy", "OrderByDescending", "Prepend", "Reverse", "Select", "SelectMany",
		"SequenceEqual", "Single", "SingleOrDefault", "Skip", "SkipLast", "SkipWhile", "Sum", "Take", "TakeLast", "TakeWhile", "ThenBy",
		"ThenByDescending", "ToArray", "ToDictionary", "ToHashSet", "ToList", "ToLookup", "Union", "Where", "Zip",
	}},
	{"System.Security.Cryptography.X509Certificates.RSACertificateExtensions", []string{"CopyWithPrivateKey", "GetRSAPrivateKey", "GetRSAPublicKey"}},
	{"System.TupleExtensions", []string{"ToTuple", "ToValueTuple"}},
	{"System.Xml.Linq.Extensions", []string{
		"Ancestors", "AncestorsAndSelf", "Attributes", "DescendantNodes", "DescendantNodesAndSelf", "Descendants", "DescendantsAndSelf",
		"Elements", "InDocumentOrder", "Nodes", "Remove",
	}},
}

// extensionsNamed are the extension methods of that name.
func (l *library) extensionsNamed(name string) []*Member {
	var found []*Member
	for _, e := range extending {
		if !slices.Contains(e.methods, name) {
			continue
		}
		for _, m := range l.def(e.of, 0).MembersNamed(name) {
			if m.Extension {
				found = append(found, m)
			}
		}
	}
	return found
}
