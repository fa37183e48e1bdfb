package testrun

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/service"
	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
)

// requestConfig is a request as it is written.
type requestConfig struct {
	yamlfile.Place
	Method            yamlfile.Text  `yaml:"method"`
	URL               yamlfile.Text  `yaml:"url"`
	Headers           lines          `yaml:"headers"`
	Query             lines          `yaml:"query"`
	Body              *yamlfile.Text `yaml:"body"`
	JSON              rawNode        `yaml:"json"`
	Form              lines          `yaml:"form"`
	File              yamlfile.Text  `yaml:"file"`
	Token             *tokenConfig   `yaml:"token"`
	Key               yamlfile.Text  `yaml:"key"`
	ClientAddress     yamlfile.Text  `yaml:"clientAddress"`
	ClientCertificate yamlfile.Text  `yaml:"clientCertificate"`
}

// tokenConfig is a token to send: a text as it is, or what to mint.
type tokenConfig struct {
	yamlfile.Place
	text string // as it is

	Tenant       yamlfile.Text  `yaml:"tenant"`
	User         yamlfile.Text  `yaml:"user"`
	App          yamlfile.Text  `yaml:"app"`
	Audience     yamlfile.Text  `yaml:"audience"`
	Scope        yamlfile.Text  `yaml:"scope"`
	Roles        []string       `yaml:"roles"`
	Version      int            `yaml:"version"`
	Claims       map[string]any `yaml:"claims"`
	RemoveClaims []string       `yaml:"removeClaims"`
	Lifetime     time.Duration  `yaml:"lifetime"`
	Fault        yamlfile.Text  `yaml:"fault"`
	// Issuer is the issuer of the token, if that is not Entra ID.
	Issuer yamlfile.Text `yaml:"issuer"`
	// Header and Query are where it is sent, if not in Authorization.
	Header yamlfile.Text `yaml:"header"`
	Query  yamlfile.Text `yaml:"query"`
}

// DecodeYAML is part of yamlfile.SelfDecoding.
func (t *tokenConfig) DecodeYAML(d *yamlfile.Decoder, node ast.Node) {
	type mapping tokenConfig // which does not decode itself
	if isScalar(node) {
		t.text = yamlfile.ScalarText(node)
		return
	}
	d.Into(node, (*mapping)(t))
}

// The address of the gateway and of the client, where a request does not say.
const (
	gatewayHost   = "apimulator.azure-api.net"
	clientAddress = "203.0.113.1"
	// noAddress says that the client's address is not known.
	noAddress = "none"
)

// exchange makes what goes into the gateway.
func (r *requestConfig) exchange(w *World, f *File) (*exchange.Exchange, error) {
	x := w.NewExchange()
	q := &x.Request
	body := content{r.Body, r.JSON.node, r.Form, r.File}
	if body.given() > 1 {
		return nil, r.Place.Fault(f.Path, "a request has one of body, json, form and file")
	}
	data, contentType, err := body.bytes(f)
	if err != nil {
		return nil, err
	}
	if q.Method = strings.ToUpper(r.Method.Value); q.Method == "" {
		q.Method = map[bool]string{true: "POST", false: "GET"}[body.given() > 0]
	}
	if q.OriginalURL, err = requestURL(r.URL.Value); err != nil {
		return nil, r.URL.Or(r.Place).Fault(f.Path, "url: %s", err)
	}
	for _, l := range r.Query {
		q.OriginalURL.RawQuery = exchange.QueryAppend(q.OriginalURL.RawQuery, l.name, l.values...)
	}
	q.Header.Add("Host", q.OriginalURL.Authority())
	for _, l := range r.Headers {
		for _, v := range l.values {
			if strings.EqualFold(l.name, "Host") {
				q.Header.Set("Host", v)
				continue
			}
			q.Header.Add(l.name, strings.Trim(v, " \t")) // as a server reads it
		}
	}
	if contentType != "" && !q.Header.Has("Content-Type") {
		q.Header.Add("Content-Type", contentType)
	}
	if body.given() > 0 {
		q.Body = bodyOf(data)
		if !q.Header.Has("Content-Length") {
			q.Header.Add("Content-Length", fmt.Sprint(len(data)))
		}
	}
	if err := r.addCredentials(w, f, x); err != nil {
		return nil, err
	}
	q.URL = q.OriginalURL
	return x, nil
}

// requestURL is where a request goes: a path at the gateway, or an address.
func requestURL(written string) (exchange.URL, error) {
	if written == "" {
		written = "/"
	}
	if strings.HasPrefix(written, "/") {
		written = "https://" + gatewayHost + written
	}
	return exchange.ParseURL(written)
}

// addCredentials adds who the client is: token, key, address and certificate.
func (r *requestConfig) addCredentials(w *World, f *File, x *exchange.Exchange) error {
	q := &x.Request
	if r.Token != nil {
		if err := r.Token.add(w, f, q); err != nil {
			return err
		}
	}
	if r.Key.Value != "" {
		key, ok := w.subject.key(r.Key.Value)
		if !ok {
			return r.Key.Place.Fault(f.Path, "the service has no subscription %q with a key%s", r.Key.Value, thereAre(w.subject.subscriptions()))
		}
		w.hide(key)
		q.Header.Set(w.subject.keyHeader(q.OriginalURL.Path), key)
	}
	if q.ClientIP = r.ClientAddress.Value; q.ClientIP == "" {
		q.ClientIP = clientAddress
	} else if q.ClientIP == noAddress {
		q.ClientIP = ""
	} else if _, err := netip.ParseAddr(q.ClientIP); err != nil {
		return r.ClientAddress.Place.Fault(f.Path, "clientAddress: %q is no IP address", q.ClientIP)
	}
	if file := r.ClientCertificate; file.Value != "" {
		data, err := os.ReadFile(f.path(file.Value))
		if err != nil {
			return file.Place.Fault(f.Path, "file %s: %s", file.Value, reason(err))
		}
		c, err := service.ParseCertificate(data, "")
		if err != nil {
			return file.Place.Fault(f.Path, "file %s %s", file.Value, err)
		}
		q.Certificate, q.CertificateChain = c.Leaf, c.Chain
	}
	return nil
}

// add mints the token and puts it where it is sent.
func (t *tokenConfig) add(w *World, f *File, q *exchange.Request) error {
	token := t.text
	if token == "" {
		var err error
		if token, err = w.Mint(t.request(), t.Issuer.Value); err != nil {
			return t.Place.Fault(f.Path, "token: %s", strings.TrimPrefix(err.Error(), "mint: "))
		}
	}
	w.hide(token)
	switch {
	case t.Header.Value != "" && t.Query.Value != "":
		return t.Place.Fault(f.Path, "a token is sent in a header or in a query parameter, not in both")
	case t.Header.Value != "":
		q.Header.Set(t.Header.Value, token)
	case t.Query.Value != "":
		q.OriginalURL.RawQuery = exchange.QueryAppend(q.OriginalURL.RawQuery, t.Query.Value, token)
	default:
		q.Header.Set("Authorization", "Bearer "+token)
	}
	return nil
}

func (t *tokenConfig) request() entra.MintRequest {
	return entra.MintRequest{
		Tenant: t.Tenant.Value, User: t.User.Value, App: t.App.Value, Audience: t.Audience.Value, Scope: t.Scope.Value, Roles: t.Roles,
		Version: t.Version, Claims: t.Claims, RemoveClaims: t.RemoveClaims, LifetimeSeconds: int(t.Lifetime / time.Second), Fault: t.Fault.Value,
	}
}

func thereAre(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " (there are: " + strings.Join(names, ", ") + ")"
}
