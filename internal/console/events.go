package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/apimulator/apimulator/internal/trace"
)

// events tells a page what happens, as server-sent events: rows, the requests that its
// filter picks, and reload, when the service has been read again.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	picks := filterOf(r.URL.Query())
	records, stop := p.Recorder.Follow()
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	_, _, changed := p.Reloads.State()
	flush := http.NewResponseController(w).Flush
	for err := flush(); err == nil; err = flush() {
		select {
		case <-r.Context().Done():
			return
		case <-p.Closing:
			return
		case <-changed:
			var fault string
			_, fault, changed = p.Reloads.State()
			err = event(w, "reload", map[string]string{"fault": fault})
		case record := <-records:
			err = rowsEvent(w, &picks, record, records)
		}
		if err != nil {
			return
		}
	}
}

// rowsEvent sends a record and those that wait behind it as rows, the newest first.
func rowsEvent(w http.ResponseWriter, picks *filter, record *trace.Record, waiting <-chan *trace.Record) error {
	var rows []listRow
	for more := true; more; {
		if picks.picks(record) {
			rows = append([]listRow{newListRow(record)}, rows...)
		}
		select {
		case record = <-waiting:
		default:
			more = false
		}
	}
	if len(rows) == 0 {
		return nil
	}
	rows = rows[:min(len(rows), pageRows)]
	var b bytes.Buffer
	if err := pages()["list"].ExecuteTemplate(&b, "rows", rows); err != nil {
		return err
	}
	return event(w, "rows", map[string]string{"html": b.String()})
}

func event(w http.ResponseWriter, name string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, text)
	return err
}
