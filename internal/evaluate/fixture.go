package evaluate

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/expr"
	"github.com/apimulator/apimulator/policy/expr/dotnet"
	"github.com/apimulator/apimulator/policy/expr/newtonsoft"
)

// Fixtures are exchanges by name, as the conformance vectors' fixtures.json has them
// (their README.md describes it).
type Fixtures map[string]*fixture

// ReadFixtures reads fixtures.json.
func ReadFixtures(r io.Reader) (Fixtures, error) {
	var file struct {
		Fixtures Fixtures `json:"fixtures"`
	}
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, fmt.Errorf("the fixtures can't be read: %w", err)
	}
	if file.Fixtures == nil {
		return nil, errors.New("the fixtures can't be read: there is no object \"fixtures\"")
	}
	return file.Fixtures, nil
}

type fixture struct {
	RequestID string    `json:"requestId"`
	Timestamp time.Time `json:"timestamp"`
	Elapsed   string    `json:"elapsed"`
	Request   struct {
		Method            string              `json:"method"`
		URL               string              `json:"url"`
		OriginalURL       string              `json:"originalUrl"`
		IPAddress         string              `json:"ipAddress"`
		Headers           orderedObject[list] `json:"headers"`
		MatchedParameters orderedObject[text] `json:"matchedParameters"`
		Body              *string             `json:"body"`
	} `json:"request"`
	Response  *response                `json:"response"`
	Variables orderedObject[*variable] `json:"variables"`
	API       *struct {
		exchange.API
		ServiceURL string `json:"serviceUrl"`
	} `json:"api"`
	Operation *exchange.Operation `json:"operation"`
	Product   *struct {
		exchange.Product
		State string `json:"state"`
	} `json:"product"`
	Subscription *exchange.Subscription `json:"subscription"`
	User         *exchange.User         `json:"user"`
	Deployment   *exchange.Deployment   `json:"deployment"`
	LastError    *exchange.LastError    `json:"lastError"`
}

type (
	list []string
	text string
)

type response struct {
	StatusCode   int                 `json:"statusCode"`
	StatusReason string              `json:"statusReason"`
	Headers      orderedObject[list] `json:"headers"`
	Body         *string             `json:"body"`
}

type variable struct {
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value"`
}

// orderedObject is a JSON object whose members keep their order.
type orderedObject[T any] []member[T]

type member[T any] struct {
	name  string
	value T
}

// UnmarshalJSON is part of json.Unmarshaler.
func (o *orderedObject[T]) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(strings.NewReader(string(data)))
	if t, err := d.Token(); err != nil || t == nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		m := member[T]{name: fmt.Sprint(name)}
		if err := d.Decode(&m.value); err != nil {
			return err
		}
		*o = append(*o, m)
	}
	return nil
}

// Exchange is part of Exchanger.
func (f *fixture) Exchange() (*exchange.Exchange, error) {
	x := &exchange.Exchange{
		ID: f.RequestID, Timestamp: f.Timestamp, Operation: f.Operation, Subscription: f.Subscription, User: f.User,
		Deployment: f.Deployment, LastError: f.LastError, Response: f.Response.message(),
	}
	elapsed, err := duration(f.Elapsed)
	if err != nil {
		return nil, err
	}
	x.Clock = exchange.NewVirtualClock(f.Timestamp.Add(elapsed))
	r := &x.Request
	r.Method, r.ClientIP = f.Request.Method, f.Request.IPAddress
	if r.URL, err = exchange.ParseURL(f.Request.URL); err != nil {
		return nil, err
	}
	if r.OriginalURL, err = exchange.ParseURL(f.Request.OriginalURL); err != nil {
		return nil, err
	}
	r.Header, r.Body = header(f.Request.Headers), body(f.Request.Body)
	for _, p := range f.Request.MatchedParameters {
		r.MatchedParameters = append(r.MatchedParameters, exchange.Parameter{Name: p.name, Value: string(p.value), Raw: string(p.value)})
	}
	if f.API != nil {
		api := f.API.API
		api.ServiceURL = f.API.ServiceURL
		x.API = &api
	}
	if f.Product != nil {
		product := f.Product.Product
		product.Published = f.Product.State == "Published"
		x.Product = &product
	}
	for _, v := range f.Variables {
		value, err := v.value.decode()
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", v.name, err)
		}
		x.Variables.Set(v.name, value)
	}
	return x, nil
}

func (r *response) message() *exchange.Response {
	if r == nil {
		return nil
	}
	return &exchange.Response{Status: r.StatusCode, Reason: r.StatusReason, Header: header(r.Headers), Body: body(r.Body)}
}

func header(lines orderedObject[list]) exchange.Header {
	var h exchange.Header
	for _, l := range lines {
		for _, value := range l.value {
			h.Add(l.name, value)
		}
	}
	return h
}

func body(text *string) exchange.Body {
	if text == nil {
		return exchange.Body{}
	}
	return exchange.BytesBody([]byte(*text))
}

// duration reads a timespan of the form [d.]hh:mm:ss[.fffffff].
func duration(s string) (time.Duration, error) {
	span, err := dotnet.ParseTimeSpan(s)
	return time.Duration(span) * 100, err
}

func (v *variable) decode() (any, error) {
	switch v.Type {
	case "null":
		return nil, nil
	case "string":
		return decoded[string](v.Value)
	case "int":
		return decoded[int32](v.Value)
	case "long":
		return decoded[int64](v.Value)
	case "double":
		return decoded[float64](v.Value)
	case "bool":
		return decoded[bool](v.Value)
	case "bytes":
		s, err := decoded[string](v.Value)
		if err != nil {
			return nil, err
		}
		data, err := base64.StdEncoding.DecodeString(s)
		return expr.NewBytes(data), err
	case "string[]", "list<string>":
		texts, err := decoded[[]string](v.Value)
		if v.Type == "string[]" {
			return expr.NewStrings(texts), err
		}
		return expr.NewStringList(texts), err
	case "response":
		r, err := decoded[*response](v.Value)
		return expr.NewResponse(r.message()), err
	}
	s, err := decoded[string](v.Value)
	if err != nil {
		return nil, err
	}
	switch v.Type {
	case "jwt":
		return expr.ParseJWT(s), nil
	case "datetime":
		t, err := time.Parse(time.RFC3339Nano, s)
		return dotnet.DateTimeFromTime(t.UTC(), dotnet.KindUtc), err
	case "decimal":
		return dotnet.ParseDecimal(s, dotnet.NumberStylesNumber)
	case "timespan":
		return dotnet.ParseTimeSpan(s)
	case "guid":
		return dotnet.ParseGuid(s)
	case "json":
		return newtonsoft.Parse(s, newtonsoft.ParseOptions{})
	}
	return nil, fmt.Errorf("its type %q is unknown", v.Type)
}

func decoded[T any](data json.RawMessage) (T, error) {
	var v T
	err := json.Unmarshal(data, &v)
	return v, err
}
