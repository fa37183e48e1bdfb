package expr

import (
	"strings"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// The types of context (expressions.yaml, context). APIM declares them in no
// namespace that an expression names.

var _ = declare("interface IExpressionContext",
	member("IRequest Request { get; }", func(_ *Machine, a []any) (any, error) { return &a[0].(*contextObject).request, nil }),
	member("IResponse Response { get; }", func(_ *Machine, a []any) (any, error) { return NewResponse(a[0].(*contextObject).x.Response), nil }),
	member("IReadOnlyDictionary<string, object> Variables { get; }", func(_ *Machine, a []any) (any, error) {
		return &a[0].(*contextObject).variables, nil
	}),
	member("IContextApi Api { get; }", func(_ *Machine, a []any) (any, error) { return newEntity(a[0].(*contextObject).x.API), nil }),
	member("IOperation Operation { get; }", func(_ *Machine, a []any) (any, error) { return newEntity(a[0].(*contextObject).x.Operation), nil }),
	member("IProduct Product { get; }", func(_ *Machine, a []any) (any, error) { return newEntity(a[0].(*contextObject).x.Product), nil }),
	member("ISubscription Subscription { get; }", func(_ *Machine, a []any) (any, error) {
		return newEntity(a[0].(*contextObject).x.Subscription), nil
	}),
	member("IUser User { get; }", func(_ *Machine, a []any) (any, error) { return newEntity(a[0].(*contextObject).x.User), nil }),
	member("IDeployment Deployment { get; }", func(_ *Machine, a []any) (any, error) {
		return newEntity(a[0].(*contextObject).x.Deployment), nil
	}),
	member("ILastError LastError { get; }", func(_ *Machine, a []any) (any, error) { return newEntity(a[0].(*contextObject).x.LastError), nil }),
	member("Guid RequestId { get; }", func(_ *Machine, a []any) (any, error) { return dotnet.ParseGuid(a[0].(*contextObject).x.ID) }),
	member("DateTime Timestamp { get; }", func(_ *Machine, a []any) (any, error) { return dateTime(a[0].(*contextObject).x.Timestamp), nil }),
	member("TimeSpan Elapsed { get; }", func(_ *Machine, a []any) (any, error) {
		x := a[0].(*contextObject).x
		return dotnet.TimeSpan(x.Clock.Now().Sub(x.Timestamp).Nanoseconds() / 100), nil
	}),
	member("bool Tracing { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*contextObject).x.Observed(), nil }),
	member("void Trace(string message)", func(_ *Machine, a []any) (any, error) {
		a[0].(*contextObject).x.Note("trace", text(a[1]))
		return nil, nil
	}),
)

var _ = declare("interface IRequest",
	member("string Method { get; }", func(_ *Machine, a []any) (any, error) { return requestOf(a).Method, nil }),
	member("IUrl Url { get; }", func(_ *Machine, a []any) (any, error) { return &urlObject{u: requestOf(a).URL}, nil }),
	member("IUrl OriginalUrl { get; }", func(_ *Machine, a []any) (any, error) { return &urlObject{u: requestOf(a).OriginalURL}, nil }),
	member("IReadOnlyDictionary<string, string[]> Headers { get; }", func(_ *Machine, a []any) (any, error) {
		return &a[0].(*requestObject).c.requestHeaders, nil
	}),
	member("IMessageBody Body { get; }", func(_ *Machine, a []any) (any, error) { return bodyOf(&requestOf(a).Body), nil }),
	member("string IpAddress { get; }", func(_ *Machine, a []any) (any, error) { return requestOf(a).ClientIP, nil }),
	member("IReadOnlyDictionary<string, string> MatchedParameters { get; }", func(_ *Machine, a []any) (any, error) {
		l := &listed{typ: dictionaryOf(basic.string)}
		for _, p := range requestOf(a).MatchedParameters {
			l.names, l.values = append(l.names, p.Name), append(l.values, p.Value)
		}
		return l, nil
	}),
)

func requestOf(a []any) *exchange.Request { return &a[0].(*requestObject).c.x.Request }

func bodyOf(b *exchange.Body) any {
	if !b.Exists() {
		return nil
	}
	return &bodyObject{b}
}

var _ = declare("interface IResponse",
	member("int StatusCode { get; }", func(_ *Machine, a []any) (any, error) { return int32(a[0].(*responseObject).r.Status), nil }),
	member("string StatusReason { get; }", func(_ *Machine, a []any) (any, error) { return a[0].(*responseObject).r.Reason, nil }),
	member("IReadOnlyDictionary<string, string[]> Headers { get; }", func(_ *Machine, a []any) (any, error) { return &a[0].(*responseObject).headers, nil }),
	member("IMessageBody Body { get; }", func(_ *Machine, a []any) (any, error) { return bodyOf(&a[0].(*responseObject).r.Body), nil }),
)

var _ = declare("interface IUrl",
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
)

// GetValueOrDefault of headers, queries and claims joins several values by
// commas; that of variables gives the default where the value is of another type.
var _ = declare("static class ContextExtensions",
	member("static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> dictionary, string name)", joinedOrDefault),
	member("static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> dictionary, string name, string defaultValue)", joinedOrDefault),
	member("static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> dictionary, string variableName)", variableOrDefault),
	member("static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> dictionary, string variableName, T defaultValue)", variableOrDefault),
)

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
