package yamlfile

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/policy"
)

// Decoder puts YAML into Go values by their yaml tags, as the YAML library does,
// but strictly, and it tells everything that is wrong at once: unknown keys,
// repeated keys, values of another kind. Lists and maps replace what the value
// held, structs are filled in. A key without a value counts as absent; to an
// optional member, a pointer, it says that there is none.
type Decoder struct {
	// File is how messages call the file.
	File string
	// Found is everything that is wrong.
	Found policy.Diagnostics
}

// Fail notes a mistake.
func (d *Decoder) Fail(at Place, format string, args ...any) {
	d.Found = append(d.Found, at.Fault(d.File, format, args...))
}

// Placed values want to know where they stand.
type Placed interface{ SetPlace(Place) }

// SelfDecoding values decode themselves.
type SelfDecoding interface {
	DecodeYAML(d *Decoder, node ast.Node)
}

// Into decodes a node into what target points to.
func (d *Decoder) Into(node ast.Node, target any) { d.decode(node, reflect.ValueOf(target).Elem()) }

func (d *Decoder) decode(node ast.Node, v reflect.Value) {
	target := v.Addr().Interface()
	if p, ok := target.(Placed); ok {
		p.SetPlace(PlaceOf(node))
	}
	if node.Type() == ast.NullType {
		if v.Kind() == reflect.Pointer {
			v.SetZero()
		}
		return
	}
	switch t := target.(type) {
	case SelfDecoding:
		t.DecodeYAML(d, node)
		return
	case encoding.TextUnmarshaler: // time.Time, which is a struct too
		d.scalar(node, v)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.fields(node, v)
	case reflect.Map:
		d.entries(node, v)
	case reflect.Slice:
		d.list(node, v)
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.decode(node, v.Elem())
	case reflect.Interface:
		d.anything(node, v)
	default:
		d.scalar(node, v)
	}
}

// fields decodes a mapping into a struct.
func (d *Decoder) fields(node ast.Node, v reflect.Value) {
	mapping, ok := node.(*ast.MappingNode)
	known := keysOf(v.Type())
	if !ok {
		d.Fail(PlaceOf(node), "a mapping with %s is wanted here, not %s", strings.Join(names(known), ", "), Describe(node))
		return
	}
	d.eachKey(mapping, func(key string, entry *ast.MappingValueNode) {
		i := slices.IndexFunc(known, func(k structKey) bool { return k.name == key })
		if i < 0 {
			d.Fail(PlaceOf(entry.Key), "there is no key %q here; there are %s", key, strings.Join(names(known), ", "))
			return
		}
		d.decode(entry.Value, v.Field(known[i].index))
	})
}

func (d *Decoder) entries(node ast.Node, v reflect.Value) {
	mapping, ok := node.(*ast.MappingNode)
	if !ok {
		d.Fail(PlaceOf(node), "a mapping is wanted here, not %s", Describe(node))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	d.eachKey(mapping, func(key string, entry *ast.MappingValueNode) {
		value := reflect.New(v.Type().Elem()).Elem()
		d.decode(entry.Value, value)
		v.SetMapIndex(reflect.ValueOf(key), value)
	})
}

func (d *Decoder) eachKey(mapping *ast.MappingNode, f func(key string, entry *ast.MappingValueNode)) {
	seen := make(map[string]bool)
	for _, entry := range mapping.Values {
		key := ScalarText(entry.Key)
		if seen[key] {
			d.Fail(PlaceOf(entry.Key), "the key %q stands here for the second time", key)
			continue
		}
		seen[key] = true
		f(key, entry)
	}
}

func (d *Decoder) list(node ast.Node, v reflect.Value) {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		d.Fail(PlaceOf(node), "a list is wanted here, not %s", Describe(node))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(sequence.Values), len(sequence.Values)))
	for i, item := range sequence.Values {
		d.decode(item, v.Index(i))
	}
}

// anything decodes into an any: maps by text, lists, and scalars as the library
// takes them.
func (d *Decoder) anything(node ast.Node, v reflect.Value) {
	var value reflect.Value
	switch node.(type) {
	case *ast.MappingNode:
		value = reflect.New(reflect.TypeFor[map[string]any]()).Elem()
		d.entries(node, value)
	case *ast.SequenceNode:
		value = reflect.New(reflect.TypeFor[[]any]()).Elem()
		d.list(node, value)
	default:
		d.scalar(node, v)
		return
	}
	v.Set(value)
}

func (d *Decoder) scalar(node ast.Node, v reflect.Value) {
	if _, ok := node.(ast.ScalarNode); !ok || !setScalar(node, v) {
		d.Fail(PlaceOf(node), "%s is wanted here, not %s", wanted(v.Type()), Describe(node))
	}
}

// setScalar reports whether the scalar is of v's kind. The library would take
// 1.5 for an int.
func setScalar(node ast.Node, v reflect.Value) bool {
	written := ScalarText(node)
	var err error
	switch target := v.Addr().Interface().(type) {
	case encoding.TextUnmarshaler:
		return target.UnmarshalText([]byte(written)) == nil
	case *time.Duration:
		*target, err = time.ParseDuration(written)
		return err == nil
	}
	switch kind := node.Type(); v.Kind() {
	case reflect.Bool:
		v.SetBool(written == "true")
		return kind == ast.BoolType
	case reflect.String:
		v.SetString(written)
	case reflect.Int:
		n, err := strconv.Atoi(written)
		v.SetInt(int64(n))
		return err == nil && kind == ast.IntegerType
	case reflect.Float64:
		f, err := strconv.ParseFloat(written, 64)
		v.SetFloat(f)
		return err == nil && (kind == ast.IntegerType || kind == ast.FloatType)
	case reflect.Interface:
		return yaml.NodeToValue(node, v.Addr().Interface()) == nil
	default:
		panic("yamlfile: no file has a " + v.Kind().String())
	}
	return true
}

func wanted(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Duration]():
		return "a duration, such as 90s or 1h30m,"
	case reflect.TypeFor[time.Time]():
		return "a time, such as 2030-01-31T12:00:00Z,"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Float64:
		return "a number"
	}
	return "a whole number"
}

// ScalarText is a scalar as it was written, quotes resolved: 1.10 stays 1.10.
func ScalarText(node ast.Node) string {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	}
	return node.GetToken().Value
}

// structKey is a key that a struct takes.
type structKey struct {
	name  string
	index int // of the field
}

func keysOf(t reflect.Type) []structKey {
	var keys []structKey
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "" && name != "-" {
			keys = append(keys, structKey{name, i})
		}
	}
	return keys
}

func names(keys []structKey) []string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = k.name
	}
	return list
}

// Report is everything that was found, in the order of the files; nil if nothing
// was. A list too long to be read is cut.
func Report(found policy.Diagnostics, remark string) error {
	if len(found) == 0 {
		return nil
	}
	const most = 100
	found.Sort()
	found = slices.Compact(found)
	if more := len(found) - most; more > 0 {
		found, remark = found[:most], fmt.Sprintf("\n(and %d more)", more)+remark
	}
	return fmt.Errorf("%w%s", found, remark)
}
