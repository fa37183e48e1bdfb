package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/apimulator/apimulator/internal/emulator"
	"github.com/apimulator/apimulator/internal/entra"
	"github.com/apimulator/apimulator/internal/trace"
)

// Prompt is what the demo asks.
const Prompt = "I need a reliable and affordable car"

// rowTimeout bounds one row.
const rowTimeout = 30 * time.Second

// Runner runs rows against an emulator.
type Runner struct {
	emulator *emulator.Emulator
	client   *http.Client
	records  chan *trace.Record
	tokens   map[string]string // by scope
}

// Start starts an emulator with the demo's service. Close ends it.
func Start(state string) (*Runner, error) {
	r := &Runner{records: make(chan *trace.Record, 16), tokens: make(map[string]string)}
	var err error
	r.emulator, err = emulator.Start(emulator.Config{
		Seed: "demo.yaml", State: state, AutoSignIn: true,
		Finished: func(record *trace.Record) {
			select {
			case r.records <- record:
			default: // nobody runs a row
			}
		},
	})
	if err != nil {
		return nil, err
	}
	r.client = r.emulator.HTTPClient()
	return r, nil
}

// Close ends the emulator.
func (r *Runner) Close() error {
	r.client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), rowTimeout)
	defer cancel()
	return r.emulator.Close(ctx)
}

// Emulator is the one the rows run against.
func (r *Runner) Emulator() *emulator.Emulator { return r.emulator }

// Run runs one row. Its error means that the row could not be run at all.
func (r *Runner) Run(ctx context.Context, row Row) (*Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, rowTimeout)
	defer cancel()
	request, err := r.request(ctx, row)
	if err != nil {
		return nil, fmt.Errorf("row %s: %w", row.Name, err)
	}
	response, err := r.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("row %s: %w", row.Name, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("row %s: %w", row.Name, err)
	}
	o := &Outcome{Row: row, Status: response.StatusCode, Headers: make(map[string]string), Body: string(body), Deviations: []string{}}
	for name := range row.Expect.Headers {
		o.Headers[name] = response.Header.Get(name)
	}
	select {
	case record := <-r.records:
		if record.LastError != nil {
			o.Reason = record.LastError.Reason
		}
		o.Why = why(record)
	case <-ctx.Done():
		return nil, fmt.Errorf("row %s: the gateway recorded no request", row.Name)
	}
	o.judge(r.emulator.Gateway())
	return o, nil
}

// why is what the trace says decided a request.
func why(record *trace.Record) string {
	d := record.Deciding()
	switch {
	case d == nil:
		return ""
	case d.Detail != "":
		return d.Detail
	}
	return d.Message
}

func (r *Runner) request(ctx context.Context, row Row) (*http.Request, error) {
	body, err := json.Marshal(map[string]any{
		"messages": []map[string]string{{"role": "user", "content": Prompt}},
		"stream":   row.Stream,
	})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.emulator.Gateway()+row.Path+"?"+apiVersion, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if err := r.addKey(request, row); err != nil {
		return nil, err
	}
	token, err := r.token(ctx, row.Token)
	if err != nil {
		return nil, err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return request, nil
}

func (r *Runner) addKey(request *http.Request, row Row) error {
	key := "no-subscription-has-this-key"
	switch row.Key {
	case none:
		return nil
	case wrong:
	default:
		if key = r.emulator.Key(row.Key); key == "" {
			return fmt.Errorf("there is no subscription %q", row.Key)
		}
	}
	switch row.KeyIn {
	case "header":
		request.Header.Set("Ocp-Apim-Subscription-Key", key)
	case "query":
		request.URL.RawQuery += "&subscription-key=" + key
	default:
		return fmt.Errorf("keyIn is header or query, not %q", row.KeyIn)
	}
	return nil
}

// token is what a row sends: a token from a sign-in, or one that was minted with
// a fault.
func (r *Runner) token(ctx context.Context, kind string) (string, error) {
	switch kind {
	case none:
		return "", nil
	case text:
		return "not.a.token", nil
	case signedIn:
		return r.signIn(ctx, r.emulator.ClientID()+"/.default")
	case graph:
		return r.signIn(ctx, "https://graph.microsoft.com/.default")
	}
	return r.emulator.MintToken(entra.MintRequest{User: "alice@contoso.onmicrosoft.com", Audience: r.emulator.ClientID(), Fault: kind})
}

// signIn is a token by MSAL and the code flow, asked for once per scope.
func (r *Runner) signIn(ctx context.Context, scope string) (string, error) {
	if r.tokens[scope] == "" {
		token, err := signIn(ctx, r.emulator, r.client, scope)
		if err != nil {
			return "", err
		}
		r.tokens[scope] = token
	}
	return r.tokens[scope], nil
}
