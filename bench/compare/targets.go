package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// world is what the targets' configurations are made of.
type world struct {
	root    string // the repository
	self    string // this program
	gateway string // the gateway's program
	oauth2  string // oauth2-proxy's; "" if it was not built
	krakend string // KrakenD's; the same
	dir     string // for files
	backend string // host:port
	stub    *stub
}

// targets are all there are, the bare proxy first.
func (w *world) targets() []*target {
	service := w.service("    operations:\n      - {name: get, method: GET, urlTemplate: /*}\n")
	own := func(mode string) func(string) ([]string, []string, error) {
		return func(listen string) ([]string, []string, error) {
			return []string{w.self, "-serve", mode, "-listen", listen, "-backend", w.backend, "-issuer", w.stub.url}, nil, nil
		}
	}
	return []*target{
		{name: bare, work: "proxy only", events: true, command: own("bare")},
		{name: apimulator, work: "full", jwt: true, full: true, events: true, command: w.apimulator("service", service)},
		{name: "HAProxy", work: "key, JWT, 2 headers", jwt: true, full: true, events: true, command: w.haproxy},
		{name: "Go, by hand", work: "key, JWT (golang-jwt), 2 headers", jwt: true, full: true, events: true, command: own("jwt")},
		{name: "oauth2-proxy", work: "JWT", jwt: true, command: w.oauth2proxy},
		{name: "KrakenD", work: "JWT, 1 header", jwt: true, command: w.krakenD},
		{name: "nginx", work: "proxy only", events: true, command: w.nginx},
		{name: "byte relay", work: "none: the limit", command: own("relay")},
	}
}

// The targets that rows name.
const (
	bare       = "bare ReverseProxy"
	apimulator = "apimulator"
)

// policy is the full work of the seed's flow with an expression.
const policy = `<policies>
    <inbound>
        <base />
        <validate-jwt header-name="Authorization" failed-validation-httpcode="401" output-token-variable-name="jwt">
            <openid-config url="ISSUER/.well-known/openid-configuration" />
            <audiences><audience>AUDIENCE</audience></audiences>
            <issuers><issuer>ISSUER</issuer></issuers>
        </validate-jwt>
        <set-header name="X-User" exists-action="override">
            <value>@(((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("oid", ""))</value>
        </set-header>
        <authentication-managed-identity resource="api://backend" />
    </inbound>
    <backend><base /></backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>
`

// service is an apim.yaml of one API, with the lines that say its operations.
func (w *world) service(operations string) string {
	return "apis:\n  - name: bench\n    path: \"\"\n    backend: http://" + w.backend + "\n    policy: policy.xml\n" + operations +
		"products:\n  - {name: bench, apis: [bench]}\nsubscriptions:\n  - {name: bench, product: bench, primaryKey: " + apiKey + "}\n"
}

// write puts a file into the folder of files, and gives its path.
func (w *world) write(name, text string) (string, error) {
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, []byte(text), 0o600)
}

// apimulator is `gateway serve` with nothing but the gateway: issuer, identity and backend
// stand elsewhere.
func (w *world) apimulator(name, service string) func(string) ([]string, []string, error) {
	return func(listen string) ([]string, []string, error) {
		path, err := w.write(name+"/apim.yaml", service)
		if err != nil {
			return nil, nil, err
		}
		document := strings.NewReplacer("ISSUER", w.stub.url, "AUDIENCE", audience).Replace(policy)
		if _, err := w.write(name+"/policy.xml", document); err != nil {
			return nil, nil, err
		}
		return []string{w.gateway, "serve", path, "--http", listen, "--listen", "127.0.0.1:0", "--gateway-only", "--trace-rate", "off", "--identity", "environment", "--state", filepath.Join(w.dir, name, "state")},
			[]string{"IDENTITY_ENDPOINT=" + w.stub.url + "/msi/token", "IDENTITY_HEADER=bench"}, nil
	}
}

const haproxyConfig = `global
  nbthread 1
  maxconn 2000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
  option http-no-delay
frontend clients
  bind LISTEN
  http-request return status 401 content-type application/json string "{}" unless { req.hdr(Ocp-Apim-Subscription-Key) -m str KEY }
  http-request set-var(txn.bearer) http_auth_bearer
  http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
  http-request set-var(txn.exp) var(txn.bearer),jwt_payload_query('$.exp','int')
  http-request set-var(txn.now) date()
  http-request return status 401 content-type application/json string "{}" unless { var(txn.alg) -m str RS256 }
  http-request return status 401 content-type application/json string "{}" unless { var(txn.bearer),jwt_payload_query('$.iss') -m str ISSUER }
  http-request return status 401 content-type application/json string "{}" unless { var(txn.bearer),jwt_payload_query('$.aud') -m str AUDIENCE }
  http-request return status 401 content-type application/json string "{}" unless { var(txn.exp),sub(txn.now) -m int gt 0 }
  http-request return status 401 content-type application/json string "{}" unless { var(txn.bearer),jwt_verify(txn.alg,"PEM") -m int 1 }
  http-request set-header X-User %[var(txn.bearer),jwt_payload_query('$.oid')]
  http-request set-header Authorization "Bearer IDENTITY"
  default_backend servers
backend servers
  server one BACKEND
`

func (w *world) haproxy(listen string) ([]string, []string, error) {
	program := installed("haproxy")
	if program == "" {
		return nil, nil, fmt.Errorf("haproxy is not installed (Debian's package haproxy)")
	}
	pem, err := w.stub.publicKey()
	if err != nil {
		return nil, nil, err
	}
	key, err := w.write("haproxy/issuer.pem", string(pem))
	if err != nil {
		return nil, nil, err
	}
	path, err := w.write("haproxy/haproxy.cfg", strings.NewReplacer("LISTEN", listen, "KEY", apiKey, "ISSUER", w.stub.url, "AUDIENCE", audience,
		"PEM", key, "IDENTITY", identityToken, "BACKEND", w.backend).Replace(haproxyConfig))
	return []string{program, "-db", "-f", path}, nil, err
}

const nginxConfig = `daemon off;
master_process off;
pid DIR/nginx.pid;
error_log stderr;
events { worker_connections 2000; }
http {
  access_log off;
  client_body_temp_path DIR/body; proxy_temp_path DIR/proxy; fastcgi_temp_path DIR/fastcgi; uwsgi_temp_path DIR/uwsgi; scgi_temp_path DIR/scgi;
  keepalive_requests 100000000;
  upstream servers { server BACKEND; keepalive 256; keepalive_requests 100000000; }
  server {
    listen LISTEN;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / { proxy_pass http://servers; }
    location /events/ { proxy_buffering off; proxy_pass http://servers; }
  }
}
`

func (w *world) nginx(listen string) ([]string, []string, error) {
	program := installed("nginx")
	if program == "" {
		return nil, nil, fmt.Errorf("nginx is not installed (Debian's package nginx-light)")
	}
	dir := filepath.Join(w.dir, "nginx")
	path, err := w.write("nginx/nginx.conf", strings.NewReplacer("LISTEN", listen, "DIR", dir, "BACKEND", w.backend).Replace(nginxConfig))
	return []string{program, "-p", dir, "-c", path}, nil, err
}

func (w *world) oauth2proxy(listen string) ([]string, []string, error) {
	if w.oauth2 == "" {
		return nil, nil, fmt.Errorf("oauth2-proxy was not built: its Go module is not reached from here")
	}
	return []string{w.oauth2, "--http-address", listen, "--upstream", "http://" + w.backend, "--provider", "oidc", "--oidc-issuer-url", w.stub.url,
		"--client-id", audience, "--client-secret", "none", "--cookie-secret", strings.Repeat("c", 32), "--email-domain", "*",
		"--skip-jwt-bearer-tokens", "--api-route", "^/", "--redirect-url", "http://" + listen + "/oauth2/callback",
		"--request-logging=false", "--auth-logging=false", "--standard-logging=false", "--flush-interval", "1ms"}, nil, nil
}

// krakenDConfig has the token's keys cached, and the body passed on as it comes.
const krakenDConfig = `{
  "version": 3, "name": "bench", "listen_ip": "HOST", "port": PORT, "timeout": "30s", "cache_ttl": "0s",
  "endpoints": [{
    "endpoint": "/", "method": "GET", "output_encoding": "no-op", "input_headers": ["*"],
    "backend": [{"host": ["http://BACKEND"], "url_pattern": "/", "encoding": "no-op"}],
    "extra_config": {"github.com/devopsfaith/krakend-jose/validator": {
      "alg": "RS256", "jwk_url": "ISSUER/keys", "disable_jwk_security": true, "cache": true,
      "issuer": "ISSUER", "audience": ["AUDIENCE"], "propagate_claims": [["oid", "x-user"]]
    }}
  }]
}
`

func (w *world) krakenD(listen string) ([]string, []string, error) {
	if w.krakend == "" {
		return nil, nil, fmt.Errorf("KrakenD was not built: its Go modules are not reached from here")
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, nil, err
	}
	path, err := w.write("krakend/krakend.json", strings.NewReplacer("HOST", host, "PORT", port, "BACKEND", w.backend, "ISSUER", w.stub.url, "AUDIENCE", audience).Replace(krakenDConfig))
	return []string{w.krakend, path}, nil, err
}

// serveOwn is this program as a target.
func serveOwn(mode, listen, backend, issuer string) error {
	if _, _, err := net.SplitHostPort(backend); err != nil {
		return fmt.Errorf("-backend: %w", err)
	}
	switch mode {
	case "bare":
		return serveHTTP(listen, bareProxy(backend))
	case "jwt":
		h, err := jwtProxy(backend, issuer)
		if err != nil {
			return err
		}
		return serveHTTP(listen, h)
	case "relay":
		return serveRelay(listen, backend)
	}
	return fmt.Errorf("-serve is bare, jwt or relay, not %q", mode)
}
