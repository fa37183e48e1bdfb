package console

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/trace"
)

// ofConnection are header lines that a client writes by itself.
var ofConnection = []string{"Host", "Content-Length", "Connection", "Transfer-Encoding", "Accept-Encoding", "Keep-Alive", "TE", "Upgrade"}

func isOfConnection(name string) bool {
	return slices.ContainsFunc(ofConnection, func(other string) bool { return strings.EqualFold(name, other) })
}

// hole stands around a shell variable's name in a text that is to be quoted.
const hole = "\x00"

// curl is the request as a command for a shell, with $TOKEN and $KEY in the place of
// secrets.
func (p *Page) curl(raw *trace.Raw) string {
	token := tokenOf(raw)
	key, _ := keyOf(raw, p.Service())
	hide := func(text string) string {
		if token.given() {
			text = strings.ReplaceAll(text, token.text, hole+"TOKEN"+hole)
		}
		if key.given() {
			text = strings.ReplaceAll(text, key.text, hole+"KEY"+hole)
		}
		return text
	}
	lines := []string{"curl -i"}
	if p.Bundle != "" && raw.URL.Scheme == "https" {
		lines[0] += " --cacert " + quoted(p.Bundle)
	}
	if to := p.elsewhere(raw); to != "" {
		lines[0] += " --connect-to " + quoted(to)
	}
	if raw.Method != "GET" && !(raw.Method == "POST" && len(raw.Body) > 0) {
		lines[0] += " -X " + quoted(raw.Method)
	}
	lines = append(lines, quoted(curlURL(raw, hide)))
	for _, f := range raw.Header {
		if isOfConnection(f.Name) {
			continue
		}
		shown := raw.ShownHeader(f.Name, f.Value)
		if isOnly(f.Value, token.text) || isOnly(f.Value, key.text) {
			shown = hide(f.Value)
		}
		lines = append(lines, "-H "+quoted(f.Name+": "+shown))
	}
	if len(raw.Body) > 0 {
		lines = append(lines, "--data-raw "+quoted(raw.ShownBody(raw.Body)))
	}
	return strings.Join(lines, " \\\n  ")
}

// isOnly reports whether a header line's value is a secret and nothing else but a scheme.
func isOnly(value, secret string) bool {
	rest, found := strings.CutSuffix(value, secret)
	return found && secret != "" && !strings.Contains(strings.TrimSuffix(rest, " "), " ")
}

// curlURL is the address, secret parameters masked but for those that are variables.
func curlURL(raw *trace.Raw, hide func(string) string) string {
	u := raw.URL
	var query []string
	for _, q := range queryOf(raw) {
		if shown := hide(q.value); strings.HasPrefix(shown, hole) && strings.HasSuffix(shown, hole) {
			query = append(query, q.name+"="+shown)
			continue
		}
		one := u
		one.RawQuery = q.written
		_, masked, _ := strings.Cut(raw.ShownURL(one), "?")
		query = append(query, masked)
	}
	u.RawQuery = ""
	address := raw.Mask(u.String())
	if len(query) > 0 {
		address += "?" + strings.Join(query, "&")
	}
	return address
}

// elsewhere is how to reach the gateway under a name that leads elsewhere; "" if it is
// reached by its own.
func (p *Page) elsewhere(raw *trace.Raw) string {
	host := raw.URL.Host
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return ""
	}
	return fmt.Sprintf("%s:%d:%s", host, raw.URL.Port, strings.TrimPrefix(p.Gateway, "https://"))
}

// quoted is a text as one word of a shell, with the variables in it.
func quoted(text string) string {
	var b strings.Builder
	for i, piece := range strings.Split(text, hole) {
		switch {
		case i%2 == 1:
			b.WriteString(`"$` + piece + `"`)
		case piece != "" || text == "":
			b.WriteString("'" + strings.ReplaceAll(piece, "'", `'\''`) + "'")
		}
	}
	return b.String()
}
