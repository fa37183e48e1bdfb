package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

const (
	// maxPages is how many pages a sign-in at an emulator may have.
	maxPages = 10
	// maxPage is the largest of them, in bytes.
	maxPage = 1 << 20
)

// walkSignIn does what a person would do in a browser at an emulated authority:
// it opens the authorize URL and sends the first form of each page on, until one
// has gone to the redirect URI, where MSAL waits for it. It never leaves this
// machine.
func walkSignIn(ctx context.Context, transport http.RoundTripper, authorizeURL string) error {
	at, err := url.Parse(authorizeURL)
	if err != nil {
		return err
	}
	redirectURI, err := url.Parse(at.Query().Get("redirect_uri"))
	if err != nil {
		return err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	browser := &http.Client{Transport: transport, Jar: jar, Timeout: authorityTimeout, CheckRedirect: stayHere}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, authorizeURL, nil)
	if err != nil {
		return err
	}
	for range maxPages {
		if !isLoopback(request.URL) {
			return failed("sign-in failed: the emulator's page leads to %s, away from this machine", request.URL.Host)
		}
		page, response, err := openPage(browser, request)
		switch {
		case err != nil:
			return err
		case request.Method == http.MethodPost && request.URL.Scheme == redirectURI.Scheme && request.URL.Host == redirectURI.Host:
			return nil // MSAL knows now, also of an error
		case response.StatusCode != http.StatusOK:
			return pageFailure(response.Status, page)
		}
		form, found := firstForm(response.Request.URL, page)
		if !found {
			return failed("sign-in failed: the page of %s has no form to send: use --browser", request.URL.Host)
		}
		if request, err = form.request(ctx); err != nil {
			return err
		}
	}
	return failed("sign-in failed: %d pages did not lead to the end: use --browser", maxPages)
}

// openPage gives a page with the response it came in, whose body is closed.
func openPage(browser *http.Client, request *http.Request) ([]byte, *http.Response, error) {
	response, err := browser.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	page, err := readAllAtMost(response.Body, maxPage)
	if err != nil {
		return nil, nil, failed("sign-in failed: the page of %s: %v", request.URL.Host, err)
	}
	return page, response, nil
}

// stayHere follows redirects on this machine only.
func stayHere(request *http.Request, via []*http.Request) error {
	if !isLoopback(request.URL) {
		return failed("sign-in failed: the emulator's page leads to %s, away from this machine", request.URL.Host)
	}
	if len(via) >= maxPages {
		return failed("sign-in failed: more than %d redirects", maxPages)
	}
	return nil
}

// form is an HTML form, filled in.
type form struct {
	method string
	action *url.URL
	fields url.Values
}

func (f form) request(ctx context.Context) (*http.Request, error) {
	if f.method != http.MethodPost {
		to := *f.action
		to.RawQuery = f.fields.Encode()
		return http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.action.String(), strings.NewReader(f.fields.Encode()))
	if err == nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return request, err
}

// firstForm is the first form of a page, as its first button would send it.
func firstForm(location *url.URL, page []byte) (form, bool) {
	document, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return form{}, false
	}
	for node := range document.Descendants() {
		if node.Type != html.ElementNode || node.Data != "form" {
			continue
		}
		action, err := location.Parse(attribute(node, "action"))
		if err != nil {
			return form{}, false
		}
		return form{strings.ToUpper(attribute(node, "method")), action, formFields(node)}, true
	}
	return form{}, false
}

// formFields are the named inputs of a form, and its first button.
func formFields(node *html.Node) url.Values {
	fields := url.Values{}
	pressed := false
	for input := range node.Descendants() {
		if input.Type != html.ElementNode || input.Data != "input" && input.Data != "button" {
			continue
		}
		kind := strings.ToLower(attribute(input, "type"))
		if kind == "submit" || input.Data == "button" && kind == "" {
			if pressed {
				continue
			}
			pressed = true
		} else if input.Data == "button" || kind == "checkbox" || kind == "radio" {
			continue
		}
		if name := attribute(input, "name"); name != "" {
			fields.Add(name, attribute(input, "value"))
		}
	}
	return fields
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
