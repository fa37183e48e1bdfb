package syntax

// token is a word of the source. White space and comments are between tokens.
type token struct {
	kind       kind
	plain      bool // an identifier without @ and escapes: it may be a contextual keyword
	start, end int32
	value      int32  // of a number: its index in lexer.numbers; of an open bracket: the index of the token that closes it, -1 if none does
	text       string // of an identifier: its name; of a string, character or text: its value in WTF-8; of a number: as written
}

func (t *token) span() Span { return Span{int(t.start), int(t.end)} }

// is reports whether t is that contextual keyword.
func (t *token) is(word string) bool {
	return t.kind == tIdent && t.plain && t.text == word
}

type kind uint8

const (
	tEOF kind = iota
	tBad      // what the lexer has complained of
	tIdent
	tNumber
	tChar
	tString

	tInterpolated    // $" or $@"
	tText            // between holes
	tHole            // {
	tFormat          // : and what follows it, to the end of the hole
	tHoleEnd         // }
	tInterpolatedEnd // "

	tLeftParen
	tRightParen
	tLeftBracket
	tRightBracket
	tLeftBrace
	tRightBrace
	tComma
	tSemicolon
	tColon
	tColonColon
	tDot
	tDotDot
	tQuestion
	tFatArrow
	tArrow
	tBang
	tTilde
	tPlusPlus
	tMinusMinus

	tPlus
	tMinus
	tStar
	tSlash
	tPercent
	tAmp
	tAmpAmp
	tBar
	tBarBar
	tCaret
	tLess
	tLessEqual
	tLessLess
	tGreater // always single: the parser joins >> and >>=
	tGreaterEqual
	tEqualEqual
	tBangEqual
	tQuestionQuestion

	tEqual
	tPlusEqual
	tMinusEqual
	tStarEqual
	tSlashEqual
	tPercentEqual
	tAmpEqual
	tBarEqual
	tCaretEqual
	tLessLessEqual
	tQuestionQuestionEqual

	// Keywords of types.
	kBool
	kByte
	kChar
	kDecimal
	kDouble
	kFloat
	kInt
	kLong
	kObject
	kSByte
	kShort
	kString
	kUInt
	kULong
	kUShort
	kVoid

	// Keywords that the parser knows by name.
	kAs
	kBase
	kBreak
	kCase
	kCatch
	kChecked
	kClass
	kConst
	kContinue
	kDefault
	kDelegate
	kDo
	kElse
	kFalse
	kFinally
	kFixed
	kFor
	kForeach
	kGoto
	kIf
	kIn
	kIs
	kLock
	kNew
	kNull
	kOut
	kParams
	kRef
	kReturn
	kSizeof
	kStackalloc
	kStatic
	kStruct
	kSwitch
	kThis
	kThrow
	kTrue
	kTry
	kTypeof
	kUnchecked
	kUnsafe
	kUsing
	kWhile

	// Keywords of what cannot stand in an expression.
	kOther

	kindCount
)

// isType reports whether k is the keyword of a type.
func (k kind) isType() bool { return k >= kBool && k <= kVoid }

// isKeyword reports whether k is a keyword of any sort.
func (k kind) isKeyword() bool { return k >= kBool && k <= kOther }

var keywords = map[string]kind{
	"bool": kBool, "byte": kByte, "char": kChar, "decimal": kDecimal, "double": kDouble, "float": kFloat, "int": kInt,
	"long": kLong, "object": kObject, "sbyte": kSByte, "short": kShort, "string": kString, "uint": kUInt,
	"ulong": kULong, "ushort": kUShort, "void": kVoid,

	"as": kAs, "base": kBase, "break": kBreak, "case": kCase, "catch": kCatch, "checked": kChecked, "class": kClass,
	"const": kConst, "continue": kContinue, "default": kDefault, "delegate": kDelegate, "do": kDo, "else": kElse,
	"false": kFalse, "finally": kFinally, "fixed": kFixed, "for": kFor, "foreach": kForeach, "goto": kGoto, "if": kIf,
	"in": kIn, "is": kIs, "lock": kLock, "new": kNew, "null": kNull, "out": kOut, "params": kParams, "ref": kRef,
	"return": kReturn, "sizeof": kSizeof, "stackalloc": kStackalloc, "static": kStatic, "struct": kStruct,
	"switch": kSwitch, "this": kThis, "throw": kThrow, "true": kTrue, "try": kTry, "typeof": kTypeof,
	"unchecked": kUnchecked, "unsafe": kUnsafe, "using": kUsing, "while": kWhile,

	"abstract": kOther, "enum": kOther, "event": kOther, "explicit": kOther, "extern": kOther, "implicit": kOther,
	"interface": kOther, "internal": kOther, "namespace": kOther, "operator": kOther, "override": kOther,
	"private": kOther, "protected": kOther, "public": kOther, "readonly": kOther, "sealed": kOther,
	"virtual": kOther, "volatile": kOther,
	"__arglist": kOther, "__makeref": kOther, "__reftype": kOther, "__refvalue": kOther,
}

// longestKeyword bounds what is looked up.
const longestKeyword = len("__refvalue")

// spelling is how the tokens that the parser may ask for are written.
var spelling = [kindCount]string{
	tLeftParen: "(", tRightParen: ")", tLeftBracket: "[", tRightBracket: "]", tLeftBrace: "{", tRightBrace: "}",
	tHole: "{", tHoleEnd: "}", tComma: ",", tSemicolon: ";", tColon: ":", tEqual: "=", tLess: "<", tGreater: ">", tFatArrow: "=>",
	kIn: "in", kWhile: "while",
}
