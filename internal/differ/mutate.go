package differ

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// tokens cuts an expression into pieces: what is no token (white space, comments)
// stays a piece too.
var tokens = regexp.MustCompile(`(?s)//[^\n]*|/\*.*?\*/|\s+|\$?@"(?:[^"]|"")*"|\$?"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\d[\w.]*|=>|\?\?|\?\.|==|!=|<=|>=|&&|\|\||\+\+|--|[+\-*/]=|.`)

// swaps are tokens that can stand for one another.
var swaps = [][]string{
	{"+", "-", "*", "/", "%"},
	{"==", "!=", "<", ">", "<=", ">="},
	{"&&", "||", "&", "|", "^"},
	{"int", "string", "bool", "double", "long", "decimal", "char", "byte", "object", "uint", "DateTime"},
	{"JObject", "JArray", "JToken", "JValue", "JProperty"},
	{"List", "HashSet", "Queue", "IEnumerable"},
	{"true", "false", "null", "0", "1", `"a"`, "'a'", "1.5", "2m", "3L", "default"},
	{"First", "Last", "FirstOrDefault", "LastOrDefault", "Single", "SingleOrDefault", "Count", "Any", "ToList", "ToArray", "Max", "Min", "Distinct", "Sum", "Reverse"},
	{"Select", "Where", "OrderBy", "OrderByDescending", "Any", "All", "First", "Count", "SelectMany", "GroupBy", "Sum", "Max", "ToDictionary", "TakeWhile"},
	{"ToString", "ToUpper", "ToLower", "Trim", "Length", "ToUpperInvariant", "TrimEnd"},
	{"Contains", "StartsWith", "EndsWith", "IndexOf", "LastIndexOf", "Equals", "Split", "Replace", "Remove", "Substring", "CompareTo", "TrimStart"},
	{"AddDays", "AddHours", "AddMonths", "AddYears", "AddSeconds", "Subtract", "Add"},
	{"Year", "Month", "Day", "Hour", "Ticks", "TotalSeconds", "Date", "DayOfWeek"},
	{"Parse", "TryParse"},
	{"ToInt32", "ToInt64", "ToDouble", "ToString", "ToBoolean", "ToByte", "ToDecimal", "ToChar", "ToDateTime"},
	{"Round", "Floor", "Ceiling", "Abs", "Max", "Min", "Sign", "Truncate"},
	{"Elements", "Descendants", "Element", "Attribute", "Attributes", "Nodes", "Value"},
	{"Keys", "Values", "Count", "ContainsKey", "TryGetValue"},
	{"var", "int", "string", "object"},
	{"??", "+", "=="},
	{"?.", "."},
	{"=", "+=", "-=", "=="},
	{"++", "--"},
	{"break", "continue", "return null"},
	{"foreach", "for", "while", "if"},
	{"None", "Indented", "OrdinalIgnoreCase", "Ordinal"},
	{"StatusCode", "StatusReason", "Headers", "Body"},
	{"Url", "OriginalUrl"}, {"Path", "Host", "QueryString", "Query"},
	{"is", "as"},
}

// unsteady is what the answer of which changes from run to run, what the oracle's
// context does not have, or what would hang.
var unsteady = regexp.MustCompile(`\b(Now|UtcNow|Today|NewGuid|Random|GetHashCode|RNGCryptoServiceProvider|Certificate|Certificates|Encrypt|Decrypt|GraphQL|PrivateEndpointConnection|Trace|Elapsed|Local|ToLocalTime|SubscriptionKeyParameterNames|Apis|HttpErrorCode|Workspace|Gateway|VerifyNoRevocation|ToFormUrlEncodedContent|ToQueryString|Guid\.NewGuid|X509\w*|RSA\w*|Aes\w*|while)\b|\{\{`)

// mutate changes one token or two.
func mutate(r *rand.Rand, source string) string {
	pieces := tokens.FindAllString(source[2:len(source)-1], -1)
	if len(pieces) == 0 {
		return source
	}
	for n := 1 + r.IntN(2); n > 0; n-- {
		mutateToken(r, pieces)
	}
	return source[:2] + strings.Join(pieces, "") + source[len(source)-1:]
}

func mutateToken(r *rand.Rand, pieces []string) {
	for try := 0; try < 20; try++ {
		i := r.IntN(len(pieces))
		p := pieces[i]
		if strings.TrimSpace(p) == "" {
			continue
		}
		switch r.IntN(12) {
		case 0:
			pieces[i] = ""
			return
		case 1:
			if j := r.IntN(len(pieces)); strings.TrimSpace(pieces[j]) != "" {
				pieces[i], pieces[j] = pieces[j], pieces[i]
				return
			}
		case 2:
			pieces[i] = p + " " + p
			return
		case 3:
			if isValue(p) {
				pieces[i] = []string{"((object)" + p + ")", "((int)" + p + ")", "((string)" + p + ")", "(" + p + " + 1)", "(-" + p + ")", "(!" + p + ")", p + "?", "(" + p + ").ToString()"}[r.IntN(8)]
				return
			}
		case 4:
			if strings.HasPrefix(p, `"`) {
				pieces[i] = []string{`""`, `null`, `"é"`, `1`, `'x'`, `("" + ` + p + `)`, `$` + p}[r.IntN(7)]
				return
			}
		default:
			if pieces[i] = swapped(r, p); pieces[i] != p {
				return
			}
		}
	}
}

func isValue(p string) bool {
	c := p[0]
	return c == '"' || c == '\'' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z'
}

func swapped(r *rand.Rand, p string) string {
	var sets [][]string
	for _, s := range swaps {
		if slices.Contains(s, p) {
			sets = append(sets, s)
		}
	}
	if len(sets) == 0 {
		if p[0] >= '0' && p[0] <= '9' {
			return []string{"0", "-1", "2147483647", "1.5", "3L", "4000000000", "1m", `"1"`}[r.IntN(8)]
		}
		return p
	}
	set := sets[r.IntN(len(sets))]
	return set[r.IntN(len(set))]
}
