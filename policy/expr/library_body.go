package expr

import (
	"errors"
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// MaxBody is the most bytes of a message's body that an expression reads.
const MaxBody = 10 << 20

var _ = declare("interface IMessageBody", func() []memberDecl {
	return []memberDecl{
		member("T As<T>(bool preserveContent = false)", bodyAs),
		member("IDictionary<string, IList<string>> AsFormUrlEncodedContent(bool preserveContent = false)", bodyAsForm),
	}
})

// bodyReaders are the types that a body can be read as, by name.
var bodyReaders = map[string]func(m *Machine, data []byte) (any, error){
	"System.String": func(_ *Machine, data []byte) (any, error) { return decodedText(data), nil },
	"System.Byte[]": func(_ *Machine, data []byte) (any, error) { return NewBytes(data), nil },
	"Newtonsoft.Json.Linq.JToken": func(_ *Machine, data []byte) (any, error) {
		return jsonBody(newtonsoft.Parse(decodedText(data), newtonsoft.ParseOptions{}))
	},
	"Newtonsoft.Json.Linq.JObject": func(_ *Machine, data []byte) (any, error) {
		return jsonBody(newtonsoft.ParseObject(decodedText(data), newtonsoft.ParseOptions{}))
	},
	"Newtonsoft.Json.Linq.JArray": func(_ *Machine, data []byte) (any, error) {
		return jsonBody(newtonsoft.ParseArray(decodedText(data), newtonsoft.ParseOptions{}))
	},
	"System.Xml.Linq.XNode":     elementBody,
	"System.Xml.Linq.XElement":  elementBody,
	"System.Xml.Linq.XDocument": func(m *Machine, data []byte) (any, error) { return parseXDocument(m, []any{decodedText(data)}) },
}

func elementBody(m *Machine, data []byte) (any, error) {
	return parseXElement(m, []any{decodedText(data)})
}

func decodedText(data []byte) string { return strings.TrimPrefix(string(data), "\uFEFF") }

// jsonBody gives APIM's own message for a body that is no JSON (observed.md 5.1).
func jsonBody[T newtonsoft.Token](t T, err error) (any, error) {
	if err != nil {
		e, _ := Thrown(err)
		return nil, &dotnet.Exception{Type: "Newtonsoft.Json.JsonReaderException", Message: "The message body is not a valid JSON.", Inner: e}
	}
	return t, nil
}

func bodyAs(m *Machine, types []*Type, a []any) (any, error) {
	read := bodyReaders[types[0].String()]
	if read == nil {
		return nil, dotnet.NewException("System.NotSupportedException", "A message body can't be read as "+types[0].String()+".")
	}
	data, err := a[0].(*bodyObject).read(m, a[1].(bool))
	if err != nil {
		return nil, err
	}
	return read(m, data)
}

// read takes the body's bytes; without preserve it is gone for what follows.
func (b *bodyObject) read(m *Machine, preserve bool) ([]byte, error) {
	buffer := b.body.Consume
	if preserve || m.KeepBodies {
		buffer = b.body.Buffer
	}
	limit := m.BodyLimit
	if limit == 0 {
		limit = MaxBody
	}
	data, err := buffer(limit)
	if err == exchange.ErrBodyConsumed {
		return nil, dotnet.InvalidOperation("The message body has been read already: pass preserveContent: true to the read before.")
	}
	if err != nil {
		return nil, err
	}
	// The body goes on as it came; what is read is decoded.
	if coding, _ := b.header.Get("Content-Encoding"); coding != "" && !b.body.Replaced() {
		var tooLarge *exchange.BodyTooLargeError
		if data, err = exchange.Decode(coding, data, limit); err != nil && !errors.As(err, &tooLarge) {
			return nil, dotnet.NewException("System.IO.InvalidDataException", err.Error())
		} else if err != nil {
			return nil, err
		}
	}
	return data, m.Allocate(2 * len(data))
}

func bodyAsForm(m *Machine, a []any) (any, error) {
	data, err := a[0].(*bodyObject).read(m, a[1].(bool))
	if err != nil {
		return nil, err
	}
	form := NewDictionary(basic.string, typeOf("System.Collections.Generic.IList", basic.string))
	for piece := range strings.SplitSeq(string(data), "&") {
		if piece == "" {
			continue
		}
		name, value, _ := strings.Cut(piece, "=")
		if err := addText(m, form, decodeQuery(name), decodeQuery(value)); err != nil {
			return nil, err
		}
	}
	return form, nil
}

// addText adds one more value to the list under a name.
func addText(m *Machine, form *DictionaryObject, name, value string) error {
	list, found, err := form.Get(m, name)
	if err != nil {
		return err
	}
	if !found {
		return form.Add(m, name, NewList(basic.string, []any{value}))
	}
	list.(*ListObject).elems = append(list.(*ListObject).elems, value)
	return m.Allocate(len(value))
}
