package dotnet

import "strconv"

// RegexOptions is System.Text.RegularExpressions.RegexOptions. Compiled and
// CultureInvariant make no difference here.
type RegexOptions int32

// The options.
const (
	RegexIgnoreCase       RegexOptions = 0x1
	RegexMultiline        RegexOptions = 0x2
	RegexExplicitCapture  RegexOptions = 0x4
	RegexCompiled         RegexOptions = 0x8
	RegexSingleline       RegexOptions = 0x10
	RegexIgnoreWhitespace RegexOptions = 0x20
	RegexRightToLeft      RegexOptions = 0x40
	RegexECMAScript       RegexOptions = 0x100
	RegexCultureInvariant RegexOptions = 0x200

	regexAllOptions = 0x3FF
	// regexInner are the options that the engine knows.
	regexInner = RegexIgnoreCase | RegexMultiline | RegexExplicitCapture | RegexSingleline | RegexIgnoreWhitespace |
		RegexRightToLeft | RegexECMAScript
)

// check tells of options that there are not, or that don't go together.
func (o RegexOptions) check() error {
	const withECMAScript = RegexECMAScript | RegexIgnoreCase | RegexMultiline | RegexCompiled | RegexCultureInvariant
	if o < 0 || o > regexAllOptions || o&RegexECMAScript != 0 && o&^withECMAScript != 0 {
		return ArgumentOutOfRange("options", outOfRange)
	}
	return nil
}

// inlineOption is the option of a letter in (?imnsx-imnsx).
func inlineOption(c rune) RegexOptions {
	switch c {
	case 'i', 'I':
		return RegexIgnoreCase
	case 'm', 'M':
		return RegexMultiline
	case 'n', 'N':
		return RegexExplicitCapture
	case 's', 'S':
		return RegexSingleline
	case 'x', 'X':
		return RegexIgnoreWhitespace
	}
	return 0
}

// regexError is what .NET says of a pattern: a kind of ArgumentException.
func regexError(pattern string, offset int, message string) error {
	return NewException("System.Text.RegularExpressions.RegexParseException",
		"Invalid pattern '"+pattern+"' at offset "+strconv.Itoa(offset)+". "+message)
}

// readOptions reads imnsx-imnsx up to what is no option.
func (r *regexReader) readOptions() {
	for off := false; r.left() > 0; r.pos++ {
		switch c := r.peek(0); c {
		case '-':
			off = true
		case '+':
			off = false
		default:
			option := inlineOption(c)
			r.folds = r.folds || option == RegexIgnoreCase
			switch {
			case option == 0:
				return
			case off:
				r.options &^= option
			default:
				r.options |= option
			}
		}
	}
}
