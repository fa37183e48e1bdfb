package jsonschema

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// keywords are how the values of keywords are read. What is not here says nothing about
// values: it is ignored, as JSON Schema has it. (A literal would refer to itself.)
var keywords map[string]func(*builder, string)

func init() {
	keywords = map[string]func(*builder, string){
		"$ref":          (*builder).reference,
		"$dynamicRef":   (*builder).dynamicReference,
		"$recursiveRef": (*builder).recursiveReference,
		"definitions":   (*builder).definitions,
		"$defs":         (*builder).definitions,

		"type":  (*builder).readTypes,
		"enum":  (*builder).readEnum,
		"const": (*builder).readConst,

		"maximum":          func(b *builder, k string) { b.schema.maximum = b.limit(k, "exclusiveMaximum", b.schema.maximum, -1) },
		"minimum":          func(b *builder, k string) { b.schema.minimum = b.limit(k, "exclusiveMinimum", b.schema.minimum, 1) },
		"exclusiveMaximum": func(b *builder, k string) { b.schema.maximum = b.exclusiveLimit(k) },
		"exclusiveMinimum": func(b *builder, k string) { b.schema.minimum = b.exclusiveLimit(k) },
		"multipleOf":       (*builder).readMultipleOf,

		"maxLength":       func(b *builder, k string) { b.schema.maxLength = b.count(k) },
		"minLength":       func(b *builder, k string) { b.schema.minLength = b.count(k) },
		"pattern":         func(b *builder, k string) { b.schema.pattern = b.compilePattern(k, b.text(k)) },
		"format":          func(b *builder, k string) { b.schema.format = b.text(k) },
		"contentEncoding": func(b *builder, k string) { b.schema.contentEncoding = b.text(k) },

		"properties":            (*builder).readProperties,
		"patternProperties":     (*builder).readPatternProperties,
		"additionalProperties":  func(b *builder, k string) { b.schema.additionalProperties = b.sub(k) },
		"unevaluatedProperties": func(b *builder, k string) { b.schema.unevaluatedProps, b.tracks = b.sub(k), true },
		"propertyNames":         func(b *builder, k string) { b.schema.propertyNames = b.sub(k) },
		"required":              (*builder).readRequired,
		"maxProperties":         func(b *builder, k string) { b.schema.maxProperties = b.count(k) },
		"minProperties":         func(b *builder, k string) { b.schema.minProperties = b.count(k) },
		"dependencies":          (*builder).readDependencies,
		"dependentRequired":     (*builder).readDependencies,
		"dependentSchemas":      (*builder).readDependencies,

		"prefixItems":      func(b *builder, k string) { b.schema.prefixItems = b.list(k) },
		"items":            (*builder).readItems,
		"additionalItems":  (*builder).readAdditionalItems,
		"unevaluatedItems": func(b *builder, k string) { b.schema.unevaluatedItems, b.tracks = b.sub(k), true },
		"contains":         func(b *builder, k string) { b.schema.contains = b.sub(k) },
		"minContains":      func(b *builder, k string) { b.schema.minContains = b.count(k) },
		"maxContains":      func(b *builder, k string) { b.schema.maxContains = b.count(k) },
		"uniqueItems":      func(b *builder, k string) { b.schema.uniqueItems = b.truth(k) },
		"maxItems":         func(b *builder, k string) { b.schema.maxItems = b.count(k) },
		"minItems":         func(b *builder, k string) { b.schema.minItems = b.count(k) },

		"allOf": func(b *builder, k string) { b.schema.allOf = b.list(k) },
		"anyOf": func(b *builder, k string) { b.schema.anyOf = b.list(k) },
		"oneOf": func(b *builder, k string) { b.schema.oneOf = b.list(k) },
		"not":   func(b *builder, k string) { b.schema.not = b.sub(k) },
		"if":    func(b *builder, k string) { b.schema.condition = b.sub(k) },
		"then":  func(b *builder, k string) { b.schema.then = b.sub(k) },
		"else":  func(b *builder, k string) { b.schema.otherwise = b.sub(k) },
	}
}

func (b *builder) text(keyword string) string {
	text, ok := b.given[keyword].(string)
	if !ok {
		b.wrong(keyword, "a text")
	}
	return text
}

func (b *builder) truth(keyword string) bool {
	truth, ok := b.given[keyword].(bool)
	if !ok {
		b.wrong(keyword, "true or false")
	}
	return truth
}

// count is a whole number that is not negative.
func (b *builder) count(keyword string) *int {
	if text, ok := b.given[keyword].(json.Number); ok {
		// 2.0 is whole, too.
		if f, err := text.Float64(); err == nil && f >= 0 && f == float64(int32(f)) {
			n := int(f)
			return &n
		}
	}
	b.wrong(keyword, "a whole number from 0 to 2147483647")
	return nil
}

func (b *builder) texts(keyword string, value any) []string {
	list, ok := value.([]any)
	var all []string
	for _, v := range list {
		text, isText := v.(string)
		ok = ok && isText
		all = append(all, text)
	}
	if !ok {
		b.fail(keyword, "%s is a list of texts", keyword)
	}
	return all
}

// list is a list of schemas.
func (b *builder) list(keyword string) []*Schema {
	given, ok := b.given[keyword].([]any)
	if !ok || len(given) == 0 {
		b.fail(keyword, "%s is a list of at least one schema", keyword)
	}
	var all []*Schema
	for i := range given {
		all = append(all, b.sub(keyword+"/"+strconv.Itoa(i)))
	}
	return all
}

// byName are the names of an object's members, in order.
func (b *builder) byName(keyword string) []string {
	given, ok := b.given[keyword].(map[string]any)
	if !ok {
		b.wrong(keyword, "an object")
	}
	return slices.Sorted(maps.Keys(given))
}

// definitions are compiled although nothing may refer to them, so that they are right.
func (b *builder) definitions(keyword string) {
	for _, name := range b.byName(keyword) {
		b.sub(keyword + "/" + escape(name))
	}
}

func (b *builder) readTypes(keyword string) {
	names, ok := b.given[keyword].([]any)
	if !ok {
		names = []any{b.given[keyword]}
	}
	for _, name := range names {
		i := slices.IndexFunc(typeNames, func(t typeName) bool { return t.name == name })
		if i < 0 {
			b.fail(keyword, "%s is no type; they are array, boolean, integer, null, number, object and string", describe(name))
			return
		}
		b.schema.types |= typeNames[i].set
	}
}

func (b *builder) readEnum(keyword string) {
	given, ok := b.given[keyword].([]any)
	if !ok {
		b.wrong(keyword, "a list")
	}
	b.schema.enum = make(map[string]bool) // an empty one takes no value
	for _, v := range given {
		b.schema.enum[nodeOf(v).canonical()] = true
	}
}

func (b *builder) readConst(keyword string) {
	value := nodeOf(b.given[keyword]).canonical()
	b.schema.constant = &value
}

func (b *builder) readMultipleOf(keyword string) {
	n := numberOf(b.given[keyword])
	if n == nil || n.value <= 0 {
		b.wrong(keyword, "a number above 0")
	}
	b.schema.multipleOf = n
}

// limit is a maximum or a minimum beside an exclusive one, which may stand alone: then the
// narrower counts. In draft 4 the exclusive one says only that it is. Sign is 1 where the
// larger is the narrower.
func (b *builder) limit(keyword, exclusive string, other *limit, sign int) *limit {
	n := numberOf(b.given[keyword])
	if n == nil {
		b.wrong(keyword, "a number")
		return nil
	}
	l := &limit{number: *n, exclusive: b.given[exclusive] == true}
	if other != nil && other.compare(n)*sign >= 0 {
		return other
	}
	return l
}

// exclusiveLimit is read before the limit beside it, since keywords are in their order.
func (b *builder) exclusiveLimit(keyword string) *limit {
	if _, truth := b.given[keyword].(bool); truth && b.schema.resource.draft <= draft4 {
		return nil // the limit beside reads it
	}
	n := numberOf(b.given[keyword])
	if n == nil {
		b.wrong(keyword, "a number")
		return nil
	}
	return &limit{number: *n, exclusive: true}
}

func (b *builder) readProperties(keyword string) {
	b.schema.properties = make(map[string]*Schema)
	for _, name := range b.byName(keyword) {
		b.schema.properties[b.fold(name)] = b.sub(keyword + "/" + escape(name))
		// Draft 3 had it there, and so have many that name no draft.
		if child, _ := b.given[keyword].(map[string]any)[name].(map[string]any); child["required"] == true {
			b.schema.required = append(b.schema.required, name)
		}
	}
}

func (b *builder) readPatternProperties(keyword string) {
	for _, text := range b.byName(keyword) {
		p := patternSchema{b.compilePattern(keyword, text), b.sub(keyword + "/" + escape(text))}
		b.schema.patternProperties = append(b.schema.patternProperties, p)
	}
}

func (b *builder) readRequired(keyword string) {
	if _, truth := b.given[keyword].(bool); truth && b.schema.resource.draft == anyDraft {
		return // the object that has the property reads it
	}
	b.schema.required = append(b.schema.required, b.texts(keyword, b.given[keyword])...)
}

func (b *builder) readDependencies(keyword string) {
	given, _ := b.given[keyword].(map[string]any)
	for _, name := range b.byName(keyword) {
		switch _, list := given[name].([]any); {
		case keyword == "dependentRequired" || list && keyword == "dependencies":
			b.schema.dependentRequired = append(b.schema.dependentRequired, dependency{property: name, required: b.texts(keyword, given[name])})
		default:
			b.schema.dependentSchemas = append(b.schema.dependentSchemas, dependency{property: name, schema: b.sub(keyword + "/" + escape(name))})
		}
	}
}

// readItems reads items: a schema, or until draft 2019-09 one for each of the first items.
func (b *builder) readItems(keyword string) {
	if _, list := b.given[keyword].([]any); !list {
		b.schema.items = b.sub(keyword)
		return
	}
	if b.schema.resource.draft == draft2020 {
		b.wrong(keyword, "a schema")
		return
	}
	if len(b.given[keyword].([]any)) > 0 {
		b.schema.prefixItems = b.list(keyword)
	}
}

// readAdditionalItems reads what counts only beside a list of items.
func (b *builder) readAdditionalItems(keyword string) {
	s := b.sub(keyword)
	if _, list := b.given["items"].([]any); list {
		b.schema.items = s
	}
}
