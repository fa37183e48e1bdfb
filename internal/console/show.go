package console

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/apimulator/apimulator/internal/trace"
)

// base is what each page has around its own content.
type base struct {
	Title string
	// Here is the entry of the menu that the page belongs to.
	Here  string
	Theme string // light, dark or "": as the system has it
	// Fault is why the last edit of the service's files is not in use; "": it is.
	Fault string
}

// themeCookie keeps the theme: no secret, and the server draws with it, so nothing flashes.
const themeCookie = "apimulator-theme"

func (p *Page) base(r *http.Request, here, title string) base {
	_, fault, _ := p.Reloads.State()
	return base{Title: title, Here: here, Theme: themeOf(r), Fault: fault}
}

func themeOf(r *http.Request) string {
	if c, err := r.Cookie(themeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// theme switches between light, dark and the system's choice.
func (p *Page) theme(w http.ResponseWriter, r *http.Request) {
	value := r.PostFormValue("theme")
	if value != "light" && value != "dark" {
		value = "system"
	}
	http.SetCookie(w, &http.Cookie{Name: themeCookie, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: 365 * 24 * 3600})
	http.Redirect(w, r, localPath(r.PostFormValue("back")), http.StatusSeeOther)
}

// localPath is a path of this page; the first one for anything else.
func localPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}

// pages are parsed when the first is shown: most starts show none.
var pages = sync.OnceValue(parsePages)

// parsePages makes a set of templates for each page, with base.html and the parts around.
func parsePages() map[string]*template.Template {
	functions := template.FuncMap{
		"elapsed": elapsed, "clock": func(t time.Time) string { return t.Format("15:04:05.000") },
		"moment": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
		"class":  statusClass, "file": path.Base, "add": func(a, b int) int { return a + b },
	}
	shared := template.Must(template.New("").Funcs(functions).ParseFS(files, "pages/base.html", "pages/parts.html"))
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		panic(err) // the pattern is good
	}
	all := make(map[string]*template.Template)
	for _, name := range names {
		key := strings.TrimSuffix(path.Base(name), ".html")
		if key != "base" && key != "parts" {
			all[key] = template.Must(template.Must(shared.Clone()).ParseFS(files, name))
		}
	}
	return all
}

// show writes a page.
func show(w http.ResponseWriter, status int, page string, data any) {
	var b bytes.Buffer
	if err := pages()[page].ExecuteTemplate(&b, "base.html", data); err != nil {
		http.Error(w, "the page can't be drawn, which is the emulator's fault: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // an error is the browser's going away
}

// message is a page that says one thing.
type message struct {
	base
	Text string
	// Next is where to go from here, and Label what it is called.
	Next, Label string
	// Refresh leads there by itself.
	Refresh bool
	// Link says how to get in.
	Link bool
}

func (p *Page) fail(w http.ResponseWriter, r *http.Request, status int, format string, args ...any) {
	show(w, status, "message", message{base: p.base(r, "", http.StatusText(status)), Text: fmt.Sprintf(format, args...), Next: "/", Label: "All requests"})
}

// SignedIn leads a browser on that has just got its cookie: by a page of its own, since the
// cookie does not go with a redirect that another site began.
func (p *Page) SignedIn(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	show(w, http.StatusOK, "message", message{base: base{Title: "Signed in", Theme: themeOf(r)}, Text: "This browser may see the emulator's page until it ends.", Next: "/", Label: "Go on", Refresh: true})
}

// Refuse tells a browser without the cookie how to get it.
func (p *Page) Refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	protect(w.Header())
	show(w, status, "message", message{base: base{Title: http.StatusText(status), Theme: themeOf(r)}, Text: why, Link: true})
}

// asset serves a style sheet, the script or the icon.
func (p *Page) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	data, err := files.ReadFile("assets/" + path.Base(name))
	if err != nil {
		p.fail(w, r, http.StatusNotFound, "There is no file %s.", name)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	_, _ = w.Write(data)
}

// elapsed is a time as people read it.
func elapsed(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%d µs", d.Microseconds())
}

// statusClass is a status as a class of the style sheet.
func statusClass(status int) string {
	if status < 100 || status > 599 {
		return "s0"
	}
	return fmt.Sprintf("s%d", status/100)
}

// pathOf is a record's path and query.
func pathOf(r *trace.Record) string {
	_, rest, _ := strings.Cut(r.URL, "://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return "/"
}

// place is file:line, the file without its folders; "" for what stands in none.
func place(s *trace.Step) string {
	if s.Document == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", path.Base(strings.ReplaceAll(s.Document, `\`, "/")), s.Line)
}
