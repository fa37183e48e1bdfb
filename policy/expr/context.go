package expr

import (
	"net/url"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// NewContext is the value of `context` for an exchange.
func NewContext(x *exchange.Exchange) any {
	c := &contextObject{x: x}
	c.request.c, c.variables.c = c, c
	c.requestHeaders.header = &x.Request.Header
	return c
}

// contextObject is context. Its parts are made with it, so that reading one
// makes nothing.
type contextObject struct {
	x              *exchange.Exchange
	request        requestObject
	requestHeaders headerMapping
	variables      variableMapping
	response       *responseObject // of the response that was read last
}

// currentResponse is the response as it is now; null while there is none.
func (c *contextObject) currentResponse() any {
	r := c.x.Response
	if r == nil {
		return nil
	}
	if c.response == nil || c.response.r != r {
		c.response = &responseObject{r: r}
		c.response.headers.header = &r.Header
	}
	return c.response
}

// DotnetType is part of Object.
func (*contextObject) DotnetType() *Type { return typeOf("IExpressionContext") }

type requestObject struct{ c *contextObject }

// DotnetType is part of Object.
func (*requestObject) DotnetType() *Type { return typeOf("IRequest") }

// responseObject is context.Response, or what send-request leaves in a variable.
type responseObject struct {
	r       *exchange.Response
	headers headerMapping
}

// NewResponse is an IResponse.
func NewResponse(r *exchange.Response) any {
	if r == nil {
		return nil
	}
	o := &responseObject{r: r}
	o.headers.header = &r.Header
	return o
}

// DotnetType is part of Object.
func (*responseObject) DotnetType() *Type { return typeOf("IResponse") }

// bodyObject is an IMessageBody.
type bodyObject struct {
	body   *exchange.Body
	header *exchange.Header
}

// DotnetType is part of Object.
func (*bodyObject) DotnetType() *Type { return typeOf("IMessageBody") }

// headerMapping is the headers of a message: each name once, whatever its case,
// with its values in order.
type headerMapping struct{ header *exchange.Header }

// DotnetType is part of Object.
func (*headerMapping) DotnetType() *Type { return dictionaryOf(arrayOf(basic.string, 1)) }

// Lookup is part of Mapping.
func (h *headerMapping) Lookup(_ *Machine, key any) (any, bool, error) {
	name, _ := key.(string)
	values := h.header.Values(name)
	if len(values) == 0 {
		return nil, false, nil
	}
	return texts(values), true, nil
}

// Len is part of Mapping.
func (h *headerMapping) Len() int { return h.list().Len() }

// Pair is part of Mapping.
func (h *headerMapping) Pair(i int) (any, any) { return h.list().Pair(i) }

func (h *headerMapping) list() *listed {
	l := &listed{}
	for name, value := range h.header.All() {
		l.add(name, value)
	}
	return l
}

// joined is the values of a header joined by commas; it makes nothing where
// there is one.
func (h *headerMapping) joined(name string) (string, bool) {
	return h.header.Joined(name, ",")
}

// variableMapping is context.Variables.
type variableMapping struct{ c *contextObject }

// DotnetType is part of Object.
func (*variableMapping) DotnetType() *Type { return dictionaryOf(basic.object) }

// Lookup is part of Mapping.
func (v *variableMapping) Lookup(_ *Machine, key any) (any, bool, error) {
	name, _ := key.(string)
	value, found := v.c.x.Variables.Get(name)
	return shown(value), found, nil
}

// shown is a variable's value as an expression sees it: statements put views there.
func shown(value any) any {
	switch v := value.(type) {
	case *exchange.JWT:
		return newEntity(v)
	case *exchange.Authorization:
		return newEntity(v)
	case *exchange.Response:
		return NewResponse(v)
	}
	return value
}

// Len is part of Mapping.
func (v *variableMapping) Len() int { return v.c.x.Variables.Len() }

// Pair is part of Mapping.
func (v *variableMapping) Pair(i int) (any, any) {
	n := 0
	for name, value := range v.c.x.Variables.All() {
		if n == i {
			return name, shown(value)
		}
		n++
	}
	return nil, nil
}

// urlObject is an IUrl.
type urlObject struct {
	u     exchange.URL
	query *listed // made when it is first read
}

// DotnetType is part of Object.
func (*urlObject) DotnetType() *Type { return typeOf("IUrl") }

// ToString is part of Texter.
func (o *urlObject) ToString(*Machine) (string, error) { return o.u.String(), nil }

func (o *urlObject) parameters() *listed {
	if o.query != nil {
		return o.query
	}
	o.query = &listed{typ: dictionaryOf(arrayOf(basic.string, 1)), fold: true}
	for piece := range strings.SplitSeq(o.u.RawQuery, "&") {
		if piece == "" {
			continue
		}
		name, value, _ := strings.Cut(piece, "=")
		o.query.add(decodeQuery(name), decodeQuery(value))
	}
	return o.query
}

func decodeQuery(s string) string {
	if d, err := url.QueryUnescape(s); err == nil {
		return d
	}
	return s
}

// dateTime is a time as a DateTime in UTC.
func dateTime(t time.Time) dotnet.DateTime { return dotnet.DateTimeFromTime(t.UTC(), dotnet.KindUtc) }

// date is a time that may be missing.
func date(t *time.Time) any {
	if t == nil {
		return nil
	}
	return dateTime(*t)
}
