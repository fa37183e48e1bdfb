package expr

import (
	"slices"
	"strings"
)

// allowedType says which members of a type API Management allows. Constructors
// are named "new", indexers "this".
type allowedType struct {
	name   string   // full, without type parameters
	only   []string // these; nil is all
	except []string
}

func (a *allowedType) allows(member string) bool {
	return (a.only == nil || slices.Contains(a.only, member)) && !slices.Contains(a.except, member)
}

// allowedNamed is an entry of allowedTypes, nil if there is none of the name.
func allowedNamed(name string) *allowedType {
	i, found := slices.BinarySearchFunc(allowedTypes, name, func(a allowedType, name string) int { return strings.Compare(a.name, name) })
	if !found {
		return nil
	}
	return &allowedTypes[i]
}

// allowedTypes are the types that expressions may use (expressions.yaml,
// allowed_types), in the order of their names. Types of the context, which have no
// namespace, are all allowed.
var allowedTypes = []allowedType{
	{name: "Newtonsoft.Json.Formatting"},
	{name: "Newtonsoft.Json.JsonConvert", only: []string{"SerializeObject", "DeserializeObject"}},
	{name: "Newtonsoft.Json.Linq.Extensions"},
	{name: "Newtonsoft.Json.Linq.JArray"},
	{name: "Newtonsoft.Json.Linq.JConstructor"},
	{name: "Newtonsoft.Json.Linq.JContainer"},
	{name: "Newtonsoft.Json.Linq.JObject"},
	{name: "Newtonsoft.Json.Linq.JProperty"},
	{name: "Newtonsoft.Json.Linq.JRaw"},
	{name: "Newtonsoft.Json.Linq.JToken"},
	{name: "Newtonsoft.Json.Linq.JTokenType"},
	{name: "Newtonsoft.Json.Linq.JValue"},
	{name: "System.Array"},
	{name: "System.BitConverter"},
	{name: "System.Boolean"},
	{name: "System.Byte"},
	{name: "System.Char"},
	{name: "System.Collections.Generic.Dictionary"},
	{name: "System.Collections.Generic.HashSet"},
	{name: "System.Collections.Generic.ICollection"},
	{name: "System.Collections.Generic.IDictionary"},
	{name: "System.Collections.Generic.IEnumerable"},
	{name: "System.Collections.Generic.IEnumerator"},
	{name: "System.Collections.Generic.IList"},
	{name: "System.Collections.Generic.IReadOnlyCollection"},
	{name: "System.Collections.Generic.IReadOnlyDictionary"},
	{name: "System.Collections.Generic.ISet"},
	{name: "System.Collections.Generic.KeyValuePair"},
	{name: "System.Collections.Generic.List"},
	{name: "System.Collections.Generic.Queue"},
	{name: "System.Collections.Generic.Stack"},
	{name: "System.Convert"},
	{name: "System.DateTime", only: []string{"new", "Add", "AddDays", "AddHours", "AddMilliseconds", "AddMinutes", "AddMonths", "AddSeconds", "AddTicks", "AddYears", "Date", "Day", "DayOfWeek", "DayOfYear", "DaysInMonth", "Hour", "IsDaylightSavingTime", "IsLeapYear", "MaxValue", "Millisecond", "Minute", "MinValue", "Month", "Now", "Parse", "Second", "Subtract", "Ticks", "TimeOfDay", "Today", "ToString", "UtcNow", "Year"}},
	{name: "System.DateTimeKind", only: []string{"Utc"}},
	{name: "System.DateTimeOffset"},
	{name: "System.Decimal"},
	{name: "System.Double"},
	{name: "System.Enum", only: []string{"Parse", "TryParse", "ToString"}},
	{name: "System.Exception"},
	{name: "System.Guid"},
	{name: "System.IO.StringReader"},
	{name: "System.IO.StringWriter"},
	{name: "System.Int16"},
	{name: "System.Int32"},
	{name: "System.Int64"},
	{name: "System.Linq.Enumerable"},
	{name: "System.Math"},
	{name: "System.MidpointRounding"},
	{name: "System.Net.IPAddress"},
	{name: "System.Net.WebUtility"},
	{name: "System.Nullable"},
	{name: "System.Object"},
	{name: "System.Random"},
	{name: "System.SByte"},
	{name: "System.Security.Cryptography.AsymmetricAlgorithm"},
	{name: "System.Security.Cryptography.CipherMode"},
	{name: "System.Security.Cryptography.HMAC"},
	{name: "System.Security.Cryptography.HMACMD5"},
	{name: "System.Security.Cryptography.HMACSHA1"},
	{name: "System.Security.Cryptography.HMACSHA256"},
	{name: "System.Security.Cryptography.HMACSHA384"},
	{name: "System.Security.Cryptography.HMACSHA512"},
	{name: "System.Security.Cryptography.HashAlgorithm"},
	{name: "System.Security.Cryptography.HashAlgorithmName"},
	{name: "System.Security.Cryptography.KeyedHashAlgorithm"},
	{name: "System.Security.Cryptography.MD5"},
	{name: "System.Security.Cryptography.Oid"},
	{name: "System.Security.Cryptography.PaddingMode"},
	{name: "System.Security.Cryptography.RNGCryptoServiceProvider"},
	{name: "System.Security.Cryptography.RSA"},
	{name: "System.Security.Cryptography.RSAEncryptionPadding"},
	{name: "System.Security.Cryptography.RSASignaturePadding"},
	{name: "System.Security.Cryptography.SHA1"},
	{name: "System.Security.Cryptography.SHA1Managed"},
	{name: "System.Security.Cryptography.SHA256"},
	{name: "System.Security.Cryptography.SHA256Managed"},
	{name: "System.Security.Cryptography.SHA384"},
	{name: "System.Security.Cryptography.SHA384Managed"},
	{name: "System.Security.Cryptography.SHA512"},
	{name: "System.Security.Cryptography.SHA512Managed"},
	{name: "System.Security.Cryptography.SymmetricAlgorithm"},
	{name: "System.Security.Cryptography.X509Certificates.PublicKey"},
	{name: "System.Security.Cryptography.X509Certificates.RSACertificateExtensions"},
	{name: "System.Security.Cryptography.X509Certificates.X500DistinguishedName", only: []string{"Name"}},
	{name: "System.Security.Cryptography.X509Certificates.X509Certificate"},
	{name: "System.Security.Cryptography.X509Certificates.X509Certificate2"},
	{name: "System.Security.Cryptography.X509Certificates.X509ContentType"},
	{name: "System.Security.Cryptography.X509Certificates.X509NameType"},
	{name: "System.Single"},
	{name: "System.String"},
	{name: "System.StringComparer"},
	{name: "System.StringComparison"},
	{name: "System.StringSplitOptions"},
	{name: "System.Text.Encoding"},
	{name: "System.Text.RegularExpressions.Capture", only: []string{"Index", "Length", "Value"}},
	{name: "System.Text.RegularExpressions.CaptureCollection", only: []string{"Count", "this"}},
	{name: "System.Text.RegularExpressions.Group", only: []string{"Captures", "Success"}},
	{name: "System.Text.RegularExpressions.GroupCollection", only: []string{"Count", "this"}},
	{name: "System.Text.RegularExpressions.Match", only: []string{"Empty", "Groups", "Result"}},
	{name: "System.Text.RegularExpressions.Regex", only: []string{"new", "IsMatch", "Match", "Matches", "Replace", "Unescape", "Split"}},
	{name: "System.Text.RegularExpressions.RegexOptions"},
	{name: "System.Text.StringBuilder"},
	{name: "System.TimeSpan"},
	{name: "System.TimeZone"},
	{name: "System.TimeZoneInfo"},
	{name: "System.TimeZoneInfo.AdjustmentRule"},
	{name: "System.TimeZoneInfo.TransitionTime"},
	{name: "System.Tuple"},
	{name: "System.UInt16"},
	{name: "System.UInt32"},
	{name: "System.UInt64"},
	{name: "System.Uri"},
	{name: "System.UriPartial"},
	{name: "System.Xml.Linq.Extensions"},
	{name: "System.Xml.Linq.XAttribute"},
	{name: "System.Xml.Linq.XCData"},
	{name: "System.Xml.Linq.XComment"},
	{name: "System.Xml.Linq.XContainer"},
	{name: "System.Xml.Linq.XDeclaration"},
	{name: "System.Xml.Linq.XDocument", except: []string{"Load"}},
	{name: "System.Xml.Linq.XDocumentType"},
	{name: "System.Xml.Linq.XElement"},
	{name: "System.Xml.Linq.XName"},
	{name: "System.Xml.Linq.XNamespace"},
	{name: "System.Xml.Linq.XNode"},
	{name: "System.Xml.Linq.XNodeDocumentOrderComparer"},
	{name: "System.Xml.Linq.XNodeEqualityComparer"},
	{name: "System.Xml.Linq.XObject"},
	{name: "System.Xml.Linq.XProcessingInstruction"},
	{name: "System.Xml.Linq.XText"},
	{name: "System.Xml.XmlNodeType"},
}

// implied are types that no list names, but that allowed ones lead to: what
// lambdas are, what GroupBy gives, what foreach and using call. That they are
// allowed is a choice.
var implied = map[string]bool{
	"System.Collections.IEnumerable": true, "System.Collections.IEnumerator": true, "System.Collections.ICollection": true,
	"System.Collections.IList": true, "System.Collections.IDictionary": true,
	"System.Collections.Generic.IReadOnlyList": true, "System.IDisposable": true, "System.IComparable": true, "System.IEquatable": true,
	"System.IFormattable": true, "System.ValueType": true, "System.ValueTuple": true, "System.Void": true,
	"System.Linq.IGrouping": true, "System.Linq.ILookup": true, "System.Linq.IOrderedEnumerable": true, "System.Linq.Lookup": true,
	"System.Delegate": true, "System.Text.RegularExpressions.MatchCollection": true,
	// GetValueOrDefault, which deployed documents use on every dictionary of context.
	"System.Collections.Generic.CollectionExtensions": true,
}
