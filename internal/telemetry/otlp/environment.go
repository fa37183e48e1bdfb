package otlp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// A Signal is what variables are for, as their names have it.
type Signal string

// The signals that are sent.
const (
	Traces  Signal = "TRACES"
	Metrics Signal = "METRICS"
)

// HasEndpoint reports whether a variable says where to send.
func (s Signal) HasEndpoint() bool {
	_, endpoint := s.variable("ENDPOINT")
	return endpoint != ""
}

// settings are what the variables say of one signal.
type settings struct {
	url     *url.URL
	header  http.Header
	timeout time.Duration // of one attempt
	gzip    bool
	tls     *tls.Config
}

const (
	defaultEndpoint = "http://localhost:4318"
	defaultTimeout  = 10 * time.Second
	httpProtobuf    = "http/protobuf"
)

// variable is the value of a setting and the variable that it comes from: the signal's own
// or, without a value, that of all signals.
func (s Signal) variable(setting string) (name, value string) {
	name = "OTEL_EXPORTER_OTLP_" + string(s) + "_" + setting
	if value = os.Getenv(name); value != "" {
		return name, value
	}
	name = "OTEL_EXPORTER_OTLP_" + setting
	return name, os.Getenv(name)
}

// settings reads the variables. An error names the one that can't be used, but no value that
// may be secret.
func (s Signal) settings() (*settings, error) {
	read := &settings{timeout: defaultTimeout}
	if name, protocol := s.variable("PROTOCOL"); protocol != "" && protocol != httpProtobuf {
		return nil, fmt.Errorf("%s is %s, the only protocol that is spoken here, not %q; collectors take it on port 4318", name, httpProtobuf, protocol)
	}
	switch name, compression := s.variable("COMPRESSION"); compression {
	case "", "none":
	case "gzip":
		read.gzip = true
	default:
		return nil, fmt.Errorf("%s is gzip or none, not %q", name, compression)
	}
	if name, timeout := s.variable("TIMEOUT"); timeout != "" {
		milliseconds, err := strconv.ParseInt(timeout, 10, 32)
		if err != nil || milliseconds <= 0 {
			return nil, fmt.Errorf("%s is a number of milliseconds above 0, not %q", name, timeout)
		}
		read.timeout = time.Duration(milliseconds) * time.Millisecond
	}
	var err error
	if read.url, err = s.endpoint(); err != nil {
		return nil, err
	}
	if read.header, err = s.header(); err != nil {
		return nil, err
	}
	read.tls, err = s.tls()
	return read, err
}

// endpoint is where to: the signal's own address as it is, or below that of all signals. An
// address may hold a password.
func (s Signal) endpoint() (*url.URL, error) {
	name, value := s.variable("ENDPOINT")
	own := name != "OTEL_EXPORTER_OTLP_ENDPOINT"
	if value == "" {
		value = defaultEndpoint
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%s is an address such as %s", name, defaultEndpoint)
	}
	if !own {
		u = u.JoinPath("v1", strings.ToLower(string(s)))
	}
	return u, nil
}

// header are lines for each request: name=value, with commas between, the values as in the
// path of an address.
func (s Signal) header() (http.Header, error) {
	name, value := s.variable("HEADERS")
	header := make(http.Header)
	for i, line := range strings.Split(value, ",") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		key, text, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		text, err := url.PathUnescape(strings.TrimSpace(text))
		if !ok || err != nil || !httpguts.ValidHeaderFieldName(key) || !httpguts.ValidHeaderFieldValue(text) {
			return nil, fmt.Errorf("%s is name=value,name=value with %%20 for a blank; number %d of them is not", name, i+1)
		}
		header.Set(key, text)
	}
	return header, nil
}

// tls is whom to trust and who to be, nil without files.
func (s Signal) tls() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	rootsName, roots := s.variable("CERTIFICATE")
	certificateName, certificate := s.variable("CLIENT_CERTIFICATE")
	keyName, key := s.variable("CLIENT_KEY")
	if roots == "" && certificate == "" && key == "" {
		return nil, nil
	}
	if roots != "" {
		text, err := os.ReadFile(roots)
		if err != nil {
			return nil, fmt.Errorf("%s can't be read: %w", rootsName, err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s: %s has no certificate in PEM", rootsName, roots)
		}
	}
	if (certificate == "") != (key == "") {
		return nil, fmt.Errorf("%s and %s go together", certificateName, keyName)
	}
	if certificate != "" {
		pair, err := tls.LoadX509KeyPair(certificate, key)
		if path := (*os.PathError)(nil); err != nil && !errors.As(err, &path) {
			err = errors.New("they are no certificate in PEM and its key")
		}
		if err != nil {
			return nil, fmt.Errorf("%s and %s can't be used: %w", certificateName, keyName, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}
