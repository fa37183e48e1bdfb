package newtonsoft

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// ParseOptions are what JObject.Parse leaves to its callers.
type ParseOptions struct {
	// KeepDates reads texts that look like dates as texts (DateParseHandling
	// None); by default they become dates.
	KeepDates bool
	// Decimals reads numbers with a point as decimals where they are in a decimal's
	// range (FloatParseHandling.Decimal).
	Decimals bool
	// KeepComments makes comments tokens (CommentHandling.Load).
	KeepComments bool
	// Duplicates tells what becomes of a property whose name was there before:
	// "Replace" ("" too), "Ignore" or "Error" (DuplicatePropertyNameHandling).
	Duplicates string
}

// Parse is JToken.Parse: JSON as Newtonsoft.Json reads it. The error is a
// JsonReaderException that says where.
func Parse(text string, o ParseOptions) (Token, error) {
	r := newReader(text, o)
	if more, err := r.read(); err != nil {
		return nil, err
	} else if !more {
		return nil, r.fail("Error reading JToken from JsonReader.")
	}
	t, err := r.load(o)
	if err != nil {
		return nil, err
	}
	return t, r.toEnd()
}

// ParseObject is JObject.Parse.
func ParseObject(text string, o ParseOptions) (*Object, error) {
	t, err := parseContainer(text, o, startObject)
	if err != nil {
		return nil, err
	}
	return t.(*Object), nil
}

// ParseArray is JArray.Parse.
func ParseArray(text string, o ParseOptions) (*Array, error) {
	t, err := parseContainer(text, o, startArray)
	if err != nil {
		return nil, err
	}
	return t.(*Array), nil
}

// ParseConstructor is JConstructor.Load of a text.
func ParseConstructor(text string, o ParseOptions) (*Constructor, error) {
	t, err := parseContainer(text, o, startConstructor)
	if err != nil {
		return nil, err
	}
	return t.(*Constructor), nil
}

var containerNames = map[tokenKind]string{startObject: "JObject", startArray: "JArray", startConstructor: "JConstructor"}

// parseContainer reads a text that begins with that token.
func parseContainer(text string, o ParseOptions, kind tokenKind) (Token, error) {
	r := newReader(text, o)
	more, err := r.read()
	if err != nil {
		return nil, err
	}
	name := containerNames[kind]
	if !more {
		return nil, r.fail("Error reading %s from JsonReader.", name)
	}
	if err := r.skipComments(); err != nil {
		return nil, err
	}
	if r.kind != kind {
		article := "a"
		if kind != startConstructor {
			article = "an"
		}
		return nil, r.fail("Error reading %s from JsonReader. Current JsonReader item is not %s %s: %s.", name, article, strings.ToLower(name[1:]), r.kind)
	}
	t, err := r.load(o)
	if err != nil {
		return nil, err
	}
	return t, r.toEnd()
}

// toEnd reads the rest of the text, where only comments may stand.
func (r *reader) toEnd() error {
	for {
		if more, err := r.read(); !more || err != nil {
			return err
		}
	}
}

// load makes a token of what the reader stands at.
func (r *reader) load(o ParseOptions) (Token, error) {
	root, ok := r.newContainer()
	if !ok {
		if v := r.newValue(); v != nil {
			return v, nil
		}
		return nil, r.fail("Error reading JToken from JsonReader. Unexpected token: %s.", r.kind)
	}
	depth := r.depth()
	more, err := r.read()
	if err != nil {
		return nil, err
	}
	if !more {
		return nil, r.fail("Error reading %s from JsonReader.", ShortName(root))
	}
	if err := r.fill(root, o); err != nil {
		return nil, err
	}
	if r.depth() > depth {
		return nil, r.fail("Unexpected end of content while loading %s.", ShortName(root))
	}
	return root, nil
}

// fill reads the content of root.
func (r *reader) fill(root Container, o ParseOptions) error {
	parent := root
	for {
		if p, ok := parent.(*Property); ok && p.value != nil {
			parent = p.Parent()
		}
		switch r.kind {
		case endObject, endArray, endConstructor:
			if parent == root {
				return nil
			}
			parent = parent.Parent()
		case propertyName:
			p, err := r.property(parent.(*Object), o)
			if err != nil {
				return err
			}
			if p != nil {
				parent = p
			}
		default:
			if c, ok := r.newContainer(); ok {
				put(parent, c)
				parent = c
			} else if v := r.newValue(); v != nil && (v.kind != CommentType || o.KeepComments) {
				if v.kind == CommentType && parent.Type() == ObjectType {
					return dotnet.Argument("Can not add "+v.TypeName()+" to "+parent.TypeName()+".", "")
				}
				put(parent, v)
			}
		}
		if more, err := r.read(); !more || err != nil {
			return err
		}
	}
}

// property readies a property for its value; nil where it is passed over.
func (r *reader) property(o *Object, options ParseOptions) (*Property, error) {
	name := r.value.(string)
	old := o.Property(name)
	p := &Property{name: name}
	switch {
	case old == nil:
		o.add(len(o.properties), p)
	case options.Duplicates == "Ignore":
		return nil, r.skipValue()
	case options.Duplicates == "Error":
		return nil, r.fail("Property with the name '%s' already exists in the current JSON object.", name)
	default:
		old.parent = nil
		p.parent = o
		o.properties[o.find(name)] = p // the last value in the first's place
	}
	return p, nil
}

// skipValue passes over the value of the property that the reader stands at.
func (r *reader) skipValue() error {
	if _, err := r.read(); err != nil || !r.kind.starts() {
		return err
	}
	for depth := r.depth(); ; {
		if more, err := r.read(); !more || err != nil || depth >= r.depth() {
			return err
		}
	}
}

// put adds a token that has just been made to its container.
func put(c Container, t Token) {
	t.setParent(c)
	switch c := c.(type) {
	case *Property:
		c.value = t
	case *Array:
		c.tokens = append(c.tokens, t)
	case *Constructor:
		c.tokens = append(c.tokens, t)
	}
}

func (r *reader) newContainer() (Container, bool) {
	switch r.kind {
	case startObject:
		return NewObject(), true
	case startArray:
		return NewArray(), true
	case startConstructor:
		return &Constructor{Name: r.value.(string)}, true
	}
	return nil, false
}

func (r *reader) newValue() *Value {
	switch r.kind {
	case integerToken, floatToken, stringToken, booleanToken, dateToken:
		return NewValue(r.value)
	case nullToken:
		return Null()
	case undefinedToken:
		return Undefined()
	case commentToken:
		return NewComment(r.value)
	}
	return nil
}
