package inbox

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"time"
)

// Path is where the pages are; the JSON is at Path + ".json".
const Path = "/_local/mail"

//go:embed inbox.html
var pageText string

// policy lets a mail's own inline style through, in the page and in the frame that inherits it, and nothing else.
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// page is what the template shows: one mail, or the list when Mail is nil.
type page struct {
	Path  string
	Mails []Mail
	Mail  *Mail
}

// Frame is the mail's HTML for the frame; its links open in a tab of their own.
func (p page) Frame() string { return p.Mail.HTML + `<base target="_blank">` }

// Pages serves the list, one mail, and the JSON, each at its full path.
func (b *Inbox) Pages(zone *time.Location) http.Handler {
	templates := template.Must(template.New("inbox").Option("missingkey=error").Funcs(template.FuncMap{
		"when": func(at time.Time) string { return at.In(zone).Format("2-1-2006 15.04 uur") },
	}).Parse(pageText))

	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, func(w http.ResponseWriter, _ *http.Request) {
		show(w, templates, page{Path: Path, Mails: b.All()})
	})
	mux.HandleFunc("GET "+Path+"/{id}", func(w http.ResponseWriter, r *http.Request) {
		all := b.All()
		i := slices.IndexFunc(all, func(m Mail) bool { return m.ID == r.PathValue("id") })
		if i < 0 {
			http.NotFound(w, r)
			return
		}
		show(w, templates, page{Path: Path, Mail: &all[i]})
	})
	mux.HandleFunc("GET "+Path+".json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(append([]Mail{}, b.All()...)) // [] and never null; a reader that left needs none
	})
	return mux
}

func show(w http.ResponseWriter, templates *template.Template, p page) {
	var shown bytes.Buffer
	if err := templates.Execute(&shown, p); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", policy)
	_, _ = shown.WriteTo(w) // a reader that left needs none
}
