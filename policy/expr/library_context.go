package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// The types of context (expressions.yaml, context). APIM declares them in no
// namespace that an expression names.

var _ = declare("interface IExpressionContext", func() []memberDecl {
	return []memberDecl{
		contextProperty("IRequest Request", func(c *contextObject) any { return &c.request }),
		contextProperty("IResponse Response", func(c *contextObject) any { return c.currentResponse() }),
		contextProperty("IReadOnlyDictionary<string, object> Variables", func(c *contextObject) any { return &c.variables }),
		contextProperty("IContextApi Api", func(c *contextObject) any { return newEntity(c.x.API) }),
		contextProperty("IOperation Operation", func(c *contextObject) any { return newEntity(c.x.Operation) }),
		contextProperty("IProduct Product", func(c *contextObject) any { return newEntity(c.x.Product) }),
		contextProperty("ISubscription Subscription", func(c *contextObject) any { return newEntity(c.x.Subscription) }),
		contextProperty("IUser User", func(c *contextObject) any { return newEntity(c.x.User) }),
		contextProperty("IDeployment Deployment", func(c *contextObject) any { return newEntity(c.x.Deployment) }),
		contextProperty("ILastError LastError", func(c *contextObject) any { return newEntity(c.x.LastError) }),
		member("Guid RequestId { get; }", func(_ *Machine, a []any) (any, error) { return dotnet.ParseGuid(a[0].(*contextObject).x.ID) }),
		member("DateTime Timestamp { get; }", func(_ *Machine, a []any) (any, error) { return dateTime(a[0].(*contextObject).x.Timestamp), nil }),
		member("TimeSpan Elapsed { get; }", func(_ *Machine, a []any) (any, error) {
			x := a[0].(*contextObject).x
			return dotnet.TimeSpan(x.Clock.Now().Sub(x.Timestamp).Nanoseconds() / 100), nil
		}),
		member("bool Tracing { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*contextObject).x.Tracing, nil }),
		member("void Trace(string message)", func(_ *Machine, a []any) (any, error) {
			a[0].(*contextObject).x.Note("trace", text(a[1]))
			return nil, nil
		}),
	}
})

var _ = declare("interface IRequest", func() []memberDecl {
	return []memberDecl{
		contextProperty("string Method", func(r *requestObject) any { return r.c.x.Request.Method }),
		contextProperty("IUrl Url", func(r *requestObject) any { return &urlObject{u: r.c.x.Request.URL} }),
		contextProperty("IUrl OriginalUrl", func(r *requestObject) any { return &urlObject{u: r.c.x.Request.OriginalURL} }),
		contextProperty("IReadOnlyDictionary<string, string[]> Headers", func(r *requestObject) any { return &r.c.requestHeaders }),
		contextProperty("IMessageBody Body", func(r *requestObject) any { return bodyOf(&r.c.x.Request.Body, &r.c.x.Request.Header) }),
		contextProperty("IPrivateEndpointConnection PrivateEndpointConnection", func(r *requestObject) any { return newEntity(r.c.x.Request.PrivateEndpoint) }),
		contextProperty("IAzureVnetInfo AzureVnetInfo", func(r *requestObject) any { return newEntity(r.c.x.Request.Vnet) }),
		contextProperty("string IpAddress", func(r *requestObject) any { return r.c.x.Request.ClientIP }),
		member("IReadOnlyDictionary<string, string> MatchedParameters { get; }", func(_ *Machine, a []any) (any, error) {
			l := &listed{typ: dictionaryOf(basic.string)}
			for _, p := range requestOf(a).MatchedParameters {
				l.names, l.values = append(l.names, p.Name), append(l.values, p.Value)
			}
			return l, nil
		}),
	}
})

func requestOf(a []any) *exchange.Request { return &a[0].(*requestObject).c.x.Request }

func bodyOf(b *exchange.Body, h *exchange.Header) any {
	if !b.Exists() {
		return nil
	}
	return &bodyObject{b, h}
}

var _ = declare("interface IResponse", func() []memberDecl {
	return []memberDecl{
		contextProperty("int StatusCode", func(o *responseObject) any { return int32(o.r.Status) }),
		contextProperty("string StatusReason", func(o *responseObject) any { return o.r.Reason }),
		contextProperty("IReadOnlyDictionary<string, string[]> Headers", func(o *responseObject) any { return &o.headers }),
		contextProperty("IMessageBody Body", func(o *responseObject) any { return bodyOf(&o.r.Body, &o.r.Header) }),
	}
})

var _ = declare("interface IUrl", func() []memberDecl {
	return []memberDecl{
		member("string Scheme { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*urlObject).u.Scheme, nil }),
		member("string Host { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*urlObject).u.Host, nil }),
		member("int Port { get; }", func(_ *Machine, a []any) (any, error) { return int32(a[0].(*urlObject).u.Port), nil }),
		member("string Path { get; }", func(_ *Machine, a []any) (any, error) {
			if path := a[0].(*urlObject).u.Path; path != "" {
				return path, nil
			}
			return "/", nil
		}),
		member("IReadOnlyDictionary<string, string[]> Query { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*urlObject).parameters(), nil }),
		member("string QueryString { get; }", func(_ *Machine, a []any) (any, error) {
			if q := a[0].(*urlObject).u.RawQuery; q != "" {
				return "?" + q, nil
			}
			return "", nil
		}),
	}
})

// GetValueOrDefault of headers, queries and claims joins several values by
// commas; that of variables gives the default where the value is of another type.
var _ = declare("static class ContextExtensions", func() []memberDecl {
	return []memberDecl{
		member("static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> dictionary, string name)", joinedOrDefault).directly(directText(headerText)),
		member("static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> dictionary, string name, string defaultValue)", joinedOrDefault).directly(directText(headerText)),
		member("static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> dictionary, string variableName)", variableOrDefault).directly(directValue(variableNamed)),
		member("static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> dictionary, string variableName, T defaultValue)", variableOrDefault).directly(directValue(variableNamed)),
	}
})

// headerText is the joined values of a header.
func headerText(receiver any, name string) (value string, found, known bool) {
	h, known := receiver.(*headerMapping)
	if !known {
		return "", false, false
	}
	value, found = h.joined(name)
	return value, found, true
}

// variableNamed is a variable's value.
func variableNamed(receiver any, name string) (value any, found, known bool) {
	v, known := receiver.(*variableMapping)
	if !known {
		return nil, false, false
	}
	value, found = v.c.x.Variables.Get(name)
	return shown(value), found, true
}

// entryNamed is what ContainsKey and the indexers of the context ask for: a
// variable, or whether a header is there.
func entryNamed(receiver any, name string) (value any, found, known bool) {
	if h, ok := receiver.(*headerMapping); ok && !h.header.Has(name) {
		return nil, false, true
	}
	return variableNamed(receiver, name)
}

func joinedOrDefault(m *Machine, a []any) (any, error) {
	var otherwise any
	if len(a) > 2 {
		otherwise = a[2]
	}
	if h, ok := a[0].(*headerMapping); ok {
		if s, found := h.joined(text(a[1])); found {
			return s, nil
		}
		return otherwise, nil
	}
	if a[1] == nil {
		return nil, dotnet.ArgumentNull("key")
	}
	v, found, err := valueUnder(m, a[0], a[1])
	if err != nil || !found {
		return otherwise, err
	}
	values, ok := v.(*ArrayObject)
	if !ok {
		return nil, dotnet.ArgumentNull("value")
	}
	joined := make([]string, len(values.elems))
	for i, e := range values.elems {
		joined[i] = text(e)
	}
	return strings.Join(joined, ","), nil
}

// valueUnder is TryGetValue of a dictionary of context or of any other.
func valueUnder(m *Machine, dictionary, key any) (value any, found bool, err error) {
	if dictionary == nil {
		return nil, false, dotnet.NullReference()
	}
	if mapping, ok := dictionary.(Mapping); ok {
		return mapping.Lookup(m, key)
	}
	out := &Ref{}
	is, err := tryGetValue(m, []any{dictionary, key, out})
	if err != nil {
		return nil, false, err
	}
	return out.Value, is.(bool), nil
}

func variableOrDefault(m *Machine, types []*Type, a []any) (any, error) {
	otherwise := zeroOf(types[0])
	if len(a) > 2 {
		otherwise = a[2]
	}
	v, found, err := valueUnder(m, a[0], a[1])
	if err != nil || !found || v == nil || !isInstance(v, types[0]) {
		return otherwise, err
	}
	return v, nil
}
