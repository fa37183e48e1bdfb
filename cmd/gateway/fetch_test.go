package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// fetch is a program of the scripts: a GET of a path at the gateway that runs
// with $APIMULATOR_STATE, sent with its subscription key. It prints the status
// and the body. With --chat it is a POST of the question that the demo asks.
//
//	fetch [--token FILE] [--chat] PATH
func fetch() {
	token := flag.String("token", "", "file of the access token to send")
	chat := flag.Bool("chat", false, "ask the model")
	flag.Parse()
	question := ""
	if *chat {
		question = `{"messages": [{"role": "user", "content": "I need a reliable and affordable car"}]}`
	}
	status, body, err := send(os.Getenv("APIMULATOR_STATE"), flag.Arg(0), *token, question)
	if err != nil {
		fmt.Fprintln(os.Stderr, "fetch:", err)
		os.Exit(1)
	}
	fmt.Printf("%d\n%s\n", status, body)
}

func get(state, path, tokenFile string) (int, []byte, error) { return send(state, path, tokenFile, "") }

// send sends a question, or asks by GET if there is none.
func send(state, path, tokenFile, question string) (int, []byte, error) {
	running, err := findRunning(state)
	if err != nil {
		return 0, nil, err
	}
	method := http.MethodGet
	if question != "" {
		method = http.MethodPost
	}
	request, err := http.NewRequest(method, running.Gateway+path, strings.NewReader(question))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Ocp-Apim-Subscription-Key", running.SubscriptionKey)
	if tokenFile != "" {
		token, err := os.ReadFile(tokenFile)
		if err != nil {
			return 0, nil, err
		}
		request.Header.Set("Authorization", "Bearer "+string(bytes.TrimSpace(token)))
	}
	transport := &http.Transport{TLSClientConfig: running.tls}
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// running is what the tests need of running.json.
type running struct {
	Gateway         string `json:"gateway"`
	SubscriptionKey string `json:"subscriptionKey"`
	CABundle        string `json:"caBundle"`

	tls *tls.Config // trusts the bundle
}

// findRunning reads a state folder's running.json and the bundle it names.
func findRunning(state string) (*running, error) {
	data, err := os.ReadFile(filepath.Join(state, "running.json"))
	if err != nil {
		return nil, err
	}
	var r running
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, err
	}
	bundle, err := os.ReadFile(r.CABundle)
	if err != nil {
		return nil, err
	}
	r.tls = &tls.Config{RootCAs: x509.NewCertPool()}
	if !r.tls.RootCAs.AppendCertsFromPEM(bundle) {
		return nil, fmt.Errorf("%s holds no certificate", r.CABundle)
	}
	return &r, nil
}
