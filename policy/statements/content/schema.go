package content

import (
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/apimulator/apimulator/policy/exchange"
)

// schemaKey is a schema and what a <content> changes about it.
type schemaKey struct {
	document   *exchange.SchemaDocument
	pointer    string
	additional additional
	ignoreCase bool
}

// additional is what a <content> says of properties that the schema does not name.
type additional uint8

const (
	asSchemaSays additional = iota
	additionalAllowed
	additionalRefused
)

// schemaCache keeps compiled schemas: at most as many as the service has, four times each.
type schemaCache struct{ compiled sync.Map } // of schemaKey to compiledSchema

type compiledSchema struct {
	schema *jsonschema.Schema
	err    error
}

func newSchemaCache() *schemaCache { return &schemaCache{} }

// get is the schema, compiled when it is first asked for.
func (s *schemaCache) get(key schemaKey) (*jsonschema.Schema, error) {
	if found, ok := s.compiled.Load(key); ok {
		c := found.(compiledSchema)
		return c.schema, c.err
	}
	schema, err := compileSchema(key)
	s.compiled.Store(key, compiledSchema{schema, err})
	return schema, err
}

// schemaName is what the compiler calls the document. It is never fetched.
const schemaName = "schema:document"

func compileSchema(key schemaKey) (*jsonschema.Schema, error) {
	root := key.document.Root
	if key.additional != asSchemaSays || key.ignoreCase {
		root = adapted(root, key)
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(closed{})
	c.UseRegexpEngine(compileRegexp)
	c.AssertFormat()
	if err := c.AddResource(schemaName, root); err != nil {
		return nil, err
	}
	return c.Compile(schemaName + "#" + strings.ReplaceAll(key.pointer, "%", "%25"))
}

// closed loads nothing: a schema that refers elsewhere is refused.
type closed struct{}

func (closed) Load(url string) (any, error) {
	return nil, errors.New("a reference to another document is not followed: " + url)
}

// regexpTime is how long one search may take.
const regexpTime = time.Second

// pattern is a regular expression as .NET reads it.
type pattern struct{ *regexp2.Regexp }

func (p pattern) MatchString(s string) bool {
	ok, err := p.Regexp.MatchString(s)
	return ok && err == nil
}

func compileRegexp(text string) (jsonschema.Regexp, error) {
	r, err := regexp2.Compile(text, regexp2.None)
	if err != nil {
		return nil, err
	}
	r.MatchTimeout = regexpTime
	return pattern{r}, nil
}

// exists reports whether a pointer leads to something in a document.
func exists(root any, pointer string) bool {
	if pointer == "" {
		return true
	}
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch v := root.(type) {
		case map[string]any:
			member, ok := v[strings.NewReplacer("~1", "/", "~0", "~").Replace(name)]
			if !ok {
				return false
			}
			root = member
		case []any:
			i := 0
			for _, digit := range name {
				if digit < '0' || digit > '9' || i > len(v) {
					return false
				}
				i = i*10 + int(digit-'0')
			}
			if name == "" || i >= len(v) {
				return false
			}
			root = v[i]
		default:
			return false
		}
	}
	return true
}
