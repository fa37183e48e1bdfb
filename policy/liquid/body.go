package liquid

import (
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
	"github.com/apimulator/apimulator/policy/expr/xlinq"
)

// BodyOptions are attributes of set-body. The zero value is what they are where
// they are not written.
type BodyOptions struct {
	// KeepDates is parse-date="false": texts that look like dates stay texts.
	KeepDates bool
	// NilIsNull is xsi-nil="null": an XML element with xsi:nil="true" is nil, not
	// an empty text.
	NilIsNull bool
}

// ForMessage is the scope of a template in a policy document: body is a message's,
// read when the template asks for it and kept for what follows.
func ForMessage(x *exchange.Exchange, body *exchange.Body, header *exchange.Header, o BodyOptions) Scope {
	return Scope{Context: NewContext(x), Body: func(m *expr.Machine) (any, error) {
		text, err := bodyText(m, body)
		if err != nil || text == "" {
			return nil, err
		}
		contentType, _ := header.Get("Content-Type")
		return ReadBody(m, text, contentType, o)
	}}
}

// bodyText is a body as a text, "" if there is none.
func bodyText(m *expr.Machine, body *exchange.Body) (string, error) {
	if !body.Exists() {
		return "", nil
	}
	limit := m.BodyLimit
	if limit == 0 {
		limit = expr.MaxBody
	}
	data, err := body.Buffer(limit)
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(string(data), "\uFEFF"), m.Allocate(len(data))
}

// ReadBody is the value of body for a text of a content type: of JSON
// (application/json, text/json, +json) the tokens, of XML (application/xml,
// text/xml, +xml) an object that has the root element as its member. Of any other
// type, and of a text of white space, it is nil. The error is an exception that
// tells why the text is no JSON or no XML.
func ReadBody(m *expr.Machine, text, contentType string, o BodyOptions) (any, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	if err := m.Allocate(4 * len(text)); err != nil {
		return nil, err
	}
	switch {
	case media == "application/json", media == "text/json", strings.HasSuffix(media, "+json"):
		t, err := newtonsoft.Parse(text, newtonsoft.ParseOptions{KeepDates: o.KeepDates})
		if err != nil {
			return nil, err
		}
		if !o.KeepDates {
			shortDates(t, m.Clock)
		}
		return t, nil
	case media == "application/xml", media == "text/xml", strings.HasSuffix(media, "+xml"):
		d, err := xlinq.ParseDocument(text, 0)
		if err != nil || d.Root() == nil {
			return nil, err
		}
		return &xmlDocument{d.Root(), o.NilIsNull}, nil
	}
	return nil, nil
}

// shortDates makes dates of the texts without seconds, 2012-03-21T05:40Z, which
// the page of set-body names as dates and Newtonsoft.Json leaves alone.
func shortDates(t newtonsoft.Token, clock exchange.Clock) {
	switch t := t.(type) {
	case *newtonsoft.Value:
		s, ok := t.Value().(string)
		if !ok || len(s) < 16 || len(s) > 22 || s[10] != 'T' || s[13] != ':' || strings.Count(s[:16], ":") != 1 || len(s) > 16 && s[16] == ':' {
			return
		}
		if clock == nil {
			clock = exchange.System
		}
		styles := dotnet.DateTimeStylesRoundtripKind
		if zone := s[16:]; zone != "" && zone != "Z" {
			styles = dotnet.DateTimeStylesNone
		}
		if d, err := dotnet.ParseDateTime(s, styles, clock.Now); err == nil {
			t.Set(d)
		}
	case newtonsoft.Container:
		for _, c := range t.Children() {
			shortDates(c, clock)
		}
	}
}
