package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/trace"
	"github.com/apimulator/apimulator/policy/exchange"
)

// replay sends a request again, against the policies as they are now, and shows both
// traces.
func (p *Page) replay(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	raw, record := p.Recorder.Raw(id), p.Recorder.Find(id)
	if raw == nil || record == nil {
		p.fail(w, r, http.StatusNotFound, "This request is not kept any more, so it can't be sent again.")
		return
	}
	if !raw.Whole {
		p.fail(w, r, http.StatusConflict, "The body of this request did not come whole, or was too large to be kept, so it can't be sent again.")
		return
	}
	again, err := p.Send(r.Context(), p.again(raw, record))
	if err != nil {
		p.fail(w, r, http.StatusServiceUnavailable, "The request could not be sent again: %s.", err)
		return
	}
	http.Redirect(w, r, "/compare?"+url.Values{"before": {id}, "after": {again}}.Encode(), http.StatusSeeOther)
}

// again is a request to send again. A token of the emulated Entra ID that has expired since
// is minted anew.
func (p *Page) again(raw *trace.Raw, record *trace.Record) exchange.Request {
	q := exchange.Request{
		Method: raw.Method, OriginalURL: raw.URL, Header: exchange.NewHeader(slices.Clone(raw.Header)...), ClientIP: raw.ClientIP, Certificate: raw.Certificate,
	}
	if raw.Body != nil {
		q.Body = exchange.BytesBody(slices.Clone(raw.Body))
	}
	token := tokenOf(raw)
	fresh, ok := "", false
	if token.given() {
		fresh, ok = p.renewed(token.text, record.Time)
	}
	switch {
	case ok && token.header != "":
		value, _ := q.Header.Get(token.header)
		q.Header.Set(token.header, strings.ReplaceAll(value, token.text, fresh))
	case ok:
		q.OriginalURL.RawQuery = strings.ReplaceAll(q.OriginalURL.RawQuery, token.text, fresh)
	}
	return q
}
