package main

import (
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// bareProxy is what all is measured against: httputil.ReverseProxy as one writes it, that
// does nothing else.
func bareProxy(backend string) http.Handler {
	target := &url.URL{Scheme: "http", Host: backend}
	return &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target) },
		FlushInterval: -1,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 256},
	}
}

func serveHTTP(listen string, h http.Handler) error {
	if err := http.ListenAndServe(listen, h); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
