package newtonsoft

// TokenKind is JsonToken: what a [TextReader] stands at.
type TokenKind = tokenKind

// The tokens that tell the structure of a text.
const (
	StartObject      = startObject
	EndObject        = endObject
	StartArray       = startArray
	EndArray         = endArray
	StartConstructor = startConstructor
	CommentToken     = commentToken
	UndefinedToken   = undefinedToken
)

// TextReader is a JsonTextReader: it gives the tokens of a text one after another, with
// their places, for who wants no tree of them.
type TextReader struct{ r *reader }

// NewTextReader reads a text.
func NewTextReader(text string, o ParseOptions) *TextReader { return &TextReader{newReader(text, o)} }

// Read goes to the next token; false at the end of the text. The error is a
// JsonReaderException.
func (t *TextReader) Read() (bool, error) { return t.r.read() }

// Kind is what the reader stands at.
func (t *TextReader) Kind() TokenKind { return t.r.kind }

// Value is the value of a scalar, as [Value] has it, or the name of a property.
func (t *TextReader) Value() any { return t.r.value }

// Place is right behind the token: the line, from 1, and the offsets of the line's first
// byte and of the place. The characters between them, in units of UTF-16, are LinePosition.
func (t *TextReader) Place() (line, lineStart, at int) { return t.r.line, t.r.lineStart, t.r.at }

// Step is a step of a path: to the property of a name, or to an item if Index is 0 or more.
type Step struct {
	Name  string
	Index int
}

// PathText is a path as [Path] writes it.
func PathText(steps []Step) string {
	var w pathWriter
	for _, s := range steps {
		if s.Index >= 0 {
			w.index(s.Index)
		} else {
			w.name(s.Name)
		}
	}
	return w.String()
}
